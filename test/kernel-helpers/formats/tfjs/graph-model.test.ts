import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { importGraph } from "../../../../src/kernel-helpers/formats/import-graph.js";
import { channelsFirst, numbers, relativeDifference, runImported } from "../run-imported.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-graph-model-"));

interface Node {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: object;
}

const s = (text: string) => ({ s: Buffer.from(text).toString("base64") });
const texts = (...values: string[]) => ({ list: { s: values.map((value) => Buffer.from(value).toString("base64")) } });
const ints = (...values: number[]) => ({ list: { i: values.map(String) } });
const input = (...sizes: number[]): Node => ({
  name: "in",
  op: "Placeholder",
  attr: { shape: { shape: { dim: sizes.map((size) => ({ size: String(size) })) } } },
});

/** Seeded weights, and lists of whole numbers. */
const weight = (name: string, ...shape: number[]) => ({
  name,
  shape,
  dtype: "float32",
  data: numbers(
    shape.reduce((a, b) => a * b, 1),
    name,
  ),
});
const list = (name: string, shape: number[], ...values: number[]) => ({
  name,
  shape,
  dtype: "int32",
  data: Int32Array.from(values),
});

type Stored = ReturnType<typeof weight> | ReturnType<typeof list>;

function write(nodes: readonly Node[], stored: readonly Stored[], output: string): string {
  const consts = stored.map(({ name }) => ({ name, op: "Const" }));
  const path = join(folder, "model.json");
  const model = {
    format: "graph-model",
    // Nodes need not stand in an order of execution.
    modelTopology: { node: [...nodes].reverse().concat(consts), versions: {} },
    signature: { outputs: { scores: { name: `${output}:0` } } },
    weightsManifest: [
      { paths: ["weights.bin"], weights: stored.map(({ name, shape, dtype }) => ({ name, shape, dtype })) },
    ],
  };
  writeFileSync(path, JSON.stringify(model));
  writeFileSync(join(folder, "weights.bin"), Buffer.concat(stored.map(({ data }) => Buffer.from(data.buffer))));
  return path;
}

const kernel = ({ data, shape: [a, b, c, d] }: Stored): tf.Tensor4D => tf.tensor4d(data, [a, b, c, d]);

