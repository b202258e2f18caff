import assert from "node:assert/strict";
import { test } from "node:test";
import { choosesThreshold, settingOf } from "../../../../src/kernel-helpers/boxes/evaluation/evaluation-options.js";
import type { EvaluateLocalizationOptions } from "../../../../src/kernel-helpers/boxes/evaluation/evaluation-options.js";
import { CAM } from "../../../../src/kernel-helpers/boxes/evaluation/look-for-cases.js";

test("what is not said: the paper's rule at five guesses, a hundred steps, half of the union", () => {
  const { thresholds, conventions, ...setting } = settingOf({});
  assert.deepEqual(setting, {
    protocol: "cvpr2016",
    boxRule: { rule: "paper", upsampling: conventions.upsampling },
    way: "cam",
    guesses: 5,
    iou: 0.5,
    chooseOn: "val",
    seed: 0,
  });
  assert.deepEqual([thresholds.length, thresholds[0], thresholds[20], thresholds[100]], [101, 0, 0.2, 1]);
});

test("what is said counts; a box rule stretches as the conventions do unless it says itself", () => {
  const way = { ...CAM, name: "other" };
  const of = (options: EvaluateLocalizationOptions) => settingOf(options);
  const { boxRule, guesses, iou, seed, thresholds } = of({
    ...{ boxRule: { threshold: 0.4 }, guesses: 1, iou: 1, seed: 7, step: 0.25, way },
    conventions: { upsampling: "bicubic" },
  });
  assert.deepEqual(
    { boxRule, guesses, iou, seed, thresholds: [...thresholds] },
    {
      ...{ boxRule: { threshold: 0.4, upsampling: "bicubic" }, guesses: 1, iou: 1, seed: 7 },
      thresholds: [0, 0.25, 0.5, 0.75, 1],
    },
  );
  assert.deepEqual(of({ boxRule: { threshold: 0.4, upsampling: "bilinear" } }).boxRule, {
    threshold: 0.4,
    upsampling: "bilinear",
  });
  assert.deepEqual(of({ boxRule: { rule: "heuristic" } }).boxRule, { rule: "heuristic" });
  const wsol = of({ protocol: "wsol2020", chooseOn: "train", conventions: { area: "pixels" } });
  assert.deepEqual([wsol.chooseOn, wsol.conventions.area], ["train", "pixels"]);
  assert.deepEqual(
    [choosesThreshold({ file: "x", split: "train" }, wsol), choosesThreshold({ file: "x" }, wsol)],
    [true, false],
  );
});

test("each option is known by its name; what is out of range or another protocol's is refused", () => {
  const known = {
    ...{
      protocol: "cvpr2016",
      conventions: {},
      boxRule: {},
      way: CAM,
      classes: ["a"],
      guesses: 2,
      step: 0.1,
      iou: 0.3,
    },
    ...{ seed: 1, batchSize: 2, cache: false, maxPixels: 9, maxMemory: 9, onProgress: () => {} },
    signal: new AbortController().signal,
  } as const;
  for (const [name, value] of Object.entries(known)) settingOf({ [name]: value });
  const refused = (options: object, message: RegExp) => assert.throws(() => settingOf(options), message);
  refused({ signals: 1 }, /no option "signals"/);
  refused({ guesses: 0 }, /invalid guesses: 0/);
  for (const iou of [0, 1.01, -1, NaN]) refused({ iou }, /invalid iou/);
  refused({ chooseOn: "val" }, /chooseOn is an option of the protocol wsol2020: cvpr2016 chooses nothing/);
  refused({ protocol: "wsol2020", boxRule: {} }, /boxRule is an option of the protocol cvpr2016: wsol2020 has the box/);
  refused({ way: { name: "x" } }, /way needs a name and a function/);
  refused({ way: "grad" }, /there is no way "?grad"?|grad-cam/);
  refused({ boxRule: { rule: "graph-cut", background: 0.99 } }, /invalid background: 0.99/);
  refused({ boxRule: { rule: "graph-cut", threshold: 0.2 } as never }, /threshold/);
  refused({ way: { ...CAM, name: 7 } }, /way needs a name and a function/);
  refused({ conventions: { contours: 1 } }, /contours/);
});
