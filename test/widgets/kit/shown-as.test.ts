import assert from "node:assert/strict";
import { describe, test } from "node:test";
import sharp from "sharp";
import { accuracyChartSpec } from "../../../src/widgets/kit/accuracy-chart-spec.js";
import { camGridSpec } from "../../../src/widgets/cam-grid/cam-grid-spec.js";
import { shownAs } from "../../../src/widgets/kit/shown-as.js";
import { Widget } from "../../../src/widgets/kit/widget.js";
import { confusionChartSpec } from "../../../src/widgets/probes/confusion-chart-spec.js";
import { probeChartSpec } from "../../../src/widgets/probes/probe-chart-spec.js";
import { trainingCurveSpec } from "../../../src/widgets/training/training-curve-spec.js";
import { sampleGrid } from "../sample-grid.js";
import { warningsOf } from "../warnings-of.js";

const accuracy = { value: 0.8, low: 0.7, high: 0.9 };
const line = { name: "a", points: [1, 2, 3].map((epoch) => ({ epoch, loss: 3 - epoch, figure: 30 * epoch })) };
const SPECS = {
  "a grid of maps": camGridSpec(sampleGrid()),
  "a chart of accuracies": accuracyChartSpec({
    title: "Accuracy",
    kinds: [{ name: "all", questions: 30 }],
    series: [{ name: "words", accuracies: [accuracy] }],
  }),
  "a confusion matrix": confusionChartSpec({ classes: ["cat", "dog"], counts: [[3, 1], [0, 2]] }), // prettier-ignore
  "a chart of tasks": probeChartSpec({
    title: "Tasks",
    bars: [{ name: "scenes", note: "2 classes", accuracy: 80, low: 70, high: 90, chance: 50 }],
  }),
  "curves of a training": trainingCurveSpec({ title: "T", figureName: "accuracy, %", names: ["a"], lines: [line] }),
};

async function pixels(widget: Widget, width: number) {
  return sharp(await widget.toPng({ scale: 1 })).resize({ width }).removeAlpha().raw().toBuffer({ resolveWithObject: true }); // prettier-ignore
}

describe("scale", () => {
  for (const [name, spec] of Object.entries(SPECS)) {
    test(`${name}: everything is larger, text and lines too`, async () => {
      assert.deepEqual(warningsOf(shownAs(spec, { scale: 2, theme: "light" })), []);
      const large = await sharp(await new Widget(spec).toPng({ scale: 2 })).metadata();
      const scaled = await sharp(await new Widget(spec, { scale: 2 }).toPng({ scale: 1 })).metadata();
      for (const side of ["width", "height"] as const) {
        assert.ok(
          Math.abs(scaled[side] - large[side]) <= 0.04 * large[side],
          `${side}: ${scaled[side]} for ${large[side]}`,
        );
      }
      // Both brought back to one size look alike: what had stayed small would not be where it was. (A white picture
      // differs by 2.8 and more, small text by 3.4.)
      const [one, two] = [await pixels(new Widget(spec), 60), await pixels(new Widget(spec, { scale: 2 }), 60)];
      const same = Math.min(one.data.length, two.data.length);
      let difference = 0;
      for (let i = 0; i < same; i++) difference += Math.abs(one.data[i] - two.data[i]);
      assert.ok(difference / same < 2.5, `pixels differ by ${difference / same} on average`);
    });
  }
});

describe("theme", () => {
  for (const [name, spec] of Object.entries(SPECS)) {
    test(`${name}: dark ground, light text, nothing left that is as dark as the ground`, async () => {
      assert.deepEqual(warningsOf(shownAs(spec, { scale: 1, theme: "dark" })), []);
      const { dominant } = await sharp(await new Widget(spec, { theme: "dark" }).toPng({ scale: 1 })).stats();
      assert.ok(dominant.r < 60 && dominant.g < 60 && dominant.b < 60, JSON.stringify(dominant));
      const svg = await new Widget(spec, { theme: "dark" }).toSvg();
      assert.equal(/fill="#(1f2933|5b6875)"/.test(svg), false);
      assert.equal(/fill="#e8ecf1"|fill="#a9b4c0"/.test(svg), true);
    });
  }

  test("a class that is called like a colour keeps its name", () => {
    const spec = shownAs(camGridSpec(sampleGrid(["#1f2933"])), { scale: 1, theme: "dark" });
    assert.ok(JSON.stringify(spec).includes('"text":"#1f2933"'));
  });
});

test("a gradient runs over all of what it fills at every scale", () => {
  const stops = (spec: unknown) =>
    /"gradient":"linear"/.test(JSON.stringify(spec)) && /"x1":0,"y1":0,"x2":1,"y2":0/.test(JSON.stringify(spec));
  const spec = camGridSpec(sampleGrid());
  assert.deepEqual([stops(spec), stops(shownAs(spec, { scale: 3, theme: "light" }))], [true, true]);
});

test("options outside their range are refused at once", () => {
  assert.throws(() => new Widget(SPECS["a grid of maps"], { scale: 9 }), /invalid scale: 9/);
  assert.throws(() => new Widget(SPECS["a grid of maps"], { theme: "blue" as "dark" }), /invalid theme: "blue"/);
});
