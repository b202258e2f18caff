import assert from "node:assert/strict";
import { test } from "node:test";
import {
  choosePreprocessing,
  describePreprocessing,
} from "../../../src/kernel-helpers/networks/choose-preprocessing.js";
import { squashed } from "../images/squashed.js";

const card = {
  width: 224,
  height: 224,
  fit: "centre-crop",
  resize: { width: 256, height: 256 },
  channelOrder: "BGR",
  mean: [105, 113, 117],
  std: [255, 255, 255],
};

const carded = (settings: unknown) => ({ settings, from: "card.json" });

test("a card is taken as it stands and needs no note", () => {
  const chosen = choosePreprocessing({}, { card: carded(card) });
  assert.deepEqual([chosen.preprocessing, chosen.notes], [card, []]);
  assert.deepEqual([...new Set(Object.values(chosen.sources))], ["card.json"]);
});

test("without a card torchvision's ImageNet settings are assumed for the graph's size, and said", () => {
  const { preprocessing, notes } = choosePreprocessing({ height: 448, width: 448 }, {});
  assert.deepEqual(preprocessing.resize, { shorterSide: 512 });
  // torchvision: mean 0.485 0.456 0.406 and std 0.229 0.224 0.225 of values from 0 to 1
  [0.485, 0.456, 0.406].forEach((mean, i) => assert.ok(Math.abs(preprocessing.mean[i] / 255 - mean) < 1e-6));
  [0.229, 0.224, 0.225].forEach((std, i) => assert.ok(Math.abs(preprocessing.std[i] / 255 - std) < 1e-6));
  assert.equal(notes.length, 1);
  assert.match(notes[0], /fit, channelOrder, mean, std assumed.*centre-crop 448×448 of shorter side 512, RGB/);
});

test("what the caller gives wins over the card and over assumptions, and what remains assumed is named", () => {
  const overridden = choosePreprocessing({}, { card: carded(card), given: { fit: "cover" } });
  assert.equal(overridden.preprocessing.fit, "cover");
  assert.equal(overridden.preprocessing.resize, undefined);
  assert.match(overridden.notes[0], /fit as given/);
  const regions = choosePreprocessing({}, { card: carded(card), given: { regionFit: "squash" } }).preprocessing;
  assert.match(describePreprocessing(regions), /^[^,]+, regions squash, /);
  const bare = choosePreprocessing({}, { given: { fit: "squash", mean: [0, 0, 0], std: [1, 1, 1] } });
  assert.match(bare.notes[0], /so size, channelOrder assumed/);
  assert.throws(() => choosePreprocessing({}, { card: carded(card), given: { std: [1, 0, 1] } }), /preprocessing\.std/);
  assert.equal(describePreprocessing(bare.preprocessing), "squash 224×224, RGB, (x − [0 0 0]) / [1 1 1]");
});

test("mean and std for pixels from 0 to 1 are questioned, not obeyed", () => {
  const pasted = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
  const wanted =
    /mean \[0\.485, .*Multiply both by 255: mean \[123\.675, 116\.28, 103\.53\], std \[58\.395, 57\.12, 57\.375\]/;
  assert.throws(() => choosePreprocessing({}, { given: pasted }), { name: "CamlabError", message: wanted });
  assert.throws(() => choosePreprocessing({}, { card: carded({ ...card, ...pasted }) }), wanted);
  assert.throws(
    () => choosePreprocessing({}, { card: carded(card), given: { mean: [-1, 0, 1], std: [0.5, 0.5, 0.5] } }),
    /Multiply both/,
  );
  for (const std of [
    [1, 1, 1],
    [0.5, 0.5, 255],
  ] as const) {
    assert.doesNotThrow(() => choosePreprocessing({}, { given: { mean: [0, 0, 0], std } }));
  }
});

const unit = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const close = (found: readonly number[], wanted: readonly number[]) =>
  wanted.forEach((value, c) => assert.ok(Math.abs(found[c] - value) < 1e-6, `${found.join()} for ${wanted.join()}`));

test("a scale says what mean and std are for; without them the network takes what comes out of it", () => {
  const mean = [123.675, 116.28, 103.53];
  const std = [58.395, 57.12, 57.375];
  for (const scale of [[0, 1], 1 / 255] as const) {
    const { preprocessing } = choosePreprocessing({}, { given: { ...unit, scale } });
    close(preprocessing.mean, mean);
    close(preprocessing.std, std);
  }
  // (x / 127.5 − 1 − 0.5) / 0.5
  const signed = choosePreprocessing({}, { given: { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], scale: [-1, 1] } });
  close(signed.preprocessing.mean, [191.25, 191.25, 191.25]);
  close(signed.preprocessing.std, [63.75, 63.75, 63.75]);
  const alone = choosePreprocessing({}, { card: carded(card), given: { scale: [-1, 1] } });
  assert.deepEqual(
    [alone.preprocessing.mean, alone.preprocessing.std],
    [
      [127.5, 127.5, 127.5],
      [127.5, 127.5, 127.5],
    ],
  );
  assert.deepEqual([alone.sources.mean, alone.sources.fit], ["options", "card.json"]);
  assert.match(alone.notes[0], /mean, std as given, the rest from the card/);
});

