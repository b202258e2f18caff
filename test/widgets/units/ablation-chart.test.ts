import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { UnitAblation } from "../../../src/kernel-helpers/discovery/units/ablation.js";
import { ablationChart } from "../../../src/widgets/units/ablation-chart.js";
import { warningsOf } from "../warnings-of.js";

const interval = (value: number) => ({ value, low: value - 0.1, high: value + 0.1, confidence: 0.95, resamples: 1 });
const outcome = (accuracy: number, score: number) => ({ accuracy, score });
const ablation: UnitAblation = {
  channels: 10,
  pictures: 20,
  draws: 2,
  seed: 0,
  before: interval(0.9),
  all: [{ units: 1, share: 0.1, top: interval(0.6), random: interval(0.1), times: interval(6), others: 0.05 }],
  classes: [
    {
      class: "dog",
      pictures: 20,
      units: [{ unit: 3, weight: 2 }],
      before: { ...outcome(0.9, 5), others: 0.8 },
      steps: [{ units: 1, share: 0.1, top: outcome(0.3, -1), random: outcome(0.8, 4), others: 0.75 }],
    },
  ],
};

/** Everything that is drawn as a line, by its name. */
function pointsOf(spec: unknown): { name: string; share: number; value: number; low?: number }[] {
  if (typeof spec !== "object" || spec === null) return [];
  const { mark, data } = spec as { mark?: { type?: string }; data?: { values: [] } };
  return mark?.type === "line" ? data!.values : Object.values(spec).flatMap(pointsOf);
}

describe("a chart of silenced units", () => {
  test("all classes: what is left, from no unit on, with intervals", async () => {
    const spec = await ablationChart(ablation).spec();
    const near = (value: number) => Number(value.toFixed(6));
    assert.deepEqual(
      pointsOf(spec).map(({ share, value, low }) => [share, near(value), low === undefined ? undefined : near(low)]),
      [
        [0, 0.9, 0.9],
        [0.1, 0.3, 0.2],
        [0, 0.9, 0.9],
        [0.1, 0.8, 0.7],
        [0, 0.8, undefined],
        [0.1, 0.75, undefined],
      ],
    );
    assert.match(
      spec.description!,
      /1 classes, 20 pictures: accuracy .* its own top units silent: 90 % at 0 %, 30 % at 10 %/,
    );
    assert.deepEqual(warningsOf(spec), []);
  });

  test("a class: accuracy, or the score alone", async () => {
    const values = async (measure: "accuracy" | "score") =>
      pointsOf(await ablationChart(ablation, { classes: ["dog"], measure }).spec()).map(({ value }) => value);
    assert.deepEqual(await values("accuracy"), [0.9, 0.3, 0.9, 0.8, 0.8, 0.75]);
    assert.deepEqual(await values("score"), [5, -1, 5, 4]);
  });

  test("refuses classes that were not looked at, and scores of all", () => {
    assert.throws(
      () => ablationChart(ablation, { classes: ["cat"] }),
      /invalid class: "cat" \(expected one of "dog"\)/,
    );
    assert.throws(() => ablationChart(ablation, { classes: [] }), /at least one class/);
    assert.throws(() => ablationChart(ablation, { measure: "score" }), /a list of classes/);
  });
});
