import assert from "node:assert/strict";
import { test } from "node:test";
import { seenFromRow, seenToRow, type SeenMaps } from "../../../../src/kernel-helpers/boxes/evaluation/seen-maps.js";
import { mirroredPlacement, placementOf } from "../../../../src/kernel-helpers/images/input/placement.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { preprocessing } from "../../images/pictures.js";

const random = seededRandom("seen maps");
const input = preprocessing({ width: 32, height: 24, fit: "cover" });
const region = { x: 5, y: 6, width: 40, height: 20 };

function seen(guesses: number, picture: { readonly region?: typeof region; readonly flip?: boolean }): SeenMaps {
  const upright = placementOf(input, 70, 50, picture.region);
  const placement = picture.flip ? mirroredPlacement(upright) : upright;
  const map = () => ({ width: 4, height: 3, data: Float32Array.from({ length: 12 }, random), placement });
  return {
    imageWidth: 70,
    imageHeight: 50,
    top: Array.from({ length: guesses }, (_, i) => ({ index: 900 - i, probability: Math.fround(random()) })),
    trueMap: map(),
    maps: Array.from({ length: guesses }, map),
  };
}

test("what is kept of a picture is a row of numbers, and comes back as it was, with its place on the photo", () => {
  for (const picture of [{}, { flip: true }, { region }, { region, flip: true }]) {
    for (const guesses of [1, 2, 5]) {
      const given = seen(guesses, picture);
      const row = seenToRow(given);
      assert.equal(row.length, 4 + 2 * guesses + 12 * (1 + guesses));
      const kept = { classes: guesses, maps: guesses };
      assert.deepEqual(seenFromRow(row, kept, { file: "x", ...picture }, input), given);
      assert.equal(seenFromRow(row, { classes: guesses + 1, maps: guesses + 1 }, { file: "x" }, input), undefined);
      assert.equal(seenFromRow(row.subarray(1), kept, { file: "x" }, input), undefined);
      assert.equal(seenFromRow(Float32Array.of(...row, 0), kept, { file: "x" }, input), undefined);
      const alone = { ...given, maps: [] };
      assert.deepEqual(seenFromRow(seenToRow(alone), { ...kept, maps: 0 }, { file: "x", ...picture }, input), alone);
      assert.equal(seenFromRow(seenToRow(alone), kept, { file: "x" }, input), undefined);
    }
  }
  assert.deepEqual([...seenToRow(seen(2, {})).subarray(0, 6)], [70, 50, 4, 3, 900, 899]);
});

test("maps of several sizes are no row", () => {
  const given = seen(2, {});
  const wrong = { ...given.maps[1], width: 3, data: new Float32Array(9) };
  assert.throws(() => seenToRow({ ...given, maps: [given.maps[0], wrong] }), /maps of one picture must be of one size/);
  const turned = { ...given.maps[1], width: 3, height: 4 };
  assert.throws(() => seenToRow({ ...given, maps: [turned, given.maps[1]] }), /one size/);
});
