import assert from "node:assert/strict";
import { test } from "node:test";
import { findText } from "../../../../src/kernel-helpers/discovery/text/found-text.js";
import { boxesOf } from "../../../../src/kernel-helpers/boxes/box-of.js";
import { placementOf } from "../../../../src/kernel-helpers/images/input/placement.js";
import type { Preprocessing } from "../../../../src/kernel-helpers/images/input/preprocessing.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

const INPUT = { width: 40, height: 40, channelOrder: "RGB", mean: [0, 0, 0], std: [1, 1, 1] } as const;
const squash: Preprocessing = { ...INPUT, fit: "squash" };
const measure = { threshold: 0.5, radius: 3 };

/** A map of 4×4 places with one high place. */
function spot(column: number, row: number, preprocessing: Preprocessing, width: number, height: number) {
  const data = new Float32Array(16);
  data[row * 4 + column] = 1;
  return { width: 4, height: 4, data, placement: placementOf(preprocessing, width, height) };
}

function word(x: number, y: number, width: number, height: number) {
  return { polygon: [x, y, x + width, y, x + width, y + height, x, y + height], text: "WORD", readable: true };
}

test("a word under the map's high place: peak, box and shares, in the photo's pixels", () => {
  // A photo of 80×120 on a grid of 40×40; the high place covers columns 20–40 and rows 60–90 of the photo.
  const map = spot(1, 2, squash, 80, 120);
  const { peak, box, agreement } = findText(map, [word(20, 60, 20, 30)], measure);
  assert.ok(Math.abs(peak.x - 30) <= 2 && Math.abs(peak.y - 75) <= 3, JSON.stringify(peak));
  // Half of the maximum lies 5 pixels of the grid from the place's centre, at its own edges.
  assert.deepEqual(box, { x: 20, y: 60, width: 20, height: 30 });
  assert.ok(agreement);
  assert.equal(agreement.textShare, 100 / 1600);
  assert.equal(agreement.boxShare, 100 / 1600);
  assert.deepEqual([agreement.wordsUnderBox, agreement.wordsUnderBoxes, agreement.wordsFound], [1, 1, 1]);
  assert.equal(agreement.hit, true);
  // Pixels nearer than 3 to a square of 10×10: the square, four strips, and four corners of 4 pixels or so.
  const corner = [1, 2, 3].flatMap((x) => [1, 2, 3].filter((y) => x * x + y * y <= 9)).length;
  assert.equal(agreement.nearShare, (100 + 4 * 30 + 4 * corner) / 1600);
  assert.ok(agreement.pixelPrecision > 0.9 && agreement.pixelPrecision <= 1);
});

test("a peak beside a word hits within the radius and misses beyond it", () => {
  const map = spot(0, 0, squash, 40, 40);
  // The peak's pixel is column and row 5, the middle of the first place; words begin 2 and 4 pixels further on.
  assert.equal(findText(map, [word(7, 0, 10, 10)], measure).agreement?.hit, true);
  assert.equal(findText(map, [word(9, 0, 10, 10)], measure).agreement?.hit, false);
  assert.equal(findText(map, [word(9, 0, 10, 10)], { ...measure, radius: 5 }).agreement?.hit, true);
});

test("words outside of what the network saw do not count, and none at all leaves no agreement", () => {
  const map = spot(1, 1, { ...squash, fit: "cover" }, 80, 40);
  // Of a photo of 80×40 the network saw columns 20 to 60.
  assert.equal(findText(map, [word(0, 0, 15, 10), word(500, 500, 9, 9)], measure).agreement, undefined);
  assert.equal(findText(map, [word(10, 0, 20, 10)], measure).agreement?.textShare, 100 / 1600);
  assert.equal(findText(map, [], measure).agreement, undefined);
});

test("the margin of a contained photo takes no part", () => {
  // The photo of 40×20 lies on rows 10 to 30 of the grid; the map is highest in the margin.
  const map = spot(1, 0, { ...squash, fit: "contain" }, 40, 20);
  const { agreement, peak } = findText(map, [word(0, 0, 40, 20)], measure);
  assert.equal(agreement?.textShare, 1);
  assert.ok(peak.y >= 0 && peak.y < 20);
});

test("a map without a positive place has no box, and covers no word", () => {
  const map = { ...spot(0, 0, squash, 40, 40), data: new Float32Array(16).fill(-1) };
  const { box, boxes, agreement } = findText(map, [word(0, 0, 10, 10)], measure);
  assert.deepEqual([box, boxes], [undefined, []]);
  assert.deepEqual([agreement?.wordsUnderBox, agreement?.boxShare], [0, 0]);
  assert.deepEqual([agreement?.wordsUnderBoxes, agreement?.boxesShare, agreement?.wordsFound], [0, 0, 0]);
});

test("every area above the threshold is a box; words count by area and one by one", () => {
  // On a grid of 40×40 the high places cover 10×10 pixels each at half of the maximum; they do not touch.
  const map = spot(0, 0, squash, 40, 40);
  map.data[3 * 4 + 3] = 1;
  map.data[3 * 4 + 0] = 0.4;
  // One word under the first box, one half under the second, one a little less than half, one nowhere.
  const words = [word(2, 2, 4, 4), word(26, 30, 8, 5), word(36, 25, 4, 9), word(15, 15, 2, 2)];
  const { box, boxes, agreement } = findText(map, words, measure);
  assert.equal(boxes.length, 2);
  assert.deepEqual(box, boxes[0]);
  const [first, second] = boxes;
  assert.deepEqual([first.x, first.y, second.x + second.width, second.y + second.height], [0, 0, 40, 40]);
  const area = ({ width, height }: { width: number; height: number }) => width * height;
  assert.equal(agreement!.boxesShare, (area(first) + area(second)) / 1600);
  assert.equal(agreement!.boxShare, area(first) / 1600);
  const under = 16 + 8 * 5 * ((34 - second.x) / 8) + 4 * (34 - second.y);
  assert.ok(Math.abs(agreement!.wordsUnderBoxes - under / (16 + 40 + 36 + 4)) < 1e-12);
  assert.ok(Math.abs(agreement!.wordsUnderBox - 16 / 96) < 1e-12);
  assert.equal(second.x, 30);
  assert.equal(agreement!.wordsFound, 0.5);
});

