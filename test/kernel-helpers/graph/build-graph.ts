import {
  makeGraph,
  makeNode,
  makeTensor,
  type AttributeValue,
} from "../../../src/kernel-helpers/graph/onnx/create-graph.js";
import type { Dim, Graph } from "../../../src/kernel-helpers/graph/onnx/graph.js";
import { writeGraph } from "../../../src/kernel-helpers/graph/onnx/write-graph.js";
import type { NodeProto, TensorProto } from "../../../src/kernel-helpers/graph/onnx/onnx.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";

/** Sizes of the small networks that the tests build: images 3×8×10 → maps 5×4×5 → 6 classes. */
export const SMALL = { channels: 5, height: 4, width: 5, classes: 6, image: [3, 8, 10] } as const;

/** Collects the nodes and weights of a small network. */
export class Builder {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly random = seededRandom("small network");
  private count = 0;

  /** Adds a node and returns the name of its first output. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    domain = "",
  ): string {
    const output = `${op.toLowerCase()}_${this.count++}`;
    this.nodes.push(makeNode(op, inputs, [output], attributes, domain ? { domain } : {}));
    return output;
  }

  /** Adds a constant of given or random numbers. */
  floats(dims: readonly number[], data?: readonly number[]): string {
    const size = dims.reduce((a, b) => a * b, 1);
    const values = data ?? Array.from({ length: size }, () => this.random() * 2 - 1);
    return this.constant(dims, Float32Array.from(values));
  }

  ints(...values: readonly number[]): string {
    return this.constant([values.length], values);
  }

  constant(dims: readonly number[], data: Float32Array | Int8Array | Uint8Array | readonly number[]): string {
    const name = `constant_${this.count++}`;
    this.initializers.push(makeTensor(name, dims, data));
    return name;
  }

  /** The backbone: a convolution with stride 2 and a leaky ReLU, so that maps have both signs. */
  maps(): string {
    const weights = this.floats([SMALL.channels, 3, 3, 3]);
    const conv = this.node("Conv", ["image", weights], { strides: [2, 2], pads: [1, 1, 1, 1] });
    return this.node("LeakyRelu", [conv], { alpha: 0.3 });
  }
}

/** A small network: the backbone, then the tail that `tail` adds; it returns the name of the output. */
export function smallNetwork(
  tail: (builder: Builder, maps: string) => string | readonly string[],
  options: { readonly opset?: number; readonly batch?: Dim; readonly dims?: readonly Dim[] } = {},
): Graph {
  const builder = new Builder();
  const outputs = [tail(builder, builder.maps())].flat();
  return makeGraph({
    inputs: [{ name: "image", dims: options.dims ?? [options.batch ?? "N", ...SMALL.image] }],
    outputs: outputs.map((name) => ({ name })),
    nodes: builder.nodes,
    initializers: builder.initializers,
    opset: options.opset ?? 13,
  });
}

/** Seeded images for a small network. */
export function images(count: number): Float32Array {
  const random = seededRandom("images");
  return Float32Array.from({ length: count * 240 }, () => random() * 2 - 1);
}

/** Runs a graph with ONNX Runtime on the CPU. */
export async function run(graph: Graph, image: Float32Array, dims: readonly number[]): Promise<Record<string, Result>> {
  const ort = await import("onnxruntime-node");
  const session = await ort.InferenceSession.create(writeGraph(graph), {
    logSeverityLevel: 3,
    graphOptimizationLevel: "disabled",
  });
  try {
    const outputs = await session.run({ [graph.inputs[0].name]: new ort.Tensor("float32", image, dims) });
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { data, dims }]) => [name, { data: data as Float32Array, dims }]),
    );
  } finally {
    await session.release();
  }
}

/** What `run` gives for each output. */
export interface Result {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}
