import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compile } from "vega-lite";
import { trainingCurve } from "../../../src/widgets/training/training-curve.js";
import { HOSTILE } from "../sample-grid.js";
import { testGoldenSpec } from "../golden-spec.js";

const history = (end: number) =>
  [1, 2, 3].map((epoch) => ({ epoch, loss: end + 2 / epoch, validation: { loss: 1, accuracy: 0.25 * epoch - end } }));
const runs = [
  { name: "one", history: history(0) },
  { name: "one", history: history(0.1) },
  { name: "other", history: history(0.2) },
];

describe("trainingCurve", () => {
  testGoldenSpec("training-curve", () => trainingCurve(runs));

  test("a line a run in each panel, in the colour of its name; without validation the loss alone", async () => {
    const svg = async (of: Parameters<typeof trainingCurve>[0]) => {
      const { View, parse } = await import("vega");
      const view = new View(parse(compile((await trainingCurve(of).spec()) as never).spec), { renderer: "none" });
      return (await view.runAsync()).toSVG();
    };
    const strokes = (text: string) =>
      [...text.matchAll(/aria-roledescription="line mark"[^>]*stroke="(#\w+)"/g)].map(([, colour]) => colour);
    assert.deepEqual(strokes(await svg(runs)), ["#0072b2", "#0072b2", "#d55e00", "#0072b2", "#0072b2", "#d55e00"]);
    assert.equal(
      strokes(
        await svg({
          history: [
            { epoch: 1, loss: 2 },
            { epoch: 2, loss: 1 },
          ],
        }),
      ).length,
      1,
    );
  });

  test("a hostile name stays text", async () => {
    const curve = trainingCurve([{ ...runs[0], name: HOSTILE }, runs[2]], { title: HOSTILE });
    assert.doesNotMatch(await curve.toHtml(), /<script>alert/);
    assert.doesNotMatch(JSON.stringify(await curve.spec()), /"(expr|filter|signal|calculate)"/);
  });

  test("refuses no runs, no epochs, a loss that is no number", () => {
    assert.throws(() => trainingCurve([]), /invalid runs/);
    assert.throws(() => trainingCurve({ history: [] }), /invalid history of training/);
    assert.throws(
      () => trainingCurve({ history: [{ epoch: 1, loss: NaN }] }),
      /invalid loss of training, epoch 1: NaN/,
    );
  });
});
