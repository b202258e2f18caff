import assert from "node:assert/strict";
import { test } from "node:test";
import type { TfjsDevice } from "../../../../src/kernel-helpers/engines/engine.js";
import { createOnnxRuntimeEngine } from "../../../../src/kernel-helpers/engines/onnxruntime.js";
import { loadBackend } from "../../../../src/kernel-helpers/engines/tfjs/backends.js";
import { createTfjsEngine } from "../../../../src/kernel-helpers/engines/tfjs/tfjs-engine.js";
import {
  makeGraph,
  makeNode,
  makeTensor,
  type AttributeValue,
} from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import type { Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import { changed } from "../../../../src/kernel-helpers/graph/onnx/messages.js";
import type { NodeProto, TensorProto } from "../../../../src/kernel-helpers/graph/onnx/onnx.js";
import { elementCount } from "../../../../src/kernel-helpers/graph/onnx/tensor.js";
import { writeGraph } from "../../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

/** The backends that tests run on: those of npm alone, or the list in CAMLAB_TFJS, such as "tfjs-node". */
export const devices = (process.env.CAMLAB_TFJS ?? "wasm,cpu").split(",") as TfjsDevice[];

/** A tiny graph whose inputs are filled with seeded numbers. */
export interface Case {
  readonly name: string;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly nodes: readonly NodeProto[];
  readonly constants?: readonly TensorProto[];
  /** `["y"]` unless given. */
  readonly outputs?: readonly string[];
  readonly opset?: number;
  /** Numbers from 0.1 on instead of around 0. */
  readonly positive?: boolean;
}

/** A case of one node, from `x` (and more) to `y`. */
export function one(
  op: string,
  x: readonly number[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  more: Partial<Omit<Case, "nodes">> & { readonly reads?: readonly string[] } = {},
): Case {
  const { reads = [], ...rest } = more;
  const written = Object.entries(attributes).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  const shapes = [x, ...Object.values(rest.inputs ?? {}), ...(rest.constants ?? []).map(({ dims }) => dims)];
  const sizes = shapes.map((dims) => dims.join("×") || "scalar").join(" and ");
  const name = [op, sizes, ...written, ...(rest.opset ? [`operator set ${rest.opset}`] : [])].join(" ");
  const outputs = rest.outputs ?? ["y"];
  const inputs = { x, ...rest.inputs };
  return { name, ...rest, inputs, nodes: [makeNode(op, ["x", ...reads], outputs, attributes)] };
}

/** Seeded weights. */
export function weights(name: string, dims: readonly number[], seed: number | string = name): TensorProto {
  return makeTensor(name, dims, numbers(elementCount(dims), seed));
}

/** A stored list of integers. */
export function integers(name: string, list: readonly number[]): TensorProto {
  return makeTensor(name, [list.length], list);
}

/**
 * One test a case and backend: the outputs' shapes and numbers are ONNX Runtime's, and no tensor stays. A case with
 * images runs a second time with each behind a pooling of 1×1, so that it lies channels last in the engine.
 */
export function sameAsOnnxRuntime(cases: readonly Case[]): void {
  for (const each of cases) {
    for (const device of devices) {
      test(`${each.name} (${device})`, async () => {
        await compare(each, device, false);
        if (Object.values(each.inputs).some((dims) => dims.length === 4)) await compare(each, device, true);
      });
    }
  }
}

async function compare(each: Case, device: TfjsDevice, behindPooling: boolean): Promise<void> {
  const graph = graphOfCase(each, behindPooling);
  const feeds = Object.fromEntries(
    Object.entries(each.inputs).map(([name, dims]) => {
      return [name, { dims, data: numbers(elementCount(dims), name, each.positive) }];
    }),
  );
  using reference = await createOnnxRuntimeEngine(writeGraph(graph), { device: "cpu", threads: 1 });
  const expected = await reference.run(feeds);
  const { tf } = await loadBackend(device);
  const tensors = tf.memory().numTensors;
  const engine = await createTfjsEngine(graph, { device });
  const found = await engine.run(feeds);
  engine.dispose();
  assert.equal(tf.memory().numTensors, tensors, "tensors that nobody freed");
  for (const [name, { dims, data }] of Object.entries(expected)) {
    assert.deepEqual(found[name].dims, dims, `shape of ${name}`);
    const scale = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    data.forEach((value, i) => {
      const difference = Math.abs(value - found[name].data[i]);
      assert.ok(difference < 2e-6 * scale, `${name}[${i}] is ${found[name].data[i]}, ONNX Runtime's is ${value}`);
    });
  }
}

function graphOfCase(each: Case, behindPooling: boolean): Graph {
  const images = behindPooling ? Object.keys(each.inputs).filter((name) => each.inputs[name].length === 4) : [];
  const rename = (name: string) => (images.includes(name) ? `${name} pooled` : name);
  const nodes = each.nodes.map((node) => changed(node, { input: node.input.map(rename) }));
  return makeGraph({
    opset: each.opset ?? 13,
    inputs: Object.entries(each.inputs).map(([name, dims]) => ({ name, dims })),
    outputs: (each.outputs ?? ["y"]).map((name) => ({ name })),
    initializers: each.constants,
    nodes: [...images.map((name) => makeNode("MaxPool", [name], [rename(name)], { kernel_shape: [1, 1] })), ...nodes],
  });
}

function numbers(count: number, seed: number | string, positive = false): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, () => (positive ? 0.1 + 2 * random() : 4 * random() - 2));
}
