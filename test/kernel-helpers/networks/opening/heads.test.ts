import assert from "node:assert/strict";
import { test } from "node:test";
import { cam } from "../../../../src/kernel-helpers/cam/cam.js";
import { look } from "../../../../src/kernel-helpers/networks/look.js";
import type { OpenNetworkOptions } from "../../../../src/kernel-helpers/networks/open-network.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { smallNetwork, SMALL, type Builder } from "../../graph/build-graph.js";
import { openGraph } from "../open-small.js";

const { channels: K, classes: C, height: H, width: W } = SMALL;
const random = seededRandom("a photo");
const photo = { width: 10, height: 8, data: Uint8Array.from({ length: 240 }, () => Math.floor(random() * 256)) };

const gemm = (b: Builder, value: string) => b.node("Gemm", [value, b.floats([C, K]), b.floats([C])], { transB: 1 });
const tokensOf = (b: Builder, maps: string) =>
  b.node("Transpose", [b.node("Reshape", [maps, b.ints(0, K, H * W)])], { perm: [0, 2, 1] });
/** Tokens in an order that no rule follows. */
const shuffled = (order: (i: number) => number) =>
  smallNetwork((b) => {
    const maps = b.node("Conv", ["image", b.floats([K, 3, 2, 2])], { strides: [2, 2] });
    const indices = b.constant(
      [H * W],
      Array.from({ length: H * W }, (_, i) => order(i)),
    );
    const tokens = b.node("Gather", [tokensOf(b, maps), indices], { axis: 1 });
    return gemm(b, b.node("ReduceMean", [tokens], { axes: [1], keepdims: 0 }));
  });

test("an order of tokens that can't be read is confirmed by changing the corners, and said", async () => {
  using network = await openGraph(shuffled((i) => i));
  assert.match(network.head.summary, /tokens, row by row as changed corners show/);
  const seen = await look(network, photo);
  const map = cam(seen, 1);
  const mean = map.data.reduce((a, b) => a + b, 0) / (H * W);
  assert.ok(Math.abs(mean + (network.head.bias?.[1] ?? 0) - seen.logits[1]) < 1e-5);
});

test("tokens in another order are refused, whichever: backwards, column by column, two exchanged", async () => {
  const orders = [
    (i: number) => H * W - 1 - i,
    (i: number) => (i % H) * W + Math.floor(i / H),
    (i: number) => (i === 0 ? 1 : i === 1 ? 0 : i),
  ];
  for (const order of orders) {
    await assert.rejects(openGraph(shuffled(order)), {
      name: "CamlabError",
      message: /the order of this network's 20 tokens is not known/,
    });
  }
});

test("a network with a class token opens as the mean of its patch tokens when asked, with exact maps for any weights", async () => {
  const vit = smallNetwork((b, maps) => {
    const patches = tokensOf(b, maps);
    const token = b.node("Mul", [b.node("ReduceMean", [patches], { axes: [1], keepdims: 1 }), b.floats([K])]);
    const tokens = b.node("Concat", [token, patches], { axis: 1 });
    const scores = b.node("MatMul", [tokens, b.node("Transpose", [tokens], { perm: [0, 2, 1] })]);
    const values = b.node("MatMul", [
      b.node("Softmax", [scores], { axis: -1 }),
      b.node("MatMul", [tokens, b.floats([K, K])]),
    ]);
    return gemm(b, b.node("Gather", [b.node("Add", [tokens, values]), b.constant([], [0])], { axis: 1 }));
  });
  await assert.rejects(openGraph(vit), { name: "CamlabError", message: /head: "tokens"/ });
  using network = await openGraph(vit, { head: "tokens" });
  assert.deepEqual([network.classes, network.head.form], [[], "embedding"]);
  assert.match(network.head.summary, /add_\d+ 5×4×5 \(tokens\) → average → an embedding/);
  const seen = await look(network, photo);
  assert.deepEqual([seen.top, seen.logits.length, seen.features.length], [[], 0, K]);
  const weights = [1, -2, 0.5, 3, -1];
  const map = cam(seen, weights);
  const score = weights.reduce((sum, w, k) => sum + w * seen.features[k], 0);
  assert.ok(Math.abs(map.data.reduce((a, b) => a + b, 0) / (H * W) - score) < 1e-5);
  const wrong = { head: "class token" } as unknown as OpenNetworkOptions;
  await assert.rejects(openGraph(vit, wrong), /invalid head: "class token"/);
});

test("an embedding opens with no classes; names for it are refused; a card's hint of none makes one", async () => {
  const trunk = smallNetwork((b, maps) => b.node("Flatten", [b.node("GlobalAveragePool", [b.node("Relu", [maps])])]));
  using network = await openGraph(trunk);
  assert.deepEqual([network.classes, network.head.form], [[], "embedding"]);
  assert.match(network.notes.join(), /gives an embedding and no class scores/);
  await assert.rejects(openGraph(trunk, { classes: ["a", "b"] }), /2 names \(expected 0/);
  const tower = smallNetwork((b, maps) => gemm(b, b.node("Flatten", [b.node("GlobalAveragePool", [maps])])));
  using embedded = await openGraph(tower, { classes: [] });
  assert.deepEqual([embedded.classes, embedded.head.form], [[], "embedding"]);
  assert.equal((await look(embedded, photo)).features.length, K);
});

/** Tokens that attention mixes, their number open, for pictures of less rows than this. */
const openSizes = (rows: number) =>
  smallNetwork(
    (b, maps) => {
      const flat = b.node("Transpose", [b.node("Reshape", [maps, b.ints(0, K, -1)])], { perm: [0, 2, 1] });
      const height = b.node("Slice", [b.node("Shape", ["image"]), b.ints(2), b.ints(3)]);
      const tokens = b.node("Add", [flat, b.node("Gather", [b.floats([rows, K]), height])]);
      const scores = b.node("MatMul", [tokens, b.node("Transpose", [tokens], { perm: [0, 2, 1] })]);
      const values = b.node("MatMul", [
        b.node("Softmax", [scores], { axis: -1 }),
        b.node("MatMul", [tokens, b.floats([K, K])]),
      ]);
      const joined = b.node("Add", [tokens, values]);
      const mean = b.node("GlobalAveragePool", [b.node("Transpose", [joined], { perm: [0, 2, 1] })]);
      return gemm(b, b.node("Flatten", [mean]));
    },
    { dims: ["N", "channels", "height", "width"] },
  );

test("where sizes are open and so is the number of tokens, they are those of the pictures, and that is said", async () => {
  using network = await openGraph(openSizes(9));
  assert.match(network.head.summary, /5×4×5 \(tokens\) → average/);
  assert.match(network.notes.join(), /follows from the size of pictures, here 10×8/);
  const seen = await look(network, photo);
  const mean = cam(seen, 1).data.reduce((a, b) => a + b, 0) / (H * W);
  assert.ok(Math.abs(mean + (network.head.bias?.[1] ?? 0) - seen.logits[1]) < 1e-5);
});

test("sizes that are open but were followed at one alone are refused at another when the network opens", async () => {
  await assert.rejects(openGraph(openSizes(8)), {
    name: "CamlabError",
    message: /cannot be run on pictures of 10×8, .* pass \{ size \}/,
  });
});
