// What cells of a network's feature maps really see: where the gradient of a cell with respect to the input is not 0.
import type { Box } from "../../src/index.js";
import { createOnnxRuntimeEngine } from "../../src/kernel-helpers/engines/onnxruntime.js";
import { gradientName, gradientOf } from "../../src/kernel-helpers/graph/gradient/gradient-of.js";
import type { Graph } from "../../src/kernel-helpers/graph/onnx/graph.js";
import { seededRandom } from "../../src/kernel-helpers/support/random.js";
import { writeGraph } from "../../src/kernel-helpers/graph/onnx/write-graph.js";

/** A cell of feature maps: column and row, from 0. */
export type Cell = readonly [column: number, row: number];

/** What is measured. */
export interface MeasureFieldOptions {
  /** The feature maps. */
  readonly value: string;
  /** Channels, columns and rows of the feature maps. */
  readonly maps: { readonly channels: number; readonly width: number; readonly height: number };
  readonly cells: readonly Cell[];
  /** Random inputs whose supports are united: a maximum hides all but one pixel of its window, a ReLU what is negative. */
  readonly inputs: number;
  readonly seed?: number;
}

/**
 * The smallest box around all input pixels on which any channel of a cell depends, over several random inputs: what a cell
 * sees as measured, in pixels of the input; undefined for a cell that no gradient reaches.
 */
export async function measuredFields(
  graph: Graph,
  { value, maps, cells, inputs, seed = 0 }: MeasureFieldOptions,
): Promise<(Box | undefined)[]> {
  const [input] = graph.inputs;
  const [, , height, width] = input.dims as number[];
  const backward = gradientOf(graph, { output: value, withRespectTo: input.name, seed: "seed_of_cell", outputs: [] });
  using engine = await createOnnxRuntimeEngine(writeGraph(backward), { device: "cpu" });
  const random = seededRandom(`fields ${seed}`);
  const area = maps.width * maps.height;
  const found = cells.map(() => ({ left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }));
  for (let i = 0; i < inputs; i++) {
    const image = Float32Array.from({ length: 3 * height * width }, () => 4 * random() - 2);
    for (const [c, [column, row]] of cells.entries()) {
      const data = new Float32Array(maps.channels * area);
      // Channels of unlike weight: no two paths cancel.
      for (let k = 0; k < maps.channels; k++) data[k * area + row * maps.width + column] = 0.5 + random();
      const { [gradientName(input.name)]: gradient } = await engine.run({
        [input.name]: { dims: [1, 3, height, width], data: image },
        seed_of_cell: { dims: [1, maps.channels, maps.height, maps.width], data },
      });
      const box = found[c];
      gradient.data.forEach((value, at) => {
        if (value === 0) return;
        const [x, y] = [at % width, Math.floor(at / width) % height];
        box.left = Math.min(box.left, x);
        box.right = Math.max(box.right, x + 1);
        box.top = Math.min(box.top, y);
        box.bottom = Math.max(box.bottom, y + 1);
      });
    }
  }
  return found.map(({ left, top, right, bottom }) =>
    right > left ? { x: left, y: top, width: right - left, height: bottom - top } : undefined,
  );
}

/** The corners, the middle, and a cell between. */
export function someCells({ width, height }: { readonly width: number; readonly height: number }): Cell[] {
  const cells: Cell[] = [
    [0, 0],
    [width - 1, height - 1],
    [width >> 1, height >> 1],
    [width >> 2, height - 1 - (height >> 2)],
  ];
  return cells.filter(([x, y], i) => cells.findIndex(([a, b]) => a === x && b === y) === i);
}
