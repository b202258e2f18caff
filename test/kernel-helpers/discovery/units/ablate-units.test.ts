import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ablateUnits } from "../../../../src/kernel-helpers/discovery/units/ablate-units.js";
import { rankUnits } from "../../../../src/kernel-helpers/discovery/units/rank-units.js";
import { classScoresOf } from "../../../../src/kernel-helpers/discovery/units/class-scores.js";
import { FeatureTable } from "../../../../src/kernel-helpers/features/feature-table.js";
import type { GapHead } from "../../../../src/kernel-helpers/graph/head/gap-head.js";
import { drawTeachingScene, teachingScene } from "../../../../src/kernel-helpers/networks/teaching-scene.js";
import { look } from "../../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { type Matrix, matrixOf } from "../../../../src/kernel-helpers/support/matrix.js";
import { trainLinearSvm } from "../../../../src/kernel-helpers/svm/train-linear-svm.js";

function headOf(weights: readonly (readonly number[])[], more: Partial<GapHead> = {}) {
  const head: GapHead = {
    form: "pool-then-classify",
    pooling: "average",
    featureMaps: { name: "maps", channels: weights[0].length },
    logits: { name: "logits", classes: weights.length },
    weights: Float32Array.from(weights.flat()),
    summary: "made up",
    ...more,
  };
  return { head, classes: ["cat", "dog", "hat"].slice(0, weights.length) };
}

function tableOf(rows: readonly { features: readonly number[]; labels: readonly string[] }[]): FeatureTable {
  const matrix = matrixOf(rows.map(({ features }) => features));
  return new FeatureTable({ ...matrix, pictures: rows.map(({ labels }, i) => ({ file: `${i}`, labels })) });
}

/** Unit 0 makes a cat, units 1 and 2 a dog, unit 3 nothing. */
const network = headOf([
  [2, 0, 0, 0.1],
  [0, 1, 0.5, 0],
]);
const pictures = tableOf([
  { features: [1, 0.5, 0, 9], labels: ["cat"] },
  { features: [1, 1, 0, 1], labels: ["cat"] },
  { features: [0, 2, 2, 0], labels: ["dog"] },
  { features: [0.4, 1, 1, 0], labels: ["dog"] },
  { features: [1, 1, 1, 1], labels: ["moon"] },
]);

describe("units of a class", () => {
  test("by weight, the strongest first; of equals the lower channel", async () => {
    const ranked = rankUnits(network, "cat");
    assert.deepEqual(
      ranked.map(({ unit }) => unit),
      [0, 3, 1, 2],
    );
    assert.equal(ranked[0].weight, 2);
    assert.deepEqual(rankUnits(network, 0), ranked);
    assert.throws(() => rankUnits(network), /name a class: this network has 2/);
    assert.throws(() => rankUnits(network, "hound"), /no class is named "hound"/);
    const svm = await trainLinearSvm(pictures.select([0, 1, 2, 3]), ["cat", "cat", "dog", "dog"]);
    const weights = svm.weightsOf("dog");
    assert.equal(rankUnits(svm, "dog")[0].weight, Math.max(...weights));
    assert.deepEqual(
      rankUnits(svm, "cat")
        .map(({ unit }) => unit)
        .reverse(),
      rankUnits(svm).map(({ unit }) => unit),
    );
  });
});

