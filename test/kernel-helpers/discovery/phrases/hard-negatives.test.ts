import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mineHardNegatives } from "../../../../src/kernel-helpers/discovery/phrases/hard-negatives.js";
import { matrixOf, selectRows } from "../../../../src/kernel-helpers/support/matrix.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { usualSvm } from "../../../../src/kernel-helpers/discovery/new-task/usual-svm.js";
import { trainLinearSvm } from "../../../../src/kernel-helpers/svm/train-linear-svm.js";

/**
 * On a plane: 20 positives around (4, 0), 200 easy negatives around (−4, 0) and 5 hard ones around (3, −3). Easy and
 * positive differ in x alone; only the hard ones teach that y counts.
 */
const random = seededRandom("plane");
const around = (x: number, y: number, count: number) =>
  Array.from({ length: count }, () => [x + 0.5 * random() - 0.25, y + 0.5 * random() - 0.25]);
const plane = matrixOf([...around(4, 0, 20), ...around(-4, 0, 200), ...around(3, -3, 5)]);
const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const [positives, negatives, hard] = [rows(0, 20), rows(20, 225), rows(220, 225)];
const svm = { steps: [], C: 10, tolerance: 1e-8 } as const;

describe("hard-negative mining", () => {
  test("on a plane: the hard ones come in first, and teach the second axis", async () => {
    const mined = await mineHardNegatives(plane, positives, negatives, { initial: 5, seed: 1, svm, name: "disc" });
    const { rounds } = mined;
    const [first, second, last] = [rounds[0], rounds[1], rounds[rounds.length - 1]];
    assert.ok(
      first.added.every(({ row, score }) => row < 220 && Number.isNaN(score)),
      "the seed draws easy ones only",
    );
    const [wrong, within] = [second.added.slice(0, 5), second.added.slice(5)];
    assert.deepEqual(wrong.map(({ row }) => row).sort(), hard);
    assert.ok(
      wrong.every(({ score }) => score > 0.5),
      "x = 3 looked positive",
    );
    assert.ok(within.length > 0 && within.every(({ row, score }) => row < 220 && score > -1 && score < -0.5));
    const scores = second.added.map(({ score }) => score);
    assert.deepEqual(
      scores,
      [...scores].sort((a, b) => b - a),
    );
    assert.deepEqual(
      [first.negatives, first.hard, second.negatives],
      [5, second.added.length, 5 + second.added.length],
    );
    assert.deepEqual([last.hard, rounds.length <= 4], [0, true]);
    assert.equal(mined.stopped, "none above the margin");
    assert.deepEqual(mined.svm.classes, ["not disc", "disc"]);
    const [before, after] = [first.svm, mined.svm].map((one) => one.weightsOf("disc"));
    assert.ok(Math.abs(before[1]) < 0.1 * before[0]);
    assert.ok(after[1] > 0.2 * after[0]);
  });

  test("when none is left above the margin, the detector is the one of all negatives", async () => {
    const cloud = matrixOf(
      Array.from({ length: 600 }, (_, i) =>
        Array.from({ length: 8 }, (_, k) => random() + random() + (i < 60 && k < 2 ? 0.6 : 0)),
      ),
    );
    const [some, others] = [rows(0, 60), rows(60, 600)];
    const labels = rows(0, 600).map((row) => (row < 60 ? "positive" : "not positive"));
    const whole = await trainLinearSvm(selectRows(cloud, rows(0, 600)), labels, { ...svm, positive: "positive" });
    const expected = whole.decisionValues(cloud).data;
    for (const seed of [1, 2]) {
      const mined = await mineHardNegatives(cloud, some, others, { initial: 20, perRound: 40, rounds: 50, seed, svm });
      assert.equal(mined.stopped, "none above the margin");
      assert.ok(mined.rounds.length > 3);
      const got = mined.svm.decisionValues(cloud).data;
      assert.ok(
        got.every((value, i) => Math.abs(value - expected[i]) < 1e-3),
        `seed ${seed}`,
      );
      const all = mined.rounds.flatMap(({ added }) => added.map(({ row }) => row));
      assert.equal(new Set(all).size, all.length);
      assert.equal(all.length, mined.rounds[mined.rounds.length - 1].negatives);
    }
  });

  test("with what is learned from rows, too: steps and balance are those of all rows, in every round", async () => {
    const cloud = matrixOf(
      Array.from({ length: 600 }, (_, i) =>
        // Few far-off rows among many: whoever learns a deviation from some of them learns another one.
        Array.from(
          { length: 8 },
          (_, k) => random() + random() + (i < 60 && k < 2 ? 0.6 : 0) + (i % 97 === 70 ? 9 : 0),
        ),
      ),
    );
    const [some, others] = [rows(0, 60), rows(60, 600)];
    const labels = rows(0, 600).map((row) => (row < 60 ? "positive" : "not positive"));
    for (const options of [
      { C: 10 },
      { C: 10, steps: ["standardise"] },
      { C: 1, steps: ["l2Normalise", "standardise"], classWeights: "balanced" },
      { C: 1, steps: [], classWeights: { positive: 4 } },
    ] as const) {
      const exact = { ...usualSvm(8, "steps" in options ? options.steps : undefined), ...options, tolerance: 1e-8 };
      const whole = await trainLinearSvm(cloud, labels, { ...exact, positive: "positive" });
      const settings = { initial: 20, perRound: 60, rounds: 50, seed: 3, svm: exact };
      const mined = await mineHardNegatives(cloud, some, others, settings);
      assert.equal(mined.stopped, "none above the margin");
      assert.ok(mined.rounds.at(-1)!.negatives < 540, "some were left out");
      const [got, wanted] = [mined.svm.decisionValues(cloud).data, whole.decisionValues(cloud).data];
      assert.ok(
        got.every((value, i) => Math.abs(value - wanted[i]) < 1e-3),
        JSON.stringify(options),
      );
    }
  });

  test("same seed, same bytes; the limit of rounds; a signal", async () => {
    const run = (options: object) => mineHardNegatives(plane, positives, negatives, { initial: 5, svm, ...options });
    const [a, b] = [await run({ seed: 1 }), await run({ seed: 1 })];
    assert.deepEqual(a.svm.toJSON(), b.svm.toJSON());
    const none = await run({ seed: 1, rounds: 0 });
    assert.deepEqual([none.rounds.length, none.stopped, none.rounds[0].hard > 5], [1, "round limit", true]);
    const slow = await run({ seed: 1, perRound: 1 });
    assert.deepEqual(
      slow.rounds.slice(1).map(({ added }) => added.length),
      slow.rounds.slice(1).map(() => 1),
    );
    await assert.rejects(run({ signal: AbortSignal.abort(new Error("enough")) }), /enough/);
  });

  test("refuses what cannot be learned from", async () => {
    await assert.rejects(mineHardNegatives(plane, [], negatives), /no positives/);
    await assert.rejects(mineHardNegatives(plane, positives, []), /no negatives/);
    await assert.rejects(mineHardNegatives(plane, [0, 1], [1, 2]), /row 1 is named twice/);
    await assert.rejects(mineHardNegatives(plane, [0], [900]), /invalid row: 900/);
    await assert.rejects(mineHardNegatives(plane, [0], [1], { initial: 0 }), /invalid initial: 0/);
  });
});
