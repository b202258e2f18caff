import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { StoredPicture } from "../../../../src/kernel-helpers/images/picture.js";
import { textCrops } from "../../../../src/kernel-helpers/discovery/text/text-crops.js";
import { textAgainst, textExamples } from "../../../../src/kernel-helpers/discovery/text/text-example.js";
import { boxArea, intersectionArea } from "../../../../src/kernel-helpers/boxes/box-geometry.js";
import { encodePng } from "../../../../src/kernel-helpers/images/files/encode.js";
import { temporaryFolder } from "../../features/photos.js";
import { plain } from "../../networks/fake-network.js";

const WORDS = [
  { x: 200, y: 30, width: 80, height: 40, text: "SHOP" },
  { x: 20, y: 150, width: 50, height: 20, text: "###" },
];

function imageOf(file: string, id: string, words = WORDS): StoredPicture {
  return {
    file,
    id,
    words: words.map(({ x, y, width, height, text }) => ({
      polygon: [x, y, x + width, y, x + width, y + height, x, y + height],
      text,
      readable: text !== "###",
    })),
  };
}

describe("textCrops", () => {
  const folder = temporaryFolder();
  const file = join(folder, "street.png");
  const options = { side: [50, 90], perPhoto: 3, seed: 3 } as const;
  before(async () => writeFileSync(file, await encodePng(plain(9, 9, 9, 320, 200))));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const streets = () => ["a", "b", "c"].map((id) => imageOf(file, id));

  test("squares in the photo; text enough, or none at all, not even an unreadable word", async () => {
    const { examples, notes } = await textCrops(streets(), options);
    assert.deepEqual(notes, []);
    assert.equal(examples.length, 18);
    for (const { region, label, split, id } of examples) {
      assert.ok(region);
      const { x, y, width, height } = region;
      assert.ok(
        width === height && width >= 50 && width <= 90 && x >= 0 && y >= 0 && x + width <= 320 && y + height <= 200,
      );
      const text = WORDS.reduce((sum, word) => sum + intersectionArea(word, region), 0);
      if (label === "text") assert.ok(text / boxArea(region) >= 0.015);
      else assert.equal(text, 0);
      assert.equal(split, id.startsWith("b") ? "test" : "train");
    }
  });

  test("the same seed gives the same crops, whatever else is in the list; another seed others", async () => {
    const all = (await textCrops(streets(), options)).examples;
    const some = (await textCrops(streets().slice(0, 1), options)).examples;
    assert.deepEqual(all.slice(0, some.length), some);
    assert.notDeepEqual((await textCrops(streets(), { ...options, seed: 4 })).examples, all);
  });

  test("odd photographs are noted, and those that leave one kind empty are refused", async () => {
    const stray = { x: 900, y: 10, width: 30, height: 9, text: "FAR" };
    const { notes } = await textCrops(
      [imageOf(file, "a", [...WORDS, stray]), imageOf(join(folder, "gone.png"), "gone")],
      options,
    );
    assert.match(notes[0], /a: 1 words lie outside of its 320 × 200 pixels \("FAR"\)/);
    assert.match(notes[1], /gone was left out: .*gone\.png/);
    await assert.rejects(textCrops([imageOf(file, "a", [])], options), /is of the kind "text": lower minText/);
    const everywhere = [{ x: 0, y: 0, width: 320, height: 200, text: "###" }];
    await assert.rejects(
      textCrops([imageOf(file, "a", everywhere)], options),
      /of the kind "no text": take smaller sides/,
    );
    await assert.rejects(textCrops(streets(), { side: [240, 300] }), /no crop could be cut from 3 .*gave no crop/);
    await assert.rejects(textCrops(streets(), { side: [9, 3] }), /invalid side/);
    await assert.rejects(textCrops(streets(), { ...options, signal: AbortSignal.abort() }), { name: "AbortError" });
  });
});

test("whole photographs alternate; those without a word are left out", () => {
  const images = ["a", "b", "c"].map((id) => imageOf(`${id}.jpg`, id, id === "b" ? [] : WORDS));
  const others = [
    { file: "d.jpg", id: "d", split: "val" as const },
    { file: "e.jpg", id: "e" },
  ];
  assert.deepEqual(
    textAgainst(images, others).map(({ id, label, split }) => [id, label, split]),
    [
      ["a", "text", "train"],
      ["c", "text", "test"],
      ["d", "no text", "test"],
      ["e", "no text", "test"],
    ],
  );
  assert.throws(() => textAgainst(images.slice(1, 2), others), /none of the 1 photographs has a word/);
  assert.throws(() => textAgainst(images, []), /no photographs without text/);
  const scene = [{ file: "k.jpg", id: "k", label: "kitchen", split: "train" as const }];
  assert.throws(() => textExamples({ pictures: scene }), /k is labelled "kitchen"/);
});
