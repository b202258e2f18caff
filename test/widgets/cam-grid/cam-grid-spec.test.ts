import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { boxPercents, camGridSpec } from "../../../src/widgets/cam-grid/cam-grid-spec.js";
import { HOSTILE, sampleGrid } from "../sample-grid.js";
import { warningsOf } from "../warnings-of.js";

const golden = join(import.meta.dirname, "../../fixtures/widgets/cam-grid.vl.json");

describe("camGridSpec", () => {
  test("is the spec that was looked at (CAMLAB_UPDATE=1 writes it anew: then look again)", () => {
    const spec = camGridSpec(sampleGrid());
    if (process.env.CAMLAB_UPDATE) writeFileSync(golden, `${JSON.stringify(spec, null, 1)}\n`);
    assert.deepEqual(JSON.parse(JSON.stringify(spec)), JSON.parse(readFileSync(golden, "utf8")));
  });

  test("compiles without a warning", () => {
    assert.deepEqual(warningsOf(camGridSpec(sampleGrid())), []);
    assert.deepEqual(warningsOf(camGridSpec({ ...sampleGrid(), boxes: { label: "the authors' rule" } })), []);
  });

  test("never lets a name into an expression", () => {
    const data = sampleGrid([HOSTILE, "datum.x"]);
    const spec = camGridSpec({ ...data, photos: [{ ...data.photos[0], name: HOSTILE }] });
    const expressions: string[] = [];
    JSON.stringify(spec, (key, value: unknown) => {
      if ((key === "expr" || key === "filter") && typeof value === "string") expressions.push(value);
      return value;
    });
    assert.deepEqual([...new Set(expressions)].sort(), [
      '"box: largest area above " + boxPercent + " % of the maximum"',
      "datum.percent === boxPercent",
      "overlay",
    ]);
  });

  test("keeps a photo's proportions, and puts panoramas and towers in rows no wider than 1,000 pixels", () => {
    for (const [width, height] of [
      [6000, 1000],
      [1000, 4000],
      [333, 777],
    ]) {
      const data = sampleGrid();
      const photo = { ...data.photos[0], width, height, panels: Array(8).fill(data.photos[0].panels[0]) as never };
      const rows = camGridSpec({ ...data, photos: [photo], size: 200 }).vconcat as {
        spacing: number;
        hconcat?: { width: number; height: number }[];
      }[];
      for (const { hconcat = [], spacing } of rows) {
        for (const view of hconcat) assert.ok(Math.abs(view.width / view.height / (width / height) - 1) < 0.03);
        const wide = hconcat.reduce((sum, view) => sum + view.width + spacing, -spacing);
        assert.ok(hconcat.length === 0 || wide <= 1000, `${width}×${height}: a row of ${wide} pixels`);
      }
    }
  });
});

test("the slider's steps go through the first threshold and stay within 0–100", () => {
  for (const first of [0, 0.5, 5, 20, 33.3, 97, 99]) {
    const steps = boxPercents(first);
    assert.ok(
      steps.some((step) => step === first),
      `${first} is missing in ${steps.join()}`,
    );
    assert.ok(steps.every((step) => step >= 0 && step < 100));
  }
});
