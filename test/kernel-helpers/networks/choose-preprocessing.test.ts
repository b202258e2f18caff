import assert from "node:assert/strict";
import { test } from "node:test";
import {
  choosePreprocessing,
  describePreprocessing,
} from "../../../src/kernel-helpers/networks/choose-preprocessing.js";

const card = {
  width: 224,
  height: 224,
  fit: "centre-crop",
  resize: { width: 256, height: 256 },
  channelOrder: "BGR",
  mean: [105, 113, 117],
  std: [255, 255, 255],
};

test("a card is taken as it stands and needs no note", () => {
  assert.deepEqual(choosePreprocessing({}, card), { preprocessing: card, notes: [] });
});

test("without a card torchvision's ImageNet settings are assumed for the graph's size, and said", () => {
  const { preprocessing, notes } = choosePreprocessing({ height: 448, width: 448 }, undefined);
  assert.deepEqual(preprocessing.resize, { shorterSide: 512 });
  // torchvision: mean 0.485 0.456 0.406 and std 0.229 0.224 0.225 of values from 0 to 1
  [0.485, 0.456, 0.406].forEach((mean, i) => assert.ok(Math.abs(preprocessing.mean[i] / 255 - mean) < 1e-6));
  [0.229, 0.224, 0.225].forEach((std, i) => assert.ok(Math.abs(preprocessing.std[i] / 255 - std) < 1e-6));
  assert.equal(notes.length, 1);
  assert.match(notes[0], /fit, channelOrder, mean, std assumed.*centre-crop 448×448 of shorter side 512, RGB/);
});

test("what the caller gives wins over the card and over assumptions, and what remains assumed is named", () => {
  const overridden = choosePreprocessing({}, card, { fit: "cover" });
  assert.equal(overridden.preprocessing.fit, "cover");
  assert.equal(overridden.preprocessing.resize, undefined);
  assert.match(overridden.notes[0], /fit as given/);
  const regions = choosePreprocessing({}, card, { regionFit: "squash" }).preprocessing;
  assert.match(describePreprocessing(regions), /^[^,]+, regions squash, /);
  const bare = choosePreprocessing({}, undefined, { fit: "squash", mean: [0, 0, 0], std: [1, 1, 1] });
  assert.match(bare.notes[0], /so channelOrder assumed/);
  assert.throws(() => choosePreprocessing({}, card, { std: [1, 0, 1] }), /preprocessing\.std/);
  assert.equal(describePreprocessing(bare.preprocessing), "squash 224×224, RGB, (x − [0 0 0]) / [1 1 1]");
});

test("mean and std for pixels from 0 to 1 are questioned, not obeyed", () => {
  const pasted = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
  const wanted =
    /mean \[0\.485, .*Multiply both by 255: mean \[123\.675, 116\.28, 103\.53\], std \[58\.395, 57\.12, 57\.375\]/;
  assert.throws(() => choosePreprocessing({}, undefined, pasted), { name: "CamlabError", message: wanted });
  assert.throws(() => choosePreprocessing({}, { ...card, ...pasted }), wanted);
  assert.throws(() => choosePreprocessing({}, card, { mean: [-1, 0, 1], std: [0.5, 0.5, 0.5] }), /Multiply both/);
  for (const std of [
    [1, 1, 1],
    [0.5, 0.5, 255],
  ] as const) {
    assert.doesNotThrow(() => choosePreprocessing({}, undefined, { mean: [0, 0, 0], std }));
  }
});
