import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeGraph } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { writeGraph } from "../../../../src/kernel-helpers/graph/onnx/write-graph.js";
import type { Preprocessing } from "../../../../src/kernel-helpers/images/input/preprocessing.js";
import { lookAtAll, isSkipped } from "../../../../src/kernel-helpers/networks/look-at-all.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { openNetwork, type OpenNetworkOptions } from "../../../../src/kernel-helpers/networks/open-network.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { Builder, SMALL } from "../../graph/build-graph.js";
import { temporaryFile } from "../open-small.js";

interface Input {
  readonly type?: "float32" | "float16" | "uint8" | "int8";
  readonly channelsLast?: boolean;
  readonly batch?: number | string;
  /** x ↦ scale · x + offset, in the graph, on 1 channel or on 3. */
  readonly inside?: { readonly scale: readonly number[]; readonly offset: readonly number[] };
}

let count = 0;

/** The same weights whatever the input is. */
function written({ type = "float32", channelsLast = false, batch = "N", inside }: Input, files: object = {}): string {
  const weights = new Builder();
  const kernel = weights.floats([SMALL.channels, 3, 3, 3]);
  const classes = weights.floats([SMALL.classes, SMALL.channels]);
  const b = weights;
  let x = type === "float32" ? "image" : b.node("Cast", ["image"], { to: 1 });
  const shape = inside && (inside.scale.length === 1 ? [] : channelsLast ? [1, 1, 1, 3] : [1, 3, 1, 1]);
  if (inside && shape) {
    x = b.node("Mul", [x, b.floats(shape, inside.scale)]);
    x = b.node("Add", [x, b.floats(shape, inside.offset)]);
  }
  if (channelsLast) x = b.node("Transpose", [x], { perm: [0, 3, 1, 2] });
  const maps = b.node("Relu", [b.node("Conv", [x, kernel], { pads: [1, 1, 1, 1] })]);
  const scores = b.node("Gemm", [b.node("Flatten", [b.node("GlobalAveragePool", [maps])]), classes], { transB: 1 });
  const dims = channelsLast ? [batch, 8, 10, 3] : [batch, 3, 8, 10];
  const graph = makeGraph({
    inputs: [{ name: "image", dims, type }],
    outputs: [{ name: scores }],
    nodes: b.nodes,
    initializers: b.initializers,
  });
  const at = temporaryFile(`input-${count++}`);
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, "model.onnx"), writeGraph(graph));
  for (const [name, value] of Object.entries(files)) writeFileSync(join(at, name), JSON.stringify(value));
  return at;
}

const random = seededRandom("photos");
const photos = [0, 1, 2].map(() => ({
  width: 10,
  height: 8,
  data: Uint8Array.from({ length: 240 }, () => Math.floor(random() * 256)),
}));

async function scoresOf(input: Input, options: OpenNetworkOptions, files: object = {}) {
  using network = await openNetwork(written(input, files), { device: "cpu", ...options });
  const scores: number[] = [];
  for await (const seen of lookAtAll(network, photos, { batchSize: 2 })) {
    assert.ok(!isSkipped(seen));
    scores.push(...seen.logits);
  }
  return { scores, preprocessing: network.preprocessing, notes: network.notes, sources: network.sources };
}

function same(found: readonly number[], wanted: readonly number[], tolerance: number): void {
  const size = Math.max(...wanted.map(Math.abs));
  assert.equal(found.length, wanted.length);
  wanted.forEach((value, i) => assert.ok(Math.abs(found[i] - value) <= tolerance * size, `${found[i]} for ${value}`));
}

const three = (value: number) => [value, value, value] as const;
const fitted = { fit: "squash" } as const;
const known = (mean: Preprocessing["mean"], std: Preprocessing["std"]) => ({ preprocessing: { ...fitted, mean, std } });

test("float32, float16 and bytes, channels first and last, batch open and 1: scores are the plain network's", async () => {
  const signed = { scale: [1 / 127.5], offset: [-1] };
  const wanted = {
    inside: (await scoresOf({}, known(three(127.5), three(127.5)))).scores,
    pixels: (await scoresOf({}, known(three(0), three(1)))).scores,
    assumed: (await scoresOf({}, { preprocessing: fitted })).scores,
  };
  for (const type of ["float32", "float16", "uint8"] as const) {
    for (const channelsLast of [false, true]) {
      for (const batch of ["N", 1]) {
        for (const inside of [undefined, signed]) {
          const input = { type, channelsLast, batch, inside };
          const { scores, preprocessing, notes } = await scoresOf(input, { preprocessing: fitted });
          const expected = inside ? wanted.inside : type === "uint8" ? wanted.pixels : wanted.assumed;
          same(scores, expected, type === "float16" ? 2e-3 : 1e-5);
          if (inside || type === "uint8") assert.deepEqual(preprocessing.std, [1, 1, 1]);
          if (inside) assert.match(notes.join("\n"), /mean, std from the graph, which normalises its input itself/);
          else if (type === "uint8")
            assert.match(notes.join("\n"), /mean, std from the graph, which takes uint8 pixels/);
        }
      }
    }
  }
});