describe("silencing units", () => {
  test("by hand: accuracy and score of each class, step by step", async () => {
    const {
      classes,
      all,
      before,
      channels,
      pictures: count,
    } = await ablateUnits(network, pictures, {
      shares: [0.25, 0.5],
      draws: 400,
    });
    assert.deepEqual([channels, count, before.value], [4, 4, 1]);
    const [cat, dog] = classes;
    // Scores of cats: 2.9 and 2.1 against 0.5 and 1; without unit 0: 0.9 and 0.1; without 3 as well: 0 (or next to it).
    assert.deepEqual([cat.pictures, cat.before.accuracy, cat.before.others], [2, 1, 1]);
    assert.ok(Math.abs(cat.before.score - 2.5) < 1e-6);
    assert.deepEqual(
      cat.steps.map(({ units, top }) => [units, top.accuracy]),
      [
        [1, 0.5],
        [2, 0],
      ],
    );
    assert.ok(Math.abs(cat.steps[0].top.score - 0.5) < 1e-6);
    // Dogs are not touched by the cat's units, and lose all with both of their own.
    assert.deepEqual(
      cat.steps.map(({ others }) => others),
      [1, 1],
    );
    assert.deepEqual(
      dog.steps.map(({ top }) => top.accuracy),
      [0.5, 0.5],
    );
    // One unit of four at random: the cats' own in a quarter of the draws, each costing one of two cats.
    assert.ok(Math.abs(cat.steps[0].random.accuracy - 0.875) < 0.03, `${cat.steps[0].random.accuracy}`);
    assert.ok(Math.abs(cat.steps[0].random.score - 2.5 * 0.75) < 0.1);
    assert.equal(all[0].top.value, 0.5);
    assert.ok(all[0].top.low <= 0.5 && all[0].top.high >= 0.5 && all[0].times.value > 2);
  });

  test("several labels: a class counts as named among as many classes as the picture has", async () => {
    const both = tableOf([{ features: [0.2, 1, 1, 0], labels: ["cat", "dog"] }]);
    const { before } = await ablateUnits(network, both, { shares: [0.5], draws: 1 });
    assert.equal(before.value, 1);
  });

  test("scores from features are the network's own, also without some units", async () => {
    using teaching = await openNetwork("teaching");
    const seen = await look(teaching, await drawTeachingScene(teachingScene(3)));
    const { scores } = classScoresOf(teaching);
    const whole = scores(matrixOf([seen.features])).data;
    whole.forEach((score, c) => assert.ok(Math.abs(score - seen.logits[c]) < 1e-4));
  });

  test("a layer normalisation is computed anew from what is left", () => {
    const scale = Float32Array.of(1, 2, 0.5);
    const shift = Float32Array.of(0.1, 0, -0.2);
    const weights = [
      [1, -1, 2],
      [0.5, 1, 0],
    ];
    const folded = weights.map((row) => row.map((w, k) => w * scale[k]));
    const normal = headOf(folded, {
      bias: Float32Array.from(weights, (row, c) => row.reduce((sum, w, k) => sum + w * shift[k], c ? -0.3 : 0.3)),
      normalisation: { kind: "layer", epsilon: 1e-3 },
    });
    const features = [3, 0, 1.5];
    const mean = 1.5;
    const deviation = Math.sqrt((1.5 ** 2 + 1.5 ** 2) / 3 + 1e-3);
    const expected = weights.map((row, c) =>
      row.reduce((sum, w, k) => sum + w * (((features[k] - mean) / deviation) * scale[k] + shift[k]), c ? -0.3 : 0.3),
    );
    const { data } = classScoresOf(normal).scores(matrixOf([features]));
    expected.forEach((score, c) => assert.ok(Math.abs(score - data[c]) < 1e-5));
  });

  test("step by step is the same as scores of features with zeros; an SVM that normalises has them computed anew", async () => {
    const cats = pictures.select([0, 1]);
    const zeroed = matrixOf([
      [0, 0.5, 0, 9],
      [0, 1, 0, 1],
    ]);
    const meanScore = ({ data, columns }: Matrix, column: number) => (data[column] + data[columns + column]) / 2;
    const [cat] = (await ablateUnits(network, cats, { shares: [0.25], draws: 1 })).classes;
    assert.ok(Math.abs(cat.steps[0].top.score - meanScore(classScoresOf(network).scores(zeroed), 0)) < 1e-5);
    const svm = await trainLinearSvm(pictures.select([0, 1, 2, 3]), ["cat", "cat", "dog", "dog"], {
      steps: ["l2Normalise"],
    });
    const [svmCat] = (await ablateUnits(svm, cats, { shares: [0.25], draws: 1 })).classes;
    const gone = svmCat.units[0].unit;
    const left = matrixOf(
      [0, 1].map((row) => [...cats.data.subarray(4 * row, 4 * row + 4)].map((f, k) => (k === gone ? 0 : f))),
    );
    assert.ok(
      Math.abs(svmCat.steps[0].top.score + (svm.decisionValues(left).data[0] + svm.decisionValues(left).data[1]) / 2) <
        1e-5,
    );
  });

  test("same seed, same numbers; odd input: a word on each", async () => {
    const once = await ablateUnits(network, pictures, { seed: 4 });
    assert.deepEqual(await ablateUnits(network, pictures, { seed: 4 }), once);
    assert.deepEqual(JSON.parse(JSON.stringify({ ...once, all: [] })), { ...once, all: [] });
    await assert.rejects(ablateUnits(network, pictures.select([4])), /none of the 1 pictures has a label .* "cat"/);
    await assert.rejects(ablateUnits(network, pictures, { shares: [0.5, 0.1] }), /invalid shares/);
    await assert.rejects(ablateUnits(network, pictures, { draws: 0 }), /invalid draws: 0/);
    await assert.rejects(
      ablateUnits(network, pictures, { classes: [] }),
      /invalid classes: \[\] \(expected at least one/,
    );
    const broken = tableOf([{ features: [1, NaN, 0, 0], labels: ["cat"] }]);
    await assert.rejects(ablateUnits(network, broken), /the features of 0 are not all finite/);
    await assert.rejects(
      ablateUnits(network, pictures.select([0, 1]), { classes: ["dog"] }),
      /no picture shows the class "dog"/,
    );
    const wide = new FeatureTable({ ...matrixOf([[1, 2]]), pictures: [{ file: "x", label: "cat" }] });
    await assert.rejects(ablateUnits(network, wide), /the features have 2 channels, but the network's head has 4/);
    const squeezed = headOf([[1]], { form: "classify-then-pool", activation: { kind: "relu" } });
    await assert.rejects(ablateUnits(squeezed, pictures), /no function of its pooled features: a relu stands between/);
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(ablateUnits(network, pictures, { signal: controller.signal }), { name: "AbortError" });
  });
});
