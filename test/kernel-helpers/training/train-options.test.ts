import assert from "node:assert/strict";
import { test } from "node:test";
import type { GapArchitecture } from "../../../src/kernel-helpers/training/parameters/gap-architecture.js";
import { gapArchitecture } from "../../../src/kernel-helpers/training/parameters/gap-architecture.js";
import { fullRecipe, type Recipe } from "../../../src/kernel-helpers/training/train-options.js";

test("a setting that cannot be used is refused by its name, with what would do", () => {
  const refused: [Recipe, string][] = [
    [{ epochs: 0 }, "invalid epochs: 0 (expected a whole number from 1)"],
    [{ batchSize: 1.5 }, "invalid batchSize: 1.5 (expected a whole number from 1)"],
    [{ patience: -1 }, "invalid patience: -1 (expected a whole number from 1)"],
    [{ trainable: { last: 0 } }, "invalid trainable.last: 0 (expected a whole number from 1)"],
    [{ loss: "hinge" as "softmax" }, 'invalid loss: "hinge" (expected softmax or sigmoid)'],
    [{ labelSmoothing: 1 }, "invalid labelSmoothing: 1 (expected 0 ≤ l < 1)"],
    [{ learningRate: 0 }, "invalid learningRate: 0 (expected a number above 0)"],
    [{ learningRate: Infinity }, "invalid learningRate: Infinity (expected a number above 0)"],
    [{ weightDecay: -1 }, "invalid weightDecay: -1 (expected a number from 0)"],
    [{ clipNorm: NaN }, "invalid clipNorm: NaN (expected a number above 0)"],
    [{ average: 1 }, "invalid average: 1 (expected 0 < a < 1)"],
    [{ optimizer: { kind: "sgd", momentum: 1 } }, "invalid optimizer.momentum: 1 (expected 0 ≤ m < 1)"],
    [{ optimizer: { kind: "adam", epsilon: 0 } }, "invalid optimizer.epsilon: 0 (expected a number above 0)"],
    [{ schedule: { kind: "cosine", warmup: 2 } }, "invalid schedule.warmup: 2 (expected 0 ≤ w < 1)"],
    [{ augmentation: { contrast: 2 } }, "invalid augmentation.contrast: 2 (expected 0 ≤ c ≤ 1)"],
    [
      { augmentation: { scale: [0.5, Infinity] } },
      "invalid augmentation.scale: [0.5,null] (expected [from, to], above 0)",
    ],
  ];
  for (const [recipe, message] of refused) {
    assert.throws(() => fullRecipe(recipe, "softmax"), { name: "CamlabError", message });
  }
  assert.equal(fullRecipe({}, "softmax").epochs, 20);
});

test("an architecture that cannot be built is refused by the number that is wrong", () => {
  const refused: [Partial<GapArchitecture>, string][] = [
    [{ classes: 0 }, "invalid classes: 0 (expected a whole number from 1)"],
    [{ size: { width: 8, height: 0.5 } }, "invalid size: 0.5 (expected a whole number from 1)"],
    [{ stages: [] }, "invalid stages: [] (expected at least one stage)"],
    [{ stages: [{ channels: 0 }] }, "invalid stages[0].channels: 0 (expected a whole number from 1)"],
    [
      { stages: [{ channels: 4 }, { channels: 4, stride: 0 }] },
      "invalid stages[1].stride: 0 (expected a whole number from 1)",
    ],
    [{ pooling: "sum" as "max" }, 'invalid pooling: "sum" (expected average or max)'],
    [{ normalisation: "layer" as "batch" }, 'invalid normalisation: "layer" (expected weights, batch or none)'],
  ];
  for (const [part, message] of refused) {
    const architecture = { classes: 2, size: 8, stages: [{ channels: 4 }], ...part };
    assert.throws(() => gapArchitecture(architecture), { name: "CamlabError", message });
  }
});
