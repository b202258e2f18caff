import assert from "node:assert/strict";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import type { GapHead } from "../../../../src/kernel-helpers/graph/head/gap-head.js";
import type { Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import { exposeHead, headOutputs } from "../../../../src/kernel-helpers/graph/surgery/expose-head.js";
import { images, run, SMALL } from "../build-graph.js";

/** A rewritten graph computes what the first did, and its head's weights times its pooled features are the scores. */
export async function sameScores(before: Graph, after: Graph): Promise<GapHead> {
  const dims = [1, ...SMALL.image];
  const head = findGapHead(after);
  const whole = (await run(before, images(1), dims))[before.outputs[0].name].data;
  const rewritten = (await run(after, images(1), dims))[after.outputs[0].name].data;
  const names = headOutputs(head);
  const exposed = await run(exposeHead(after, head), images(1), dims);
  const [features, logits] = [exposed[names.features].data, exposed[names.logits].data];
  assert.equal(rewritten.length, whole.length);
  whole.forEach((value, c) => assert.ok(Math.abs(value - rewritten[c]) < 1e-5, `output ${c}`));
  if (head.form !== "pool-then-classify") return head;
  logits.forEach((score, c) => {
    let sum = head.bias?.[c] ?? 0;
    features.forEach((value, k) => (sum += head.weights[c * features.length + k] * value));
    assert.ok(Math.abs(score - sum) < 1e-5, `score ${c}: ${score} is not ${sum}`);
  });
  return head;
}
