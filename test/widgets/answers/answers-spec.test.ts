import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accuracyChartSpec, type AccuracyChartData } from "../../../src/widgets/kit/accuracy-chart-spec.js";
import type { AnswersData } from "../../../src/widgets/answers/answers-data.js";
import { answersSpec } from "../../../src/widgets/answers/answers-spec.js";
import { rowsOf, textsOf } from "../rows-of.js";
import { HOSTILE } from "../sample-grid.js";
import { warningsOf } from "../warnings-of.js";

const PIXEL = "data:image/png;base64,iVBORw0KGgo=";

function sample(name = "red"): AnswersData {
  return {
    rows: [
      {
        question: `what colour is the ${name}?`,
        note: name,
        photo: { name, uri: PIXEL, mutedUri: PIXEL, aspect: 1.5 },
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
    ramp: { colours: ["#000000", "#ffffff"], labels: ["none", "all"] },
    opacity: 0.6,
    dimming: 0.3,
    size: 150,
  };
}

const chart: AccuracyChartData = {
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

describe("a view of answered questions", () => {
  test("compiles without a warning, and says what is to be seen", () => {
    assert.deepEqual(warningsOf(answersSpec(sample())), []);
    assert.equal(answersSpec(sample()).description, "red: “what colour is the red?” red, probability 0.80.");
  });

  test("shows probabilities and signed contributions; next to nothing has no sign", () => {
    const texts = textsOf(answersSpec(sample()));
    for (const text of ["0.80", "0.001", "+0.5", "−2.0", "±0.0"]) assert.ok(texts.includes(text), text);
  });

  test("keeps two bars for a word that comes twice", () => {
    const bars = rowsOf(answersSpec(sample())).filter(
      ({ x2, y, y2 }) => x2 !== undefined && Number(y2) - Number(y) === 16,
    );
    assert.equal(bars.length, 6);
    assert.equal(new Set(bars.map(({ x, y }) => `${String(x)} ${String(y)}`)).size, 6);
  });

  test("never lets a question, an answer or a name into an expression", () => {
    const expressions: string[] = [];
    JSON.stringify([answersSpec(sample(HOSTILE)), accuracyChartSpec(chart)], (key, value: unknown) => {
      if (["expr", "filter", "calculate", "signal"].includes(key)) expressions.push(String(value));
      return value;
    });
    assert.deepEqual(expressions, []);
    assert.deepEqual(warningsOf(answersSpec(sample(HOSTILE))), []);
  });
});

test("the chart of accuracies compiles without a warning and leaves out what was not judged", () => {
  const spec = accuracyChartSpec(chart);
  assert.deepEqual(warningsOf(spec), []);
  const points = rowsOf(spec).filter(({ low }) => low !== undefined);
  assert.equal(points.length, 4);
  assert.ok(textsOf(spec).includes("80.0 %  (70.0–90.0)   30 questions"));
  assert.match(spec.description!, /words and photo: all 80\.0 %/);
});