test("what is cut out of the middle: a share as timm says it, or the input's side", () => {
  const shared = choosePreprocessing({ width: 240, height: 240 }, { given: { crop: 0.875 } });
  assert.deepEqual(shared.preprocessing.resize, { shorterSide: 274 });
  const sides = choosePreprocessing({}, { given: { crop: 64, resize: { shorterSide: 72 } } }).preprocessing;
  assert.deepEqual([sides.width, sides.height, sides.resize], [64, 64, { shorterSide: 72 }]);
  const covering = { ...card, fit: "cover", resize: undefined };
  const cut = choosePreprocessing(
    {},
    { card: carded(covering), given: { resize: { shorterSide: 300 } } },
  ).preprocessing;
  assert.deepEqual([cut.fit, cut.resize], ["centre-crop", { shorterSide: 300 }]);
});

test("a size keeps the view of the card, and what is given beside it is taken literally", () => {
  const sized = choosePreprocessing({ width: 224, height: 224 }, { card: carded(card), size: 448 }).preprocessing;
  assert.deepEqual([sized.width, sized.resize], [448, { width: 512, height: 512 }]);
  const oblong = choosePreprocessing(
    {},
    { size: { width: 320, height: 160 }, given: { resize: { shorterSide: 330 } } },
  );
  const { width, height, resize } = oblong.preprocessing;
  assert.deepEqual([width, height, resize], [320, 160, { shorterSide: 330 }]);
});

test("fields come from the first that says them, and each says where it is from", () => {
  const found = [
    { settings: { mean: [1, 2, 3], std: [4, 5, 6] } as const, from: "config.json" },
    {
      settings: { width: 64, height: 32, fit: "cover", mean: [9, 9, 9], std: [9, 9, 9] } as const,
      from: "metadata.json",
    },
  ];
  const { preprocessing, sources, notes } = choosePreprocessing({ height: 32 }, { found, given: { std: [7, 7, 7] } });
  assert.deepEqual(preprocessing, { ...squashed(64, 32, [1, 2, 3], [7, 7, 7]), fit: "cover" });
  assert.deepEqual(sources, {
    width: "metadata.json",
    height: "the graph",
    fit: "metadata.json",
    channelOrder: "assumed",
    mean: "config.json",
    std: "options",
  });
  assert.equal(notes.length, 2);
  assert.match(notes[0], /size, fit from metadata\.json; mean from config\.json/);
});

test("options that are misspelt or contradict each other are named", () => {
  const refused: [object, RegExp][] = [
    [{ meen: [1, 1, 1] }, /unknown field preprocessing\."meen" \(expected width.*crop\)/],
    [{ crop: 0.9, resize: { shorterSide: 256 } }, /preprocessing\.crop: 0\.9/],
    [{ crop: 224, width: 256 }, /preprocessing\.crop: 224 \(expected the input's size, 256\)/],
    [{ crop: 0 }, /preprocessing\.crop/],
    [{ crop: 1.5 }, /preprocessing\.crop: 1\.5/],
    [{ fit: "squash", crop: 0.9 }, /preprocessing\.crop.*because fit is "squash"/],
    [{ fit: "cover", resize: { shorterSide: 256 } }, /preprocessing\.resize.*because fit is "cover"/],
    [{ scale: [1, 0] }, /preprocessing\.scale/],
    [{ scale: 0 }, /preprocessing\.scale/],
    [{ scale: "0..1" }, /preprocessing\.scale/],
  ];
  for (const [given, message] of refused) {
    assert.throws(() => choosePreprocessing({}, { given }), { name: "CamlabError", message });
  }
  assert.throws(() => choosePreprocessing({}, { size: 64, given: { width: 32 } }), /preprocessing\.width: 32/);
  assert.throws(() => choosePreprocessing({ width: 32, height: 32 }, { given: { crop: 64 } }), /64×64.*32×32/);
});
