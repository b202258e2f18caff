import assert from "node:assert/strict";
import { test } from "node:test";
import { maskOfObject } from "../../../../src/kernel-helpers/datasets/objects/picture-objects.js";
import { decodeMask, regionsOf } from "../../../../src/kernel-helpers/images/masks/masks.js";
import { maskOfPolygons } from "../../../../src/kernel-helpers/images/masks/polygon-mask.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

/** Rows of # and . */
const drawn = (polygons: number[][], width: number, height: number) => {
  const mask = decodeMask(maskOfPolygons(polygons, width, height));
  return Array.from({ length: height }, (_, y) =>
    Array.from(mask.subarray(y * width, (y + 1) * width), (one) => (one ? "#" : ".")).join(""),
  );
};

test("polygons by hand: a box, a triangle, a bow tie's two halves, a union, what lies outside", () => {
  assert.deepEqual(drawn([[1, 0, 3, 0, 3, 2, 1, 2]], 4, 3), [".##.", ".##.", "...."]);
  // Centres on the diagonal are not inside: it is the lower edge of their column.
  assert.deepEqual(drawn([[0, 0, 4, 0, 0, 4]], 4, 4), ["###.", "##..", "#...", "...."]);
  // A centre on an upper edge is inside, one on a lower edge is not.
  assert.deepEqual(drawn([[0, 0, 4, 4, 4, 0, 0, 4]], 4, 4), ["#..#", "####", "#..#", "...."]);
  assert.deepEqual(
    drawn(
      [
        [0, 0, 2, 0, 2, 1, 0, 1],
        [1, 0, 3, 0, 3, 2, 1, 2],
      ],
      4,
      2,
    ),
    ["###.", ".##."],
  );
  assert.deepEqual(drawn([[-5, -5, 50, -5, 50, 1, -5, 1]], 3, 2), ["###", "..."]);
  assert.deepEqual(maskOfPolygons([[0, 0, 1, 1]], 2, 2), { width: 2, height: 2, counts: [4] });
  assert.throws(() => maskOfPolygons([[0, 0, 1]], 2, 2), /a polygon of 3 numbers is no list of corners/);
});

test("columns that are full go on into each other as one run, at the beginning, within and at the end", () => {
  const random = seededRandom("columns");
  const counts = (polygons: number[][], width: number, height: number) =>
    maskOfPolygons(polygons, width, height).counts;
  assert.deepEqual(counts([[0, 0, 5, 0, 5, 3, 0, 3]], 5, 3), [0, 15]);
  assert.deepEqual(counts([[1, 0, 3, 0, 3, 3, 1, 3]], 5, 3), [3, 6, 6]);
  assert.deepEqual(counts([[1, 1, 3, 1, 3, 3, 1, 3]], 3, 3), [4, 2, 1, 2]);
  assert.deepEqual(
    counts(
      [
        [0, 1, 1, 1, 1, 3, 0, 3],
        [1, 0, 2, 0, 2, 2, 1, 2],
      ],
      2,
      3,
    ),
    [1, 4, 1],
  );
  assert.deepEqual(counts([], 2, 3), [6]);
  assert.deepEqual(counts([], 0, 3), [0]);
  for (let i = 0; i < 60; i++) {
    const [width, height] = [1 + Math.floor(7 * random()), 1 + Math.floor(6 * random())];
    const boxes = Array.from({ length: 1 + Math.floor(3 * random()) }, () => {
      const [x1, x2, y1, y2] = [width, width, height, height].map((limit) => Math.round((limit + 4) * random()) - 2);
      return [x1, y1, x2, y1, x2, y2, x1, y2];
    });
    const map = Uint8Array.from({ length: width * height }, (_, p) => {
      const [x, y] = [(p % width) + 0.5, Math.floor(p / width) + 0.5];
      const between = (at: number, a: number, b: number) => at > Math.min(a, b) && at < Math.max(a, b);
      return Number(boxes.some((corners) => between(x, corners[0], corners[2]) && between(y, corners[1], corners[5])));
    });
    const found = maskOfPolygons(boxes, width, height);
    assert.deepEqual([...decodeMask(found)], [...map]);
    const regions = regionsOf(map, width, height).get(1);
    assert.deepEqual(found, regions ? regions.mask : { width, height, counts: [width * height] });
  }
});

test("counts that are not those of the pixels are refused before anything is filled", () => {
  const refused = (counts: number[], message: RegExp, width = 2, height = 3) =>
    assert.throws(() => decodeMask({ width, height, counts }), message);
  refused([1, 4], /a mask of 2 × 3 pixels has counts for 5/);
  refused([0, 2 ** 50], /a mask of 2 × 3 pixels has counts for 1125899906842624/);
  refused([8, -2], /a run of -2 pixels/);
  refused([5.5, 0.5], /a run of 5.5 pixels/);
  refused([NaN], /a run of NaN pixels/);
  refused([1e12], /cannot have 1000000 × 1000000 pixels/, 1e6, 1e6);
  refused([6], /cannot have -2 × -3 pixels/, -2, -3);
  assert.deepEqual([...decodeMask({ width: 2, height: 3, counts: [1, 3, 2] })], [0, 1, 1, 0, 1, 0]);
  assert.deepEqual([...decodeMask({ width: 0, height: 3, counts: [] })], []);
});

test("a mask of polygons holds as many pixels as the shoelace formula says, within its outline's length", () => {
  const random = seededRandom("polygons");
  for (let i = 0; i < 20; i++) {
    const corners = Array.from({ length: 7 }, (_, k) => {
      const angle = (2 * Math.PI * (k + 0.8 * random())) / 7;
      const radius = 20 + 70 * random();
      return [100 + radius * Math.cos(angle), 100 + radius * Math.sin(angle)] as const;
    });
    let [area, length] = [0, 0];
    corners.forEach(([x1, y1], k) => {
      const [x2, y2] = corners[(k + 1) % corners.length];
      area += (x1 * y2 - x2 * y1) / 2;
      length += Math.hypot(x2 - x1, y2 - y1);
    });
    const mask = decodeMask(maskOfPolygons([corners.flat()], 200, 200));
    const pixels = mask.reduce((sum, one) => sum + one, 0);
    // Random, not systematic: far less than half a pixel along the outline.
    assert.ok(Math.abs(pixels - Math.abs(area)) < 0.1 * length, `${pixels} pixels, area ${area}`);
    // The same run lengths as the map's own region of these pixels.
    assert.deepEqual(regionsOf(mask, 200, 200).get(1)!.mask, maskOfPolygons([corners.flat()], 200, 200));
  }
});

test("an object is its mask, else its polygons, else its box", () => {
  const box = { x: 0, y: 0, width: 2, height: 1 };
  const mask = { width: 2, height: 2, counts: [3, 1] };
  const polygons = [[0, 1, 2, 1, 2, 2, 0, 2]];
  const pixels = (object: object) => Array.from(decodeMask(maskOfObject({ name: "x", box, ...object }, 2, 2)));
  assert.deepEqual(pixels({ mask, polygons }), [0, 0, 0, 1]);
  assert.deepEqual(pixels({ polygons }), [0, 0, 1, 1]);
  assert.deepEqual(pixels({}), [1, 1, 0, 0]);
});
