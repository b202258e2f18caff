import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { associationOf } from "../../../../src/kernel-helpers/discovery/phrases/log-likelihood.js";
import { minePhrases } from "../../../../src/kernel-helpers/discovery/phrases/mine-phrases.js";

/** Ten images with a caption each. Said of three or more: "mirror in (the) lake", "hot dog", "hot dog stand". */
const CAPTIONS = [
  ["A mirror in the lake, near snow."],
  ["There is a mirror in a lake at night."],
  ["Trees and the mirror in the lake!"],
  ["A hot dog stand on the street"],
  ["A hot dog stand by night"],
  ["Hot dog stand."],
  ["An old hot dog and a lake"],
  ["A dog in the snow"],
  ["A hot street with a dog"],
  ["Night falls: snow, a street, no mirror"],
];

describe("mining phrases", () => {
  test("ten captions: what is said of three images, and what of that is a unit", () => {
    const mined = minePhrases(CAPTIONS, { minImages: 3, commonShare: 0.6 });
    assert.deepEqual(
      mined.map(({ text, words, images, times }) => [text, words.join(" "), images, times]),
      [
        // "mirror in the lake" is written so twice, "mirror in a lake" once.
        ["mirror in the lake", "mirror in lake", 3, 3],
        // Three of the four images that say "hot dog" say it in "hot dog stand": not enough to leave it out.
        ["hot dog stand", "hot dog stand", 3, 3],
        ["hot dog", "hot dog", 4, 4],
      ],
    );
    const inside = minePhrases(CAPTIONS, { minImages: 3, commonShare: 0.6, insideShare: 0.75 });
    assert.deepEqual(
      inside.map(({ text }) => text),
      ["mirror in the lake", "hot dog stand"],
    );
  });

  test("G² and PMI are those of the weakest link, counted by hand", () => {
    const total = CAPTIONS.flat()
      .flatMap((caption) => caption.toLowerCase().match(/[a-z]+/g)!)
      .filter((word) => !["a", "an", "the", "and"].includes(word)).length;
    const [mirror] = minePhrases(CAPTIONS, { minImages: 3 });
    // Cuts: mirror (4) | in lake (3), mirror in (3) | lake (4): the same table, and so the same value.
    const expected = associationOf(3, 4, 3, total);
    assert.ok(Math.abs(mirror.g2 - expected.g2) < 1e-12 && Math.abs(mirror.pmi - expected.pmi) < 1e-12);
    assert.equal(expected.pmi, Math.log2((3 * total) / (4 * 3)));
  });

  test("association: SciPy's chi2_contingency(…, lambda_='log-likelihood', correction=False)", () => {
    const close = (value: number, expected: number) => assert.ok(Math.abs(value - expected) < 1e-9 * expected);
    close(associationOf(8, 10, 10, 100).g2, 35.82667361848228);
    close(associationOf(110, 2552, 221, 31777).g2, 270.721876936225);
    close(associationOf(5, 5, 5, 50).g2, 32.50829733914483);
    close(-associationOf(3, 30, 40, 100).g2, 18.285445703914434); // less often than by chance: the sign is turned
  });

  test("a word said of most images begins and ends no phrase", () => {
    const things = ["red cat", "red dog", "blue cat", "blue dog"];
    const captions = Array.from({ length: 40 }, (_, i) => [`This photo shows a ${things[i % 4]}`]);
    // "photo shows red" and "shows blue cat" are frequent, but photo and shows are said of all.
    assert.deepEqual(
      minePhrases(captions, { minImages: 5 })
        .map(({ text }) => text)
        .sort(),
      [...things].sort((a, b) => (a < b ? -1 : 1)),
    );
  });

  test("words that always go together have a bit more than those that go with each of two others", () => {
    const pmiOf = (things: readonly string[]) => {
      const captions = Array.from({ length: 40 }, (_, i) => [`This photo shows a ${things[i % 4]}`]);
      return minePhrases(captions, { minImages: 5, minPmi: 0 })[0].pmi;
    };
    const free = pmiOf(["red cat", "red dog", "blue cat", "blue dog"]);
    const bound = pmiOf(["red cat", "red cat", "blue dog", "blue dog"]);
    assert.ok(Math.abs(bound - free - 1) < 1e-12);
    assert.ok(Math.abs(free - Math.log2((10 * 200) / (20 * 20))) < 1e-12);
  });

  test("odd data and options", () => {
    assert.throws(() => minePhrases([[], [" "]]), /no image has a caption/);
    assert.deepEqual(minePhrases([["cat on mat"]]), []);
    assert.throws(() => minePhrases(CAPTIONS, { minWords: 1 }), /invalid minWords: 1 \(expected at least 2/);
    assert.throws(() => minePhrases(CAPTIONS, { maxWords: 1 }), /invalid maxWords: 1/);
    assert.throws(() => minePhrases(CAPTIONS, { commonShare: 0 }), /invalid commonShare: 0/);
    assert.deepEqual(
      minePhrases([["constructor prototype __proto__ hasOwnProperty"]], { minImages: 1, commonShare: 1 })[0].images,
      1,
    );
  });
});
