import assert from "node:assert/strict";
import { test } from "node:test";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { exposeHead, headOutputs } from "../../../../src/kernel-helpers/graph/surgery/expose-head.js";
import { withJoinedScores } from "../../../../src/kernel-helpers/graph/surgery/join-scores.js";
import { sigmoid } from "../../../../src/kernel-helpers/networks/sigmoid.js";
import { images, run, smallNetwork, SMALL, type Builder } from "../build-graph.js";

const { channels: K } = SMALL;
const pooled = (b: Builder, maps: string) => b.node("Flatten", [b.node("GlobalAveragePool", [maps])]);
const dims = [1, ...SMALL.image];

const FORMS: readonly { name: string; tail: (b: Builder, maps: string) => string }[] = [
  {
    name: "a classifier and a sigmoid for each label",
    tail: (b, maps) => {
      const mean = pooled(b, maps);
      const each = [1, 2, 3].map(() => b.node("Sigmoid", [b.node("Gemm", [mean, b.floats([K, 1]), b.floats([1])])]));
      return b.node("Identity", [b.node("Concat", each, { axis: -1 })]);
    },
  },
  {
    name: "two groups of labels, flattened at the end",
    tail: (b, maps) => {
      const mean = pooled(b, maps);
      const each = [2, 1].map((n) => b.node("Sigmoid", [b.node("Gemm", [mean, b.floats([K, n])])]));
      return b.node("Flatten", [b.node("Concat", each, { axis: 1 })]);
    },
  },
];

for (const { name, tail } of FORMS) {
  test(`sigmoids of scores one by one are one of all scores: ${name}`, async () => {
    const graph = smallNetwork(tail);
    const joined = withJoinedScores(graph);
    const head = findGapHead(joined);
    assert.deepEqual([head.probabilities, head.logits.classes], ["sigmoid", 3]);
    const whole = (await run(graph, images(1), dims))[graph.outputs[0].name].data;
    const logits = (await run(exposeHead(joined, head), images(1), dims))[headOutputs(head).logits].data;
    sigmoid(logits).forEach((p, c) => assert.ok(Math.abs(p - whole[c]) < 1e-6));
  });
}

test("other joins are left as they are", () => {
  const graph = smallNetwork((b, maps) => {
    const mean = pooled(b, maps);
    return b.node("Concat", [b.node("Sigmoid", [mean]), b.node("Tanh", [mean])], { axis: 1 });
  });
  assert.equal(withJoinedScores(graph), graph);
});
