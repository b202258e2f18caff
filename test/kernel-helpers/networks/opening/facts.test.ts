import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { makeGraph } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import type { Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import { writeGraph } from "../../../../src/kernel-helpers/graph/onnx/write-graph.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { openNetwork, type OpenNetworkOptions } from "../../../../src/kernel-helpers/networks/open-network.js";
import { run, Builder, SMALL } from "../../graph/build-graph.js";
import { temporaryFile } from "../open-small.js";

const NAMES = [..."abcdef"];

interface Variant {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly dims?: readonly (number | string)[];
  readonly type?: string;
  /** What stands between the input and the first convolution. */
  readonly begin?: (b: Builder, image: string) => string;
}

function network({
  metadata = {},
  dims = ["N", 3, 8, 10],
  type = "float32",
  begin = (_b, image) => image,
}: Variant = {}): Graph {
  const b = new Builder();
  const conv = b.node("Conv", [begin(b, "image"), b.floats([SMALL.channels, 3, 3, 3])], { pads: [1, 1, 1, 1] });
  const pooled = b.node("Flatten", [b.node("GlobalAveragePool", [b.node("Relu", [conv])])]);
  const scores = b.node("Gemm", [pooled, b.floats([SMALL.classes, SMALL.channels])], { transB: 1 });
  return makeGraph({
    inputs: [{ name: "image", dims, type }],
    outputs: [{ name: scores }],
    nodes: b.nodes,
    initializers: b.initializers,
    metadata,
  });
}

let count = 0;

async function opened(
  graph: Graph,
  files: Readonly<Record<string, unknown>>,
  options: OpenNetworkOptions = {},
  model = "model.onnx",
): Promise<Network> {
  const folder = temporaryFile(`facts-${count++}`);
  mkdirSync(dirname(join(folder, model)), { recursive: true });
  writeFileSync(join(folder, model), writeGraph(graph));
  for (const [name, value] of Object.entries(files))
    writeFileSync(join(folder, name), typeof value === "string" ? value : JSON.stringify(value));
  return openNetwork(folder, { device: "cpu", ...options });
}

const near = (found: readonly number[], wanted: readonly number[]) =>
  wanted.forEach((value, i) => assert.ok(Math.abs(found[i] - value) < 1e-4, `${found.join()} for ${wanted.join()}`));

test("a hub's folder gives preprocessing and names, also from beside its onnx folder", async () => {
  const files = {
    "config.json": { id2label: Object.fromEntries(NAMES.map((name, i) => [i, name])) },
    "preprocessor_config.json": {
      do_resize: true,
      size: { shortest_edge: 12 },
      do_center_crop: true,
      crop_size: { height: 8, width: 10 },
      do_rescale: true,
      rescale_factor: 1 / 255,
      do_normalize: true,
      image_mean: [0.5, 0.4, 0.3],
      image_std: [0.5, 0.25, 0.2],
    },
  };
  for (const model of ["model.onnx", "onnx/model.onnx"]) {
    using found = await opened(network(), files, {}, model);
    assert.deepEqual(found.classes, NAMES);
    const { fit, resize, mean, std } = found.preprocessing;
    assert.deepEqual([fit, resize], ["centre-crop", { shorterSide: 12 }]);
    near(mean, [127.5, 102, 76.5]);
    near(std, [127.5, 63.75, 51]);
    assert.match(found.notes.join("\n"), /fit, channelOrder, mean, std from preprocessor_config\.json/);
    assert.match(found.notes.join("\n"), /classes: from config\.json/);
    assert.match(found.name, /^facts-/);
  }
});

test("a hub's other forms: stretched, not rescaled, ConvNeXT's share; placeholders are no names", async () => {
  const stretched = { size: { height: 8, width: 10 }, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };
  using a = await opened(network(), {
    "preprocessor_config.json": stretched,
    "config.json": { id2label: { 0: "LABEL_0", 1: "LABEL_1" } },
  });
  assert.equal(a.preprocessing.fit, "squash");
  assert.equal(a.classes[0], "class 0");
  const bytes = { do_rescale: false, do_normalize: false, size: { height: 8, width: 10 } };
  using b = await opened(network(), { "preprocessor_config.json": bytes });
  assert.deepEqual(
    [b.preprocessing.mean, b.preprocessing.std],
    [
      [0, 0, 0],
      [1, 1, 1],
    ],
  );
  const share = { size: { shortest_edge: 8 }, crop_pct: 0.8, image_mean: [0, 0, 0], image_std: [1, 1, 1] };
  using c = await opened(network({ dims: ["N", 3, 8, 8] }), { "preprocessor_config.json": share });
  assert.deepEqual([c.preprocessing.resize, c.preprocessing.std], [{ shorterSide: 10 }, [255, 255, 255]]);
});

test("timm's config.json: its share of the input, for the size that the graph has", async () => {
  const config = {
    architecture: "resnet18",
    label_names: NAMES.map((_, i) => `n0000000${i}`),
    label_descriptions: Object.fromEntries(NAMES.map((name, i) => [`n0000000${i}`, name])),
    pretrained_cfg: {
      input_size: [3, 224, 224],
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
      crop_pct: 0.5,
    },
  };
  using found = await opened(network({ dims: ["N", 3, 10, 10] }), { "config.json": config });
  assert.deepEqual(found.classes, NAMES);
  assert.deepEqual([found.preprocessing.width, found.preprocessing.resize], [10, { shorterSide: 20 }]);
  near(found.preprocessing.mean, [123.675, 116.28, 103.53]);
  near(found.preprocessing.std, [58.395, 57.12, 57.375]);
});

test("notes in the ONNX file: Ultralytics' names and size, or a mean and a deviation", async () => {
  const names = `{${NAMES.map((name, i) => `${i}: '${name}'`).join(", ")}}`;
  const metadata = { author: "Ultralytics", task: "classify", imgsz: "[8, 10]", stride: "1", names };
  using ultralytics = await opened(network({ metadata, dims: ["N", 3, "H", "W"] }), {});
  assert.deepEqual(ultralytics.classes, NAMES);
  const { width, height, fit, std } = ultralytics.preprocessing;
  assert.deepEqual([width, height, fit, std], [10, 8, "cover", [255, 255, 255]]);
  using plain = await opened(
    network({ metadata: { labels: NAMES.join(", "), mean: "[0.5, 0.5, 0.5]", std: "[0.25, 0.25, 0.25]" } }),
    {},
  );
  assert.deepEqual([plain.classes, plain.preprocessing.std], [NAMES, [63.75, 63.75, 63.75]]);
  assert.match(plain.notes.join("\n"), /mean, std from the notes in the ONNX file/);
  assert.match(plain.notes.join("\n"), /fit, channelOrder assumed/);
});

test("Teachable Machine's metadata.json; options before all; a damaged file is named", async () => {
  const teachable = { labels: NAMES, imageSize: 8, modelName: "x" };
  using found = await opened(network({ dims: ["N", 3, 8, 8] }), { "metadata.json": teachable });
  assert.deepEqual(
    [found.classes, found.preprocessing.fit, found.preprocessing.std],
    [NAMES, "cover", [127.5, 127.5, 127.5]],
  );
  using given = await opened(
    network({ dims: ["N", 3, 8, 8] }),
    { "metadata.json": teachable },
    { classes: [..."uvwxyz"], preprocessing: { std: [9, 9, 9] } },
  );
  assert.deepEqual(
    [given.classes[0], given.preprocessing.std, given.preprocessing.mean],
    ["u", [9, 9, 9], [127.5, 127.5, 127.5]],
  );
  await assert.rejects(opened(network(), { "config.json": "{" }), {
    name: "CamlabError",
    message: /config\.json, which lies beside the network/,
  });
});

test("a network that normalises its input itself is not normalised twice", async () => {
  const keras = (b: Builder, image: string) =>
    b.node("Sub", [b.node("Div", [image, b.floats([], [127.5])]), b.floats([1, 3, 1, 1], [1, 1, 1])]);
  using bytes = await opened(network({ begin: keras }), {});
  assert.deepEqual(
    [bytes.preprocessing.mean, bytes.preprocessing.std],
    [
      [0, 0, 0],
      [1, 1, 1],
    ],
  );
  assert.match(bytes.notes.join("\n"), /mean, std from the graph, which normalises its input itself/);
  const torch = (b: Builder, image: string) =>
    b.node("Div", [
      b.node("Sub", [image, b.floats([1, 3, 1, 1], [0.5, 0.4, 0.3])]),
      b.floats([1, 3, 1, 1], [0.2, 0.2, 0.3]),
    ]);
  using unit = await opened(network({ begin: torch }), {});
  assert.deepEqual(unit.preprocessing.std, [255, 255, 255]);
});

test("pictures channels last, and as bytes, are fed as ever", async () => {
  const nhwc = (b: Builder, image: string) => b.node("Transpose", [image], { perm: [0, 3, 1, 2] });
  const asFloat = (b: Builder, image: string) => b.node("Cast", [image], { to: 1 });
  const variants: Variant[] = [
    { dims: ["N", 8, 10, 3], begin: nhwc },
    { type: "uint8", begin: asFloat },
    { type: "uint8", dims: [1, 8, 10, 3], begin: (b, image) => nhwc(b, asFloat(b, image)) },
  ];
  const pixels = Float32Array.from({ length: 240 }, (_, i) => (i * 37) % 256);
  const plain = network();
  const wanted = (await run(plain, pixels, [1, 3, 8, 10]))[plain.outputs[0].name].data;
  for (const variant of variants) {
    using found = await opened(network(variant), {}, { preprocessing: { channelOrder: "RGB" } });
    if (variant.type === "uint8") assert.deepEqual(found.preprocessing.std, [1, 1, 1]);
    const { logits } = await found.run(pixels, 1);
    wanted.forEach((value, c) =>
      assert.ok(Math.abs(logits[c] - value) < 1e-3 * Math.abs(value), `${logits[c]} for ${value}`),
    );
  }
});
