// A network as one file that draws its maps, an input for it, and what camlab computes of the same.
import { exportGraph } from "../../../../src/kernel-helpers/cam/export/export-graph.js";
import type { Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import { fillInput } from "../../../../src/kernel-helpers/images/input/fill-input.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import type { LinearSvm } from "../../../../src/kernel-helpers/svm/linear-svm.js";
import { expectedOf, type Expected } from "./compare.js";

/** An exported network, and what comes out of it for one picture. */
export interface ExportedCase {
  readonly graph: Graph;
  readonly input: { readonly type: "uint8" | "float32"; readonly dims: readonly number[]; readonly data: Uint8Array };
  readonly expected: Expected;
  /** How many maps there are. */
  readonly maps: number;
}

/** A picture's pixels at a network's own size: broad waves and a little noise. */
export function pixelsFor({ preprocessing: { width, height } }: Network, seed: string): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from(
    { length: 3 * width * height },
    (_, i) => 128 + 90 * Math.sin(i / 700 + (i % 3)) + 30 * random(),
  );
}

/** The outputs that an export of a network should have for these pixels. */
export async function expectedOfPixels(
  network: Network,
  pixels: Uint8Array,
  rows: readonly number[],
  probe?: LinearSvm,
): Promise<Expected> {
  const batch = new Float32Array(pixels.length);
  fillInput(batch, 0, pixels, network.preprocessing);
  return expectedOf(network, batch, 1, rows, probe);
}

/** Exports a network with heat maps, some classes' or all. */
export async function exportedCase(
  network: Network,
  options: { readonly pixels: boolean; readonly rows?: readonly number[]; readonly probe?: LinearSvm },
): Promise<ExportedCase> {
  const { pixels, probe } = options;
  const rows = options.rows ?? (probe ?? network).classes.map((_, row) => row);
  const graph = await exportGraph(network, { probe, classes: rows, heat: true, pixels });
  const bytes = pixelsFor(network, network.name);
  const { width, height } = network.preprocessing;
  const batch = new Float32Array(bytes.length);
  fillInput(batch, 0, bytes, network.preprocessing);
  return {
    graph,
    input: pixels
      ? { type: "uint8", dims: [1, height, width, 3], data: bytes }
      : { type: "float32", dims: [1, 3, height, width], data: new Uint8Array(batch.buffer) },
    expected: await expectedOfPixels(network, bytes, rows, probe),
    maps: rows.length,
  };
}