test("bytes from −128 on take the pixels less 128", async () => {
  const { scores, preprocessing } = await scoresOf({ type: "int8" }, { preprocessing: fitted });
  assert.deepEqual([preprocessing.mean, preprocessing.std], [three(128), three(1)]);
  same(scores, (await scoresOf({}, known(three(128), three(1)))).scores, 1e-5);
});

test("what a graph does itself a hub's folder or the file's notes do not do again, in either unit", async () => {
  const [mean, std] = [
    [0.485, 0.456, 0.406],
    [0.229, 0.224, 0.225],
  ];
  const hub = {
    "preprocessor_config.json": { size: { height: 8, width: 10 }, image_mean: mean, image_std: std },
  };
  const pixels = [mean.map((m) => 255 * m), std.map((s) => 255 * s)] as unknown as [
    Preprocessing["mean"],
    Preprocessing["std"],
  ];
  const wanted = (await scoresOf({}, known(...pixels))).scores;
  const ofUnit = { scale: std.map((s) => 1 / s), offset: mean.map((m, c) => -m / std[c]) };
  const ofPixels = { scale: std.map((s) => 1 / (255 * s)), offset: mean.map((m, c) => -m / std[c]) };
  for (const [inside, largest] of [
    [ofUnit, 255],
    [ofPixels, 1],
  ] as const) {
    for (const channelsLast of [false, true]) {
      const found = await scoresOf({ inside, channelsLast }, {}, hub);
      assert.deepEqual([found.preprocessing.mean, found.preprocessing.std], [three(0), three(largest)]);
      assert.match(found.sources?.preprocessing.mean ?? "", /^the graph/);
      assert.equal(found.sources?.preprocessing.fit, "preprocessor_config.json");
      same(found.scores, wanted, 1e-5);
    }
  }
  const bytes = await scoresOf({ type: "uint8", inside: ofPixels }, {}, hub);
  same(bytes.scores, wanted, 1e-5);
  // A hub's own numbers before a graph that scales them on, as for another framework's weights, are left alone.
  const on = await scoresOf({ inside: { scale: [0.5], offset: [0.1] } }, {}, hub);
  assert.equal(on.sources?.preprocessing.mean, "preprocessor_config.json");
});

test("a card or an option that normalises once more is obeyed and said; fractions for a network of bytes are refused", async () => {
  const inside = { scale: [1 / 127.5], offset: [-1] };
  const { preprocessing, notes } = await scoresOf({ inside }, known(three(127.5), three(127.5)));
  assert.deepEqual(preprocessing.mean, three(127.5));
  assert.match(notes.join("\n"), /normalises its input itself \(x × 0\.007843 \+ -1\).*take mean 0 and std 1/);
  await assert.rejects(scoresOf({ type: "uint8" }, known(three(127.5), three(127.5))), {
    name: "CamlabError",
    message: /expected mean \[0, 0, 0\] and std \[1, 1, 1\]: the network takes uint8 pixels/,
  });
});

test("a mean taken off in the graph is one of pixels up to 255, a doubling one of pixels up to 1", async () => {
  const units: [number, number, number][] = [
    [1, -120, 1],
    [2, -1, 255],
    [1, -0.45, 255],
    [1 / 58, -2, 1],
  ];
  for (const [scale, offset, largest] of units) {
    const { preprocessing } = await scoresOf({ inside: { scale: [scale], offset: [offset] } }, {});
    assert.deepEqual([preprocessing.mean, preprocessing.std], [three(0), three(largest)], `${scale} ${offset}`);
  }
});

test("a card without names takes them from a hub's folder", async () => {
  const names = Object.fromEntries(Array.from({ length: SMALL.classes }, (_, i) => [i, `name ${i}`]));
  const card = {
    preprocessing: { width: 10, height: 8, channelOrder: "RGB", ...known(three(1), three(2)).preprocessing },
  };
  const at = written({}, { "card.json": card, "config.json": { id2label: names } });
  using network: Network = await openNetwork(at, { device: "cpu" });
  assert.equal(network.classes[1], "name 1");
  assert.deepEqual([network.sources?.classes, network.sources?.preprocessing.mean], ["config.json", "card.json"]);
});
