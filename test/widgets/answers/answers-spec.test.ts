import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answersChartSpec, type AnswersChartData } from "../../../src/widgets/kit/answers-chart-spec.js";
import { type AnswersData, answersSpec } from "../../../src/widgets/answers/answers-spec.js";
import type { VegaSpec } from "../../../src/widgets/kit/vega-spec.js";
import { HOSTILE } from "../sample-grid.js";
import { warningsOf } from "../warnings-of.js";

const PIXEL = "data:image/png;base64,iVBORw0KGgo=";

function sample(name = "red"): AnswersData {
  return {
    rows: [
      {
        question: `what colour is the ${name}?`,
        note: name,
        photo: { name, uri: PIXEL, greyUri: PIXEL, aspect: 1.5 },
        heatUri: PIXEL,
        answers: [
          { answer: name, probability: 0.8 },
          { answer: "blue", probability: 0.001 },
        ],
        parts: [
          { name, kind: "word", contribution: 0.5 },
          { name, kind: "word", contribution: 0.5 },
          { name: "the photo", kind: "photo", contribution: -2.04 },
          { name: "the answer itself", kind: "bias", contribution: -0.001 },
        ],
      },
    ],
    colours: ["#000000", "#ffffff"],
    opacity: 0.6,
    size: 150,
  };
}

const chart: AnswersChartData = {
  title: "Accuracy",
  kinds: [
    { name: "all", questions: 30 },
    { name: HOSTILE, questions: 10 },
  ],
  series: [
    { name: "words and photo", accuracies: [{ value: 0.8, low: 0.7, high: 0.9 }, undefined] },
    { name: HOSTILE, accuracies: [undefined, { value: 0.3, low: 0.2, high: 0.4 }] },
  ],
};

/** All texts of a spec that Vega would draw. */
function textsOf(spec: VegaSpec): string[] {
  const texts: string[] = [];
  JSON.stringify(spec, (key, value: unknown) => {
    if ((key === "text" || key === "name") && typeof value === "string") texts.push(value);
    return value;
  });
  return texts;
}

describe("a view of answered questions", () => {
  test("compiles without a warning, and says what is to be seen", () => {
    assert.deepEqual(warningsOf(answersSpec(sample())), []);
    assert.equal(answersSpec(sample()).description, "red: “what colour is the red?” red, probability 0.80.");
  });

  test("shows probabilities and signed contributions; next to nothing has no sign", () => {
    const texts = textsOf(answersSpec(sample()));
    for (const text of ["0.80", "<0.01", "+0.5", "−2.0", "±0.0"]) assert.ok(texts.includes(text), text);
  });

  test("keeps two bars for a word that comes twice", () => {
    const [row] = answersSpec(sample()).vconcat as { hconcat: { data?: { values: { row: number }[] } }[] }[];
    const rows = row.hconcat[3].data!.values.map((bar) => bar.row);
    assert.equal(new Set(rows).size, 4);
  });

  test("never lets a question, an answer or a name into an expression", () => {
    const expressions: string[] = [];
    JSON.stringify([answersSpec(sample(HOSTILE)), answersChartSpec(chart)], (key, value: unknown) => {
      if (["expr", "filter", "calculate", "signal"].includes(key)) expressions.push(String(value));
      return value;
    });
    assert.deepEqual(expressions, []);
    assert.deepEqual(warningsOf(answersSpec(sample(HOSTILE))), []);
  });
});

test("the chart of accuracies compiles without a warning and leaves out what was not judged", () => {
  const spec = answersChartSpec(chart);
  assert.deepEqual(warningsOf(spec), []);
  assert.equal((spec.data as { values: unknown[] }).values.length, 2);
  assert.ok(textsOf(spec).includes("80.0 %  (70.0–90.0)   30 questions"));
  assert.match(spec.description!, /words and photo: all 80\.0 %/);
});
