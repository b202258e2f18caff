import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TrustReport } from "../../../src/kernel-helpers/boxes/trust/trust.js";
import { MEASURES } from "../../../src/kernel-helpers/cam/faithfulness/measures.js";
import { trustChart } from "../../../src/widgets/trust/trust-chart.js";
import { warningsOf } from "../warnings-of.js";

const interval = (value: number, reach = 0.1) => ({
  ...{ value, low: value - reach, high: value + reach },
  ...{ confidence: 0.95, resamples: 1 },
});
const row = (way: string, title: string, deletion: number, over: number, control = false) => ({
  ...{ way, title, control, counts: { deletion: 3, pointing: 0 } },
  values: { deletion: interval(deletion), pointing: interval(NaN) },
  overControl: { deletion: interval(over), pointing: interval(NaN) },
});
const report: TrustReport = {
  network: "net <b>",
  measures: MEASURES.filter(({ name }) => name === "deletion" || name === "pointing"),
  rows: [
    row("cam", "CAM", 0.1, 0.3),
    row("rise", "RISE", 0.4, 0.02),
    row("saliency", "Saliency", 0.7, -0.3),
    row("random", "Random map", 0.4, 0, true),
  ],
  pictures: [],
  skipped: [],
  notes: [],
};

describe("a chart of what maps can be believed", () => {
  test("a panel a measure that has numbers, each way told apart from the control by its interval", async () => {
    const spec = await trustChart(report).spec();
    assert.equal(
      spec.description,
      "Which map to believe. Deletion, lower is better: CAM 0.10 (better than the dashed line), " +
        "RISE 0.40 (not told apart from it), Saliency 0.70 (worse), Random map 0.40 (knows nothing of the photo).",
    );
    assert.ok(!JSON.stringify(spec).includes("Pointing"));
    assert.deepEqual(warningsOf(spec), []);
  });

  test("what is no report is refused, and so are options that it has not", () => {
    assert.throws(() => trustChart({} as never), /what boxes.trust gives/);
    assert.throws(() => trustChart(report, { columns: 0 }), /columns/);
    assert.throws(() => trustChart(report, { column: 2 } as never), /did you mean "columns"/);
  });
});