test("on any grid: which pixels are text or near it, where the peak is and what the boxes cover, pixel by pixel", () => {
  const [W, H, columns, rows] = [24, 18, 4, 3];
  const random = seededRandom("found text");
  const whole = (limit: number) => Math.floor(random() * limit);
  let [hits, outside] = [0, 0];
  for (let round = 0; round < 60; round++) {
    const fit = (["squash", "cover", "contain"] as const)[round % 3];
    const [width, height] = [20 + whole(60), 20 + whole(60)];
    const placement = placementOf({ ...INPUT, width: W, height: H, fit }, width, height);
    const data = Float32Array.from({ length: columns * rows }, () => random() - 0.2);
    const map = { width: columns, height: rows, data, placement };
    const words = Array.from({ length: 2 }, () =>
      word(whole(width - 8), whole(height - 8), 4 + whole(20), 4 + whole(20)),
    );
    const options = { threshold: 0.6, radius: 2.5 };
    const { peak, agreement } = findText(map, words, options);
    const { scaleX, scaleY, offsetX, offsetY } = placement;
    const onPhoto = (x: number, y: number) => ({ x: (x - offsetX) / scaleX, y: (y - offsetY) / scaleY });
    const isSeen = ({ x, y }: { x: number; y: number }) => x >= 0 && y >= 0 && x < width && y < height;
    const pixels = Array.from({ length: W * H }, (_, p) => ({ X: p % W, Y: Math.floor(p / W) })).filter(({ X, Y }) =>
      isSeen(onPhoto(X + 0.5, Y + 0.5)),
    );
    const isIn = (x: number, y: number, [left, top, , , right, bottom]: readonly number[]) =>
      x >= left && x < right && y >= top && y < bottom;
    const text = pixels.filter(({ X, Y }) => {
      const { x, y } = onPhoto(X + 0.5, Y + 0.5);
      return words.some(({ polygon }) => isIn(x, y, polygon));
    });
    const places = Array.from(data, (value, place) => ({
      value,
      X: Math.floor((((place % columns) + 0.5) * W) / columns),
      Y: Math.floor(((Math.floor(place / columns) + 0.5) * H) / rows),
    }));
    const centres = places.filter(({ X, Y }) => pixels.some((one) => one.X === X && one.Y === Y));
    outside += places.length - centres.length;
    const top = centres.reduce((a, b) => (b.value > a.value ? b : a));
    const [from, to] = [onPhoto(top.X, top.Y), onPhoto(top.X + 1, top.Y + 1)];
    const middle = (a: number, b: number, size: number) => (Math.max(0, a) + Math.min(size, b)) / 2;
    assert.ok(Math.abs(peak.x - middle(from.x, to.x, width)) < 1e-4, `${fit} ${peak.x}`);
    assert.ok(Math.abs(peak.y - middle(from.y, to.y, height)) < 1e-4, `${fit} ${peak.y}`);
    if (text.length === 0) {
      assert.equal(agreement, undefined);
      continue;
    }
    const isNear = ({ X, Y }: { X: number; Y: number }) =>
      text.some((one) => (one.X - X) ** 2 + (one.Y - Y) ** 2 <= options.radius ** 2);
    const under = boxesOf(map, { threshold: options.threshold });
    const isUnder = ({ X, Y }: { X: number; Y: number }, boxes = under) =>
      boxes.some(({ onGrid: { x, y, width, height } }) => X >= x && Y >= y && X < x + width && Y < y + height);
    const share = (count: number) => count / pixels.length;
    const hit = isNear(top);
    hits += Number(hit);
    const { pixelPrecision: _, wordsFound: _found, ...shares } = agreement!;
    assert.deepEqual(shares, {
      textShare: share(text.length),
      nearShare: share(pixels.filter(isNear).length),
      boxShare: share(pixels.filter((pixel) => isUnder(pixel, under.slice(0, 1))).length),
      boxesShare: share(pixels.filter((pixel) => isUnder(pixel)).length),
      hit,
      wordsUnderBox: text.filter((pixel) => isUnder(pixel, under.slice(0, 1))).length / text.length,
      wordsUnderBoxes: text.filter((pixel) => isUnder(pixel)).length / text.length,
    });
  }
  assert.ok(hits > 10 && hits < 50 && outside > 30, `${hits} ${outside}`);
});

test("a map that lies on no photograph has no words under it", () => {
  const { placement: _, ...map } = spot(0, 0, squash, 40, 40);
  assert.throws(() => findText(map, [], measure), /^CamlabError: the map has no placement on a photograph, so words/);
});

test("where no place of the map has its centre in the photograph the highest pixel is the peak", () => {
  // The photo of 40×2 lies on rows 19 and 20 of 40, between the centres of places.
  const map = { ...spot(2, 1, { ...squash, fit: "contain" }, 40, 2) };
  const { peak } = findText(map, [], measure);
  assert.ok(Math.abs(peak.x - 25) < 3 && peak.y > 0 && peak.y < 2, JSON.stringify(peak));
});
