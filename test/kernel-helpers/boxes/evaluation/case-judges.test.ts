import assert from "node:assert/strict";
import { test } from "node:test";
import { CaseJudges, type Judgement } from "../../../../src/kernel-helpers/boxes/evaluation/case-judges.js";
import { settingOf } from "../../../../src/kernel-helpers/boxes/evaluation/evaluation-options.js";
import type { CaseToJudge } from "../../../../src/kernel-helpers/boxes/evaluation/judge-case.js";
import { placementOf } from "../../../../src/kernel-helpers/images/input/placement.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { preprocessing } from "../../images/pictures.js";

const random = seededRandom("case judges");
const placement = placementOf(preprocessing({ width: 20, height: 12, fit: "squash" }), 50, 40);
const mapOf = () => {
  // The map's numbers are a part of a longer array, as those of a run of many pictures are.
  const data = Float32Array.from({ length: 24 }, () => 3 * random() - 1).subarray(6, 18);
  return { width: 4, height: 3, data, placement };
};
const one = (): CaseToJudge => ({
  boxes: [{ x: 50 * random() - 10, y: 20 * random(), width: 20, height: 10 }],
  masks: [{ width: 5, height: 4, counts: [7, 3, 10] }],
  ignored: [{ width: 5, height: 4, counts: [0, 2, 18] }],
  seen: {
    ...{ imageWidth: 50, imageHeight: 40, trueMap: mapOf(), maps: [mapOf(), mapOf()] },
    top: [0, 1].map((index) => ({ index, probability: 0.5 })),
  },
});
const noPhoto = () => Promise.reject(new Error("no photo is asked for"));

for (const protocol of ["cvpr2016", "wsol2020"] as const) {
  test(`threads judge as the calling thread does, and tell what cannot be judged: ${protocol}`, async () => {
    const torn = { ...one(), masks: [{ width: 5, height: 4, counts: [1] }] };
    const groups = [Array.from({ length: 70 }, one), [one(), torn, one()], [one()], []];
    const judgedBy = async (cores: number) => {
      await using judges = new CaseJudges(settingOf({ protocol, step: 0.1 }), { cores, after: 64 });
      const all = await Promise.all(groups.map((group) => judges.judge(group, noPhoto)));
      return all.flat();
    };
    const [alone, apart] = [await judgedBy(1), await judgedBy(3)];
    assert.deepEqual(apart, alone);
    const error = (judgement: Judgement) => ("error" in judgement ? judgement.error : undefined);
    if (protocol === "wsol2020") assert.match(error(alone[71])!, /a mask of 5 × 4 pixels has counts for 1/);
    assert.equal(alone.filter((judgement) => error(judgement) !== undefined).length, protocol === "wsol2020" ? 1 : 0);
  });
}

test("what was given before it was stopped is not judged", async () => {
  const controller = new AbortController();
  await using judges = new CaseJudges(settingOf({}), { cores: 1, signal: controller.signal });
  const judged = judges.judge([one(), one()], noPhoto);
  controller.abort();
  await assert.rejects(judged, { name: "AbortError" });
});
