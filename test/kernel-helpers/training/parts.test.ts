import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { writeAugmented, writePlain } from "../../../src/kernel-helpers/training/data/augment.js";
import { gaussian, seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { lossOf } from "../../../src/kernel-helpers/training/loop/loss.js";
import { startOptimizer, takeStep, type Optimizer } from "../../../src/kernel-helpers/training/loop/optimizer.js";
import { learningRateAt } from "../../../src/kernel-helpers/training/loop/schedule.js";
import {
  gainsOf,
  standardisedFilters,
  standardisedGradients,
} from "../../../src/kernel-helpers/training/parameters/standardised-filters.js";
import { checkClasses, classIndices, targetNumbers } from "../../../src/kernel-helpers/training/data/targets.js";
import { validationFigures } from "../../../src/kernel-helpers/training/loop/validation-figures.js";
import { readFileSync } from "node:fs";

interface Recorded {
  readonly optimizers: readonly {
    optimizer: Optimizer;
    learningRate: number;
    weightDecay: number;
    weights: number[][];
  }[];
  readonly start: number[];
  readonly gradients: number[][];
  readonly losses: {
    logits: number[][];
    targets: number[][];
    labels: number[];
    smoothing: number;
    softmax: number;
    smoothed: number;
    sigmoid: number;
  };
  readonly standardised: {
    v: number[][];
    gain: number[];
    filters: number[][];
    gradient: number[][];
    byV: number[][];
    byGain: number[];
  };
}

const recorded = JSON.parse(
  readFileSync(new URL("../../fixtures/training/pytorch.json", import.meta.url), "utf8"),
) as Recorded;

describe("against PyTorch", () => {
  test("optimizers take the same steps", () => {
    for (const { optimizer, learningRate, weightDecay, weights } of recorded.optimizers) {
      const variable = { key: "w", value: Float32Array.from(recorded.start), decay: true };
      const state = startOptimizer(optimizer, [variable]);
      recorded.gradients.forEach((gradient, step) => {
        takeStep(optimizer, state, [variable], [Float32Array.from(gradient)], { learningRate, weightDecay });
        close(variable.value, weights[step], 2e-6, `${JSON.stringify(optimizer)} step ${step + 1}`);
      });
    }
  });

  test("losses are the same, label smoothing too", async () => {
    const tf = await import("@tensorflow/tfjs-core");
    await import("@tensorflow/tfjs-backend-cpu");
    await tf.setBackend("cpu");
    const { logits, targets, labels, smoothing, softmax, smoothed, sigmoid } = recorded.losses;
    const classes = logits[0].length;
    const value = (kind: "softmax" | "sigmoid", numbers: Float32Array) => {
      const scores = tf.tensor2d(logits);
      return lossOf(tf, kind, scores, tf.tensor2d(numbers, [logits.length, classes])).dataSync()[0];
    };
    const lists = labels.map((label) => [label]);
    close([value("softmax", targetNumbers(lists, classes, "softmax", 0))], [softmax], 1e-5, "softmax");
    close([value("softmax", targetNumbers(lists, classes, "softmax", smoothing))], [smoothed], 1e-5, "smoothed");
    close([value("sigmoid", Float32Array.from(targets.flat()))], [sigmoid], 1e-5, "sigmoid");
  });

  test("standardised filters and their gradients are autograd's", () => {
    const { v, gain, filters, gradient, byV, byGain } = recorded.standardised;
    const flat = Float32Array.from(v.flat());
    const gains = Float32Array.from(gain);
    close(standardisedFilters(flat, gains), filters.flat(), 1e-5, "filters");
    const found = standardisedGradients(flat, gains, Float32Array.from(gradient.flat()));
    close(found.byV, byV.flat(), 1e-5, "by v");
    close(found.byGain, byGain, 1e-5, "by gain");
  });
});

test("filters that are standardised already stay themselves", () => {
  const filters = standardisedFilters(gaussian(seededRandom(1), 60, 1), Float32Array.of(1.5, 0.3, 2));
  close(standardisedFilters(filters, gainsOf(filters, 3)), filters, 1e-6, "again");
});

test("schedules rise, fall and end where they should", () => {
  const at = (places: number[], schedule: Parameters<typeof learningRateAt>[0]) =>
    places.map((place) => learningRateAt(schedule, 1, place));
  close(at([0, 0.5, 0.999999], { kind: "cosine" }), [1, 0.5, 0], 1e-5, "cosine");
  close(at([0, 0.1, 0.2, 0.6], { kind: "one-cycle", warmup: 0.2 }), [0.04, 0.52, 1, 0.5], 1e-6, "one-cycle");
  close(at([0, 0.49, 0.5, 0.9], { kind: "step", at: [0.5, 0.8] }), [1, 1, 0.1, 0.01], 1e-6, "step");
});

test("a picture's changes depend on its random numbers alone, and none change nothing", () => {
  const form = { width: 5, height: 4, channelOrder: "BGR" as const, mean: [1, 2, 3] as const, std: [2, 4, 8] as const };
  const pixels = Uint8Array.from({ length: 60 }, (_, i) => (i * 37) % 251);
  const plain = new Float32Array(60);
  writePlain(plain, 0, pixels, form);
  assert.equal(plain[0], (pixels[2] - 1) / 2);
  const same = new Float32Array(60);
  writeAugmented(same, 0, pixels, form, {}, seededRandom(3));
  close(same, plain, 1e-5, "unchanged");
  const strong = {
    scale: [0.3, 1],
    aspect: [0.5, 2],
    flip: true,
    brightness: 0.4,
    contrast: 0.4,
    saturation: 0.4,
  } as const;
  const pair = [new Float32Array(60), new Float32Array(120)];
  writeAugmented(pair[0], 0, pixels, form, strong, seededRandom(3));
  writeAugmented(pair[1], 1, pixels, form, strong, seededRandom(3));
  assert.deepEqual(pair[1].subarray(60), pair[0]);
  assert.notDeepEqual(pair[0], plain);
});

test("mirrored pictures are mirrored, and a wider cut shrinks the picture onto grey", () => {
  const form = { width: 4, height: 4, channelOrder: "RGB" as const, mean: [0, 0, 0] as const, std: [1, 1, 1] as const };
  const pixels = Uint8Array.from({ length: 48 }, (_, i) => 10 + 50 * (Math.floor(i / 3) % 4));
  const target = new Float32Array(48);
  writeAugmented(target, 0, pixels, form, { flip: true }, () => 0.2);
  assert.deepEqual(
    [...target.subarray(0, 12)].filter((_, i) => i % 3 === 0),
    [160, 110, 60, 10],
  );
  writeAugmented(target, 0, pixels, form, { scale: [4, 4] }, () => 0.5);
  const shown = [...target].filter((value, i) => i % 3 === 0 && value !== 0);
  assert.equal(shown.length, 4, "a quarter of the places show the picture");
});

test("labels that cannot be learned from are refused in words", () => {
  const items = [
    { file: "a.png", label: "cat" },
    { file: "b.png", label: "dog" },
  ];
  assert.throws(
    () => classIndices(items, ["cat"], "softmax"),
    /b\.png has the label "dog", which is none of the classes/,
  );
  assert.throws(() => classIndices([{ file: "c.png" }], ["cat"], "softmax"), /c\.png has no label/);
  assert.throws(() => checkClasses(["cat"], [[0], [0]], "softmax"), /only one class \(cat\)/);
  assert.throws(() => checkClasses(["cat", "dog"], [[0], [0]], "softmax"), /no image to learn from shows dog/);
  assert.throws(() => checkClasses(["cat", "dog"], [[0, 1], [0]], "sigmoid"), /every image shows cat/);
});

test("validation figures: accuracy, and the mean of average precisions", () => {
  const logits = Float32Array.of(2, 1, 0, 3, 5, 4);
  assert.equal(validationFigures("softmax", logits, [[0], [1], [1]], 0).accuracy, 2 / 3);
  // First class by score: 5 no, 2 yes, 0 yes → (1/2 + 2/3) / 2; second: 4 yes, 3 no, 1 yes → (1 + 2/3) / 2.
  const figures = validationFigures("sigmoid", logits, [[0, 1], [0], [1]], 0);
  close([figures.meanAveragePrecision!], [(7 / 12 + 5 / 6) / 2], 1e-6, "mAP");
});

function close(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, name: string): void {
  assert.equal(actual.length, expected.length, name);
  for (let i = 0; i < actual.length; i++) {
    const near = Math.abs(actual[i] - expected[i]) <= tolerance * (1 + Math.abs(expected[i]));
    assert.ok(near, `${name} at ${i}: ${actual[i]}, expected ${expected[i]}`);
  }
}
