import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withPlainEinsums } from "../../../../src/kernel-helpers/graph/surgery/plain-einsums.js";
import { smallNetwork, SMALL, type Builder } from "../build-graph.js";
import { sameScores } from "./same-scores.js";

const { channels: K, classes: C } = SMALL;
const gap = (b: Builder, maps: string) => b.node("GlobalAveragePool", [maps]);
const flat = (b: Builder, maps: string) => b.node("Flatten", [gap(b, maps)]);
const einsum = (b: Builder, inputs: readonly string[], equation: string) => b.node("Einsum", inputs, { equation });

const FORMS: readonly [string, (b: Builder, maps: string) => string][] = [
  ["...c,ck->...k", (b, maps) => einsum(b, [flat(b, maps), b.floats([K, C])], "...c,ck->...k")],
  ["ab,bc without an output", (b, maps) => einsum(b, [flat(b, maps), b.floats([K, C])], "ab,bc")],
  ["a matrix first", (b, maps) => einsum(b, [b.floats([C, K]), flat(b, maps)], "OI,bI->bO")],
  ["pooled maps with their axes of one", (b, maps) => einsum(b, [gap(b, maps), b.floats([C, K])], "bchw,kc->bk")],
  ["maps, pooled by the sum itself", (b, maps) => einsum(b, [maps, b.floats([C, K])], "bchw,kc->bk")],
  ["a sum over places alone", (b, maps) => b.node("MatMul", [einsum(b, [maps], "b c h w -> b c"), b.floats([K, C])])],
  [
    "a factor for each channel",
    (b, maps) => b.node("MatMul", [einsum(b, [flat(b, maps), b.floats([K])], "nc,c->nc"), b.floats([K, C])]),
  ],
  [
    "a classifier of every place, channels last, pooled then",
    (b, maps) => {
      const last = b.node("Transpose", [maps], { perm: [0, 2, 3, 1] });
      const scores = einsum(b, [last, b.floats([K, C])], "bhwc,ck->bkhw");
      return b.node("Softmax", [flat(b, scores)]);
    },
  ],
];

describe("an Einsum is written in plain operators, and computes the same", () => {
  for (const [name, tail] of FORMS) {
    for (const opset of [12, 13]) {
      test(`${name}, operator set ${opset}`, async () => {
        const graph = smallNetwork(tail, { opset });
        const plain = withPlainEinsums(graph);
        assert.ok(plain.nodes.every(({ opType }) => opType !== "Einsum"));
        assert.equal((await sameScores(graph, plain)).logits.classes, C);
      });
    }
  }

  test("a product of three, and a trace, are left as they are", () => {
    const graph = smallNetwork((b, maps) =>
      einsum(b, [flat(b, maps), b.floats([K, 4]), b.floats([4, C])], "nc,cd,dk->nk"),
    );
    assert.equal(withPlainEinsums(graph), graph);
  });
});
