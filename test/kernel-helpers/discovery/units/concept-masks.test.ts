import assert from "node:assert/strict";
import { test } from "node:test";
import { conceptMasks } from "../../../../src/kernel-helpers/discovery/units/concept-masks.js";
import { placementOf } from "../../../../src/kernel-helpers/images/input/placement.js";
import { regionsOf } from "../../../../src/kernel-helpers/images/masks/masks.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { preprocessing } from "../../images/pictures.js";

const random = seededRandom("concept masks");
const whole = (limit: number) => Math.floor(random() * limit);

test("a point of the grid shows the pixel under its centre, and belongs to each concept whose mask has that pixel", () => {
  let margins = 0;
  for (let i = 0; i < 150; i++) {
    const [width, height] = [1 + whole(14), 1 + whole(14)];
    const grid = { width: 1 + whole(20), height: 1 + whole(20) };
    const fit = (["contain", "squash", "cover"] as const)[i % 3];
    const input = preprocessing({ width: 8 + whole(9), height: 8 + whole(9), fit });
    const maps = ["cat", "dog", "cat", "none"].map((name) => ({
      name,
      // Few pixels, so that some concepts are between the points of a coarse grid.
      pixels: Uint8Array.from({ length: width * height }, () => Number(random() < 0.2)),
    }));
    const objects = maps.flatMap(({ name, pixels }) => {
      const mask = regionsOf(pixels, width, height).get(1)?.mask;
      return mask ? [{ name, box: { x: 0, y: 0, width, height }, mask }] : [];
    });
    const numbers = new Map([
      ["cat", 4],
      ["dog", 7],
    ]);
    const { seen, masks } = conceptMasks({ file: "x.png", id: "x", width, height, objects }, input, grid, numbers);
    const { scaleX, scaleY, offsetX, offsetY } = placementOf(input, width, height);
    const expected = new Map([
      [4, new Uint8Array(grid.width * grid.height)],
      [7, new Uint8Array(grid.width * grid.height)],
    ]);
    const shown = new Uint8Array(grid.width * grid.height);
    for (let row = 0; row < grid.height; row++) {
      for (let column = 0; column < grid.width; column++) {
        const x = Math.floor((((column + 0.5) * input.width) / grid.width - offsetX) / scaleX);
        const y = Math.floor((((row + 0.5) * input.height) / grid.height - offsetY) / scaleY);
        if (x < 0 || y < 0 || x >= width || y >= height) {
          margins += 1;
          continue;
        }
        const p = row * grid.width + column;
        shown[p] = 1;
        for (const { name, pixels } of maps) {
          if (pixels[y * width + x]) expected.get(numbers.get(name) ?? -1)?.fill(1, p, p + 1);
        }
      }
    }
    assert.deepEqual(seen, shown);
    for (const [number, points] of expected) {
      if (points.includes(1)) assert.deepEqual(masks.get(number), points);
      else assert.equal(masks.has(number), false, "a concept that no point shows is not seen");
    }
    assert.ok([...masks.keys()].every((number) => expected.has(number)));
  }
  assert.ok(margins > 100);
});

test("a mask of another size than its picture's is refused, by its object and its file", () => {
  const box = { x: 0, y: 0, width: 2, height: 2 };
  for (const [width, height] of [
    [3, 2],
    [2, 3],
    [3, 3],
  ]) {
    const object = { name: "cat", box, mask: { width, height, counts: [0, width * height] } };
    const of = (numbers: Map<string, number>) =>
      conceptMasks(
        { file: "x.png", id: "x", width: 2, height: 2, objects: [object] },
        preprocessing({ width: 4, height: 4, fit: "squash" }),
        { width: 2, height: 2 },
        numbers,
      );
    assert.throws(() => of(new Map([["cat", 0]])), /the mask of "cat" in x\.png is \d × \d, its image 2 × 2/);
    assert.equal(of(new Map()).masks.size, 0, "nobody asks for it");
  }
});