describe("TF.js GraphModels", () => {
  before(() => tf.setBackend("cpu"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("fused convolutions, padding, pooling, a flatten made of shapes, and a classifier", async () => {
    const [k1, b1, k2, b2, w, b] = [
      weight("k1", 3, 3, 3, 4),
      weight("b1", 4),
      weight("k2", 3, 3, 4, 1),
      weight("b2", 4),
      weight("w", 16, 5),
      weight("b", 5),
    ];
    const zero = list("zero", [1], 0);
    const stored = [
      k1,
      b1,
      k2,
      b2,
      w,
      b,
      zero,
      list("one", [1], 1),
      list("rest", [], -1),
      list("pads", [4, 2], 0, 0, 1, 0, 0, 1, 0, 0),
    ];
    const conv = { padding: s("SAME"), data_format: s("NHWC"), dilations: ints(1, 1, 1, 1) };
    const nodes: Node[] = [
      input(-1, 9, 10, 3),
      {
        name: "c1",
        op: "_FusedConv2D",
        input: ["in", "k1", "b1"],
        attr: { ...conv, strides: ints(1, 2, 2, 1), fused_ops: texts("BiasAdd", "Relu6") },
      },
      {
        name: "c2",
        op: "FusedDepthwiseConv2dNative",
        input: ["c1", "k2", "b2"],
        attr: { ...conv, strides: ints(1, 1, 1, 1), fused_ops: texts("BiasAdd", "Relu") },
      },
      { name: "sum", op: "AddV2", input: ["c1", "c2"] },
      { name: "padded", op: "Pad", input: ["sum", "pads"] },
      {
        name: "pool",
        op: "AvgPool",
        input: ["padded", "^c1"],
        attr: { ksize: ints(1, 3, 3, 1), strides: ints(1, 3, 3, 1), padding: s("VALID") },
      },
      { name: "shape", op: "Shape", input: ["pool"] },
      { name: "batch", op: "StridedSlice", input: ["shape", "zero", "one", "one"] },
      { name: "sizes", op: "Pack", input: ["batch", "rest"] },
      { name: "flat", op: "Reshape", input: ["pool", "sizes"] },
      { name: "product", op: "_FusedMatMul", input: ["flat", "w", "b"], attr: { fused_ops: texts("BiasAdd") } },
      { name: "soft", op: "Softmax", input: ["product"] },
      { name: "out", op: "Identity", input: ["soft"] },
    ];
    const data = numbers(2 * 9 * 10 * 3, "picture");
    const expected = tf.tidy(() => {
      const x = tf.tensor4d(data, [2, 9, 10, 3]);
      const c1 = tf.relu6(tf.add(tf.conv2d(x, kernel(k1), 2, "same"), tf.tensor1d(b1.data)));
      const c2 = tf.relu(tf.add(tf.depthwiseConv2d(c1 as tf.Tensor4D, kernel(k2), 1, "same"), tf.tensor1d(b2.data)));
      const padded = tf.pad(tf.add(c1, c2), [
        [0, 0],
        [1, 0],
        [0, 1],
        [0, 0],
      ]);
      const flat = tf.reshape(tf.avgPool(padded as tf.Tensor4D, 3, 3, "valid"), [2, 16]);
      return tf.softmax(tf.add(tf.matMul(flat, tf.tensor2d(w.data, [16, 5])), tf.tensor1d(b.data))).dataSync();
    });
    const found = await runImported(write(nodes, stored, "out"), [2, 3, 9, 10], channelsFirst(data, [2, 9, 10, 3]));
    assert.ok(relativeDifference(found, expected) < 1e-5);
  });

  test("a plain graph: normalisation, squeeze and excite, a mean over places, explicit padding", async () => {
    const [k, scale, shift, mean] = [
      weight("k", 2, 3, 3, 6),
      weight("scale", 6),
      weight("shift", 6),
      weight("mean", 6),
    ];
    const variance = { ...weight("variance", 6), data: numbers(6, "variance").map((value) => value + 1.5) };
    const gate = weight("gate", 1, 1, 6, 6);
    const stored = [k, scale, shift, mean, variance, gate, list("places", [2], 1, 2)];
    const nodes: Node[] = [
      input(1, 8, 8, 3),
      {
        name: "conv",
        op: "Conv2D",
        input: ["in", "k"],
        attr: { padding: s("EXPLICIT"), explicit_paddings: ints(0, 0, 1, 0, 2, 1, 0, 0), strides: ints(1, 1, 1, 1) },
      },
      {
        name: "normal",
        op: "FusedBatchNormV3",
        input: ["conv", "scale", "shift", "mean", "variance"],
        attr: { epsilon: { f: 0.01 } },
      },
      { name: "squeezed", op: "Mean", input: ["normal", "places"], attr: { keep_dims: { b: true } } },
      {
        name: "excited",
        op: "Conv2D",
        input: ["squeezed", "gate"],
        attr: { padding: s("VALID"), strides: ints(1, 1, 1, 1) },
      },
      { name: "open", op: "Sigmoid", input: ["excited"] },
      { name: "gated", op: "Mul", input: ["open", "normal"] },
      { name: "out", op: "Max", input: ["gated", "places"] },
    ];
    const data = numbers(8 * 8 * 3, "picture");
    const expected = tf.tidy(() => {
      const x: tf.Tensor4D = tf.pad(tf.tensor4d(data, [1, 8, 8, 3]), [
        [0, 0],
        [1, 0],
        [2, 1],
        [0, 0],
      ]);
      const normal: tf.Tensor = tf.batchNorm(
        tf.conv2d(x, kernel(k), 1, "valid"),
        tf.tensor1d(mean.data),
        tf.tensor1d(variance.data),
        tf.tensor1d(shift.data),
        tf.tensor1d(scale.data),
        0.01,
      );
      const squeezed: tf.Tensor4D = tf.mean(normal, [1, 2], true);
      const open = tf.sigmoid(tf.conv2d(squeezed, kernel(gate), 1, "valid"));
      return tf.max(tf.mul(open, normal), [1, 2]).dataSync();
    });
    const found = await runImported(write(nodes, stored, "out"), [1, 3, 8, 8], channelsFirst(data, [1, 8, 8, 3]));
    assert.ok(relativeDifference(found, expected) < 1e-5);
  });

  test("an operator that is not known, a circle and weights elsewhere are refused by name", async () => {
    const k = weight("k", 1, 1, 3, 2);
    const nodes: Node[] = [input(-1, 4, 4, 3), { name: "odd", op: "FFT2D", input: ["in"] }];
    await assert.rejects(
      importGraph(write(nodes, [k], "odd")),
      /the node "odd" \(FFT2D\): camlab does not know its operator/,
    );
    const padded: Node = { name: "pad", op: "Conv2D", input: ["in", "k"], attr: { padding: s("constructor") } };
    await assert.rejects(
      importGraph(write([nodes[0], padded], [k], "pad")),
      /\(Conv2D\): its padding is "constructor"/,
    );
    const circle: Node[] = [
      { name: "a", op: "Relu", input: ["b"] },
      { name: "b", op: "Relu", input: ["a"] },
    ];
    await assert.rejects(importGraph(write(circle, [k], "a")), /its nodes wait for each other at "[ab]"/);
    const elsewhere = {
      modelTopology: { node: nodes },
      weightsManifest: [{ paths: ["../../../../etc/hostname"], weights: [] }],
    };
    writeFileSync(join(folder, "model.json"), JSON.stringify(elsewhere));
    await assert.rejects(importGraph(join(folder, "model.json")), /does not lie in the model's own folder/);
  });
});
