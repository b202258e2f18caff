import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { minimise } from "../../../../src/kernel-helpers/discovery/answers/lbfgs.js";
import { softmaxRegression } from "../../../../src/kernel-helpers/discovery/answers/softmax-regression.js";

interface Solved {
  readonly C: number;
  readonly objective: number;
  readonly weights: number[][];
}

interface Fixture {
  readonly features: { rows: number; columns: number; data: number[] };
  readonly image: number[];
  readonly words: number[][];
  readonly vocabulary: number;
  readonly answers: number;
  readonly answer: number[];
  readonly parents: number[];
  readonly opening: number[];
  readonly none: Solved;
  readonly shared: Solved;
  readonly "by opening": Solved;
}

const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../fixtures/discovery/softmax-regression.json"), "utf8"),
) as Fixture;

function solve(kind: "none" | "shared" | "by opening", tolerance: number) {
  const { features, image, parents, opening, words, vocabulary, answers, answer } = fixture;
  return softmaxRegression({
    answers,
    vocabulary,
    words,
    answer,
    openings: kind === "by opening" ? parents.map((parent) => ({ parent })) : [{ parent: -1 }],
    opening: kind === "by opening" ? opening : opening.map(() => 0),
    ...(kind !== "none" && {
      images: { features: { ...features, data: Float32Array.from(features.data) }, row: image },
    }),
    C: fixture[kind].C,
    tolerance,
  });
}

describe("softmaxRegression", () => {
  for (const kind of ["none", "shared", "by opening"] as const) {
    test(`finds scikit-learn's optimum, image weights: ${kind}`, async () => {
      const { bias, words, images, fit } = await solve(kind, 1e-12);
      assert.ok(fit.converged);
      assert.ok(Math.abs(fit.objective / fixture[kind].objective - 1) < 1e-9, `${fit.objective}`);
      const weights = [...bias, ...words, ...(kind === "none" ? [] : images.flatMap((table) => [...table]))];
      const expected = fixture[kind].weights.flat();
      assert.equal(weights.length, expected.length);
      weights.forEach((weight, i) => assert.ok(Math.abs(weight - expected[i]) < 2e-4, `weight ${i}`));
    });
  }

  test("stops as near to the optimum as it was told, and says how near", async () => {
    for (const tolerance of [1e-1, 1e-2, 1e-4]) {
      const { fit } = await solve("by opening", tolerance);
      const above = fit.objective - fixture["by opening"].objective;
      assert.ok(above <= fit.gap + 1e-9, `${above} is above the bound ${fit.gap}`);
      assert.ok(fit.gap <= tolerance * fit.objective);
    }
  });

  test("weights of all answers add up to nothing: each says how much more than for an average answer", async () => {
    const { words } = await solve("shared", 1e-12);
    for (let word = 0; word < fixture.vocabulary; word++) {
      const sum = words.slice(word * fixture.answers, (word + 1) * fixture.answers).reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum) < 1e-5);
    }
  });

  test("gives the same bytes every time", async () => {
    assert.deepEqual(await solve("by opening", 1e-4), await solve("by opening", 1e-4));
  });
});

test("minimise goes along the valley of Rosenbrock's function", async () => {
  const rosenbrock = ([x, y]: Float64Array, gradient: Float64Array) => {
    gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
    gradient[1] = 200 * (y - x * x);
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
  };
  const { point, converged } = await minimise(rosenbrock, 2, { enough: (_, length) => length < 1e-9, mostSteps: 200 });
  assert.ok(converged);
  point.forEach((value) => assert.ok(Math.abs(value - 1) < 1e-8));
});
