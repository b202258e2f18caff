// Small networks of each format, whole and sound, for the mutators to damage.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { numbers } from "../../kernel-helpers/formats/run-imported.js";

/** A network's files by name; the first one is opened. */
export interface FormatSeed {
  readonly name: string;
  readonly files: readonly (readonly [name: string, bytes: Uint8Array])[];
}

/** The seeds of all formats. */
export function formatSeeds(): FormatSeed[] {
  return [
    ...fixtures("caffe", ["net.caffemodel", "net.prototxt"]),
    ...fixtures("tflite", ["net.tflite"]),
    ...fixtures("keras", ["net.keras"], /-keras$/),
    ...fixtures("keras", ["net.h5"], /-h5$/),
    layersModel(),
    graphModel(),
    ...["small.pth", "small-old.pth", "checkpoint.pth"].map((name) => weights("pytorch", name)),
    weights("safetensors", "small.safetensors"),
  ];
}

function fixtures(format: string, names: readonly string[], which = /./): FormatSeed[] {
  const folder = join("test", "fixtures", "formats", format);
  const networks = readdirSync(folder).filter((each) => which.test(each));
  return networks.map((each) => ({
    name: `${format} ${each}`,
    files: names.map((name) => [name, readFileSync(join(folder, each, name))] as const),
  }));
}

/** Files of weights alone, of which no network is made here. */
function weights(format: string, name: string): FormatSeed {
  const file = join("test", "kernel-helpers", "formats", format, "fixtures", name);
  return { name: `weights ${name}`, files: [[name, readFileSync(file)]] };
}

interface Spec {
  readonly name: string;
  readonly shape: readonly number[];
}

function tfjs(name: string, modelTopology: unknown, weights: readonly Spec[]): FormatSeed {
  const specs = weights.map((spec) => ({ ...spec, dtype: "float32" }));
  const count = weights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const model = { modelTopology, weightsManifest: [{ paths: ["weights.bin"], weights: specs }] };
  const data = numbers(count, name);
  return {
    name,
    files: [
      ["model.json", Buffer.from(JSON.stringify(model, undefined, 1))],
      ["weights.bin", new Uint8Array(data.buffer)],
    ],
  };
}

function layersModel(): FormatSeed {
  const layer = (class_name: string, name: string, config: object, from?: readonly string[]) => ({
    class_name,
    name,
    config: { name, ...config },
    inbound_nodes: from ? [from.map((each) => [each, 0, 0, {}])] : [],
  });
  const layers = [
    layer("InputLayer", "in", { batch_input_shape: [null, 8, 8, 3] }),
    layer("Conv2D", "conv", { filters: 4, kernel_size: [3, 3], strides: [2, 2], padding: "same", activation: "relu" }, [
      "in",
    ]),
    layer("DepthwiseConv2D", "deep", { kernel_size: [3, 3], strides: [1, 1], padding: "same", use_bias: false }, [
      "conv",
    ]),
    layer("Add", "add", {}, ["conv", "deep"]),
    layer("GlobalAveragePooling2D", "pool", {}, ["add"]),
    layer("Dense", "dense", { units: 3, activation: "softmax" }, ["pool"]),
  ];
  const config = { name: "model", layers, input_layers: [["in", 0, 0]], output_layers: [["dense", 0, 0]] };
  return tfjs("tfjs layers", { class_name: "Model", config }, [
    { name: "conv/kernel", shape: [3, 3, 3, 4] },
    { name: "conv/bias", shape: [4] },
    { name: "deep/depthwise_kernel", shape: [3, 3, 4, 1] },
    { name: "dense/kernel", shape: [4, 3] },
    { name: "dense/bias", shape: [3] },
  ]);
}

function graphModel(): FormatSeed {
  const s = (text: string) => ({ s: Buffer.from(text).toString("base64") });
  const ints = (...values: number[]) => ({ list: { i: values.map(String) } });
  const node = [
    {
      name: "in",
      op: "Placeholder",
      attr: { shape: { shape: { dim: [{ size: "-1" }, { size: "8" }, { size: "8" }, { size: "3" }] } } },
    },
    { name: "kernel", op: "Const" },
    { name: "matrix", op: "Const" },
    {
      name: "conv",
      op: "Conv2D",
      input: ["in", "kernel"],
      attr: { strides: ints(1, 2, 2, 1), padding: s("SAME"), data_format: s("NHWC") },
    },
    { name: "relu", op: "Relu6", input: ["conv"] },
    {
      name: "pool",
      op: "MaxPool",
      input: ["relu"],
      attr: { ksize: ints(1, 4, 4, 1), strides: ints(1, 4, 4, 1), padding: s("VALID") },
    },
    { name: "flat", op: "Squeeze", input: ["pool"], attr: { squeeze_dims: ints(1, 2) } },
    { name: "scores", op: "MatMul", input: ["flat", "matrix"] },
    { name: "out", op: "Softmax", input: ["scores"] },
  ];
  return tfjs("tfjs graph", { node }, [
    { name: "kernel", shape: [3, 3, 3, 4] },
    { name: "matrix", shape: [4, 3] },
  ]);
}
