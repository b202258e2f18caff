import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BatchSource } from "../../../../src/kernel-helpers/training/data/batches.js";
import { runTraining } from "../../../../src/kernel-helpers/training/loop/run-training.js";
import type { StepProgram } from "../../../../src/kernel-helpers/training/loop/step-program.js";
import { fullRecipe, type Recipe } from "../../../../src/kernel-helpers/training/train-options.js";

/** A program whose gradients are what the test says, whatever the pictures. */
function trained(gradient: readonly number[], recipe: Recipe, learn = [0, 1]) {
  const start = [1, 1];
  const read: number[][] = [];
  const source: BatchSource = {
    batch: (_program, indices) => {
      read.push([...indices]);
      return Promise.resolve({ indices, feeds: new Map() });
    },
  };
  const step = () => ({ loss: 1, gradients: [Float32Array.from(gradient)], logits: new Float32Array(0) });
  const program = { running: [], step, release() {} } as unknown as StepProgram;
  const parameters = {
    list: [{ name: "w", dims: [2], at: 0, standardised: false }],
    variables: [{ key: "w", value: Float32Array.from(start), decay: true }],
  };
  const given = { optimizer: { kind: "sgd", momentum: 0 }, schedule: { kind: "constant" }, weightDecay: 0, ...recipe };
  const setting = {
    program,
    parameters,
    recipe: fullRecipe(given as Recipe, "softmax"),
    source,
    truth: learn.map((item) => [item % 2]),
    classes: 2,
    learn,
    validate: [],
    nameOf: String,
    pictures: [],
    fingerprint: "",
  };
  return runTraining(setting).then(({ weights }) => ({ moved: [...weights[0]].map((w, i) => w - start[i]), read }));
}

describe("the loop of training", () => {
  const once = { epochs: 1, batchSize: 2, learningRate: 0.5 };
  const near = (actual: readonly number[], wanted: readonly number[]) =>
    actual.forEach((value, i) =>
      assert.ok(Math.abs(value - wanted[i]) < 1e-6, `${actual.join()} is not ${wanted.join()}`),
    );

  test("a gradient longer than clipNorm is shortened to it, its direction kept; a shorter one is left alone", async () => {
    near((await trained([3, -4], once)).moved, [-1.5, 2]);
    near((await trained([3, -4], { ...once, clipNorm: 1 })).moved, [-0.3, 0.4]);
    near((await trained([3, -4], { ...once, clipNorm: 2 })).moved, [-0.6, 0.8]);
    near((await trained([0.3, -0.4], { ...once, clipNorm: 1 })).moved, [-0.15, 0.2]);
  });

  test("every epoch has an order of its own, which the seed alone decides; each picture comes once", async () => {
    const learn = Array.from({ length: 12 }, (_, i) => i);
    const orders = async (seed: number) => {
      const { read } = await trained([0, 0], { epochs: 3, batchSize: 4, learningRate: 0.1, seed }, learn);
      assert.equal(read.length, 9);
      return [0, 3, 6].map((first) => read.slice(first, first + 3).flat());
    };
    const found = await orders(1);
    for (const order of found)
      assert.deepEqual(
        [...order].sort((a, b) => a - b),
        learn,
      );
    assert.equal(new Set(found.map(String)).size, 3);
    assert.deepEqual(await orders(1), found);
    assert.notDeepEqual(await orders(2), found);
  });
});
