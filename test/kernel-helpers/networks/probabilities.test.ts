import assert from "node:assert/strict";
import { test } from "node:test";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import type { OpenNetworkOptions } from "../../../src/kernel-helpers/networks/open-network.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { smallNetwork, SMALL, type Builder } from "../graph/build-graph.js";
import { openGraph } from "./open-small.js";

const random = seededRandom("a photo");
const photo = { width: 10, height: 8, data: Uint8Array.from({ length: 240 }, () => Math.floor(random() * 256)) };

function ending(classes: number, end: (b: Builder, z: string) => string) {
  return smallNetwork((b, maps) => {
    const pooled = b.node("Flatten", [b.node("GlobalAveragePool", [maps])]);
    return end(b, b.node("Gemm", [pooled, b.floats([classes, SMALL.channels])], { transB: 1 }));
  });
}

async function seen(classes: number, end: (b: Builder, z: string) => string, options: OpenNetworkOptions = {}) {
  using network = await openGraph(ending(classes, end), options);
  const { logits, probabilities } = await look(network, photo);
  return { logits: [...logits], probabilities: [...probabilities], kind: network.card.probabilities };
}

const each = (logits: readonly number[]) => logits.map((z) => 1 / (1 + Math.exp(-z)));
const near = (found: readonly number[], wanted: readonly number[]) =>
  wanted.forEach((value, i) => assert.ok(Math.abs(found[i] - value) < 1e-6, `${found[i]} against ${value}`));

test("one logit is a question answered by its sigmoid, whether or not the graph ends in it", async () => {
  for (const end of [(b: Builder, z: string) => b.node("Sigmoid", [z]), (_b: Builder, z: string) => z]) {
    const { logits, probabilities } = await seen(1, end);
    near(probabilities, each(logits));
    assert.ok(probabilities[0] !== 1);
  }
});

test("many labels of a graph that ends in sigmoid each have their own probability", async () => {
  const { logits, probabilities } = await seen(4, (b, z) => b.node("Sigmoid", [z]));
  near(probabilities, each(logits));
});

test("several bare logits are taken for one choice, and their probabilities sum to 1", async () => {
  const { probabilities, kind } = await seen(4, (_b, z) => z);
  assert.equal(kind, "softmax");
  assert.ok(Math.abs(probabilities.reduce((a, b) => a + b) - 1) < 1e-6);
});

test("the option overrules the graph, and a misspelt one is refused", async () => {
  const { logits, probabilities } = await seen(3, (b, z) => b.node("Softmax", [z]), { probabilities: "sigmoid" });
  near(probabilities, each(logits));
  const wrong = { probabilities: "sigmoids" } as unknown as OpenNetworkOptions;
  await assert.rejects(
    seen(3, (_b, z) => z, wrong),
    /invalid probabilities: "sigmoids" \(expected "softmax" or "sigmoid"\)/,
  );
});
