import { makeGraph } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { gradientName, gradientOf } from "../../../../src/kernel-helpers/graph/gradient/gradient-of.js";
import type { Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import { elementCount } from "../../../../src/kernel-helpers/graph/onnx/tensor.js";
import { writeGraph } from "../../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { Builder, type Result } from "../build-graph.js";

/** A network of an input "x" and what `tail` adds; the value that it returns is the output. */
export interface Case {
  readonly tail: (builder: Builder, x: string) => string;
  /** Sizes of one image; 3×6×7 unless given. */
  readonly dims?: readonly number[];
  /** The image's numbers lie between these; −2 and 2 unless given. */
  readonly range?: readonly [number, number];
  readonly opset?: number;
}

const STEP = 1e-3;

/**
 * The largest difference between a gradient and central differences of what ONNX Runtime computes, relative to the
 * largest gradient, on two images at once with different random seeds. No two numbers of an image lie closer than the
 * step and none lies on a whole number, so that kinks and ties stay out of the way.
 */
export async function differenceToFiniteDifferences(given: Case): Promise<number> {
  const { dims = [3, 6, 7], opset = 13 } = given;
  const builder = new Builder();
  const output = given.tail(builder, "x");
  const graph = makeGraph({
    inputs: [{ name: "x", dims: ["N", ...dims] }],
    outputs: [{ name: output }],
    nodes: builder.nodes,
    initializers: builder.initializers,
    opset,
  });
  const size = elementCount(dims);
  const images = [0, 1].flatMap((image) => scattered(size, given.range ?? [-2, 2], `image ${image}`));
  const plain = await feed(graph, { x: { data: Float32Array.from(images), dims: [2, ...dims] } });
  const outputDims = plain[output].dims;
  const random = seededRandom("seed");
  const seed = Float32Array.from(plain[output].data, () => random() * 2 - 1);
  const found = await feed(gradientOf(graph, { output, withRespectTo: "x", outputs: [] }), {
    x: { data: Float32Array.from(images), dims: [2, ...dims] },
    seed: { data: seed, dims: outputDims },
  });
  const expected = await centralDifferences(graph, output, images, dims, seed);
  const actual = found[gradientName("x")].data;
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i])), 0) / largest;
}

/** All pairs of shifted images in one batch. */
async function centralDifferences(
  graph: Graph,
  output: string,
  images: readonly number[],
  dims: readonly number[],
  seed: Float32Array,
): Promise<number[]> {
  const size = elementCount(dims);
  const shifted = new Float32Array(4 * size * size);
  for (let i = 0; i < 2 * size; i++) {
    const image = images.slice(i < size ? 0 : size, i < size ? size : 2 * size);
    for (const side of [0, 1]) {
      const moved = [...image];
      moved[i % size] += side === 0 ? -STEP : STEP;
      shifted.set(moved, (2 * i + side) * size);
    }
  }
  const result = (await feed(graph, { x: { data: shifted, dims: [4 * size, ...dims] } }))[output].data;
  const per = seed.length / 2;
  const loss = (row: number, image: number) => {
    let sum = 0;
    for (let j = 0; j < per; j++) sum += result[row * per + j] * seed[image * per + j];
    return sum;
  };
  return Array.from({ length: 2 * size }, (_, i) => {
    const image = i < size ? 0 : 1;
    const width = Math.fround(images[i] + STEP) - Math.fround(images[i] - STEP);
    return (loss(2 * i + 1, image) - loss(2 * i, image)) / width;
  });
}

/** Numbers at even distances in a seeded order. */
function scattered(count: number, [from, to]: readonly [number, number], seed: string): number[] {
  const random = seededRandom(seed);
  const list = Array.from({ length: count }, (_, i) => from + ((to - from) * (i + 0.37)) / count);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

/** Runs a graph with several inputs with ONNX Runtime on the CPU. */
export async function feed(
  graph: Graph,
  inputs: Readonly<Record<string, { readonly data: Float32Array; readonly dims: readonly number[] }>>,
): Promise<Record<string, Result>> {
  const ort = await import("onnxruntime-node");
  const session = await ort.InferenceSession.create(writeGraph(graph), { logSeverityLevel: 3, intraOpNumThreads: 1 });
  try {
    const used = graph.inputs.map(({ name }) => name);
    const feeds = used.map((name) => [name, new ort.Tensor("float32", inputs[name].data, inputs[name].dims)] as const);
    const outputs = await session.run(Object.fromEntries(feeds));
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { data, dims }]) => [name, { data: data as Float32Array, dims }]),
    );
  } finally {
    await session.release();
  }
}
