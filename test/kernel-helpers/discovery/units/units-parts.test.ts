import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AnnotatedPicture } from "../../../../src/kernel-helpers/images/picture.js";
import { type ConceptMasks, conceptMasks } from "../../../../src/kernel-helpers/discovery/units/concept-masks.js";
import { maskPartners } from "../../../../src/kernel-helpers/discovery/units/mask-partners.js";
import { rankUnits } from "../../../../src/kernel-helpers/discovery/units/rank-units.js";
import { UpperTail } from "../../../../src/kernel-helpers/discovery/units/upper-tail.js";
import { placementOf, toImage } from "../../../../src/kernel-helpers/images/input/placement.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { preprocessing } from "../../images/pictures.js";
import { fakeNetwork } from "../../networks/fake-network.js";

test("the upper tail of any numbers is that of all of them sorted", () => {
  const random = seededRandom("tail");
  for (const capacity of [1, 3, 50]) {
    const tail = new UpperTail(capacity);
    const values = Float32Array.from({ length: 400 }, () => Math.floor(random() * 100) - 50);
    values.forEach((value) => tail.add(value));
    const sorted = [...values].sort((a, b) => b - a);
    for (let rank = 0; rank < capacity; rank++) assert.equal(tail.above(rank), sorted[rank]);
  }
  assert.equal(new UpperTail(2).above(0), -Infinity);
});

test("places that were not seen are no numbers of the tail, and as many as there are can be asked for", () => {
  for (const capacity of [1, 2]) {
    const tail = new UpperTail(capacity);
    for (const value of [NaN, 3, NaN, 5, NaN, 4, NaN]) tail.add(value);
    assert.deepEqual([tail.above(0), tail.above(capacity - 1)], [5, 6 - capacity]);
  }
  const few = new UpperTail(5);
  few.add(2);
  few.add(1);
  assert.deepEqual(
    [0, 1, 2].map((rank) => few.above(rank)),
    [2, 1, -Infinity],
  );
});

test("a threshold lets the largest pass where more are as large as may pass", () => {
  const tailOf = (...values: number[]) => {
    const tail = new UpperTail(3);
    for (const value of values) tail.add(value);
    return tail;
  };
  assert.equal(tailOf(5, 4, 3).letting(1), 4);
  assert.equal(tailOf(5, 5, 3).letting(0), 5);
  assert.equal(tailOf(5, 5, 3).letting(1), 5 - 5 * 2 ** -20);
  assert.equal(tailOf(0.5, 0.5, 0.5).letting(2), 0.5 - 2 ** -20);
  assert.equal(tailOf(-8, -8).letting(1), -8 - 8 * 2 ** -20);
  assert.equal(tailOf(5).letting(1), -Infinity);
  assert.equal(tailOf().letting(0), -Infinity);
  assert.equal(tailOf(Infinity, Infinity).letting(1), Infinity);
});

test("behind a layer normalisation a unit's weight is what it has more than the mean over all units", () => {
  const { head, classes } = fakeNetwork(() => [0, 0, 0]);
  const weights = Float32Array.of(1, 4, -2, -6, 0, 0);
  const ranked = rankUnits({ head: { ...head, weights }, classes }, "a");
  assert.deepEqual(ranked, [
    { unit: 1, weight: 4 },
    { unit: 0, weight: 1 },
  ]);
  const normalisation = { kind: "layer", scale: new Float32Array(2), shift: new Float32Array(2), epsilon: 0 };
  const behind = { ...head, weights, normalisation } as unknown as typeof head;
  assert.deepEqual(rankUnits({ head: behind, classes }, "a"), [
    { unit: 1, weight: 1.5 },
    { unit: 0, weight: -1.5 },
  ]);
  assert.deepEqual(rankUnits({ head: behind, classes }, "b")[0], { unit: 0, weight: 2 });
  const none = { head: { ...head, weights: new Float32Array(0) }, classes };
  assert.throws(() => rankUnits(none, "a"), /no weights that are the same for every photo/);
});

test("every image meets its own masks and as many others', all distinct, few held at once", () => {
  for (const [count, partners] of [
    [7, 3],
    [2, 1],
    [5, 0],
    [4, 3],
  ]) {
    let made = 0;
    const masksOf = (place: number) => ({ place, made: made++ }) as unknown as ConceptMasks;
    const at = maskPartners(count, partners, masksOf);
    for (let place = 0; place < count; place++) {
      const met = at(place).map((masks) => (masks as unknown as { place: number }).place);
      assert.equal(met[0], place);
      assert.equal(new Set(met).size, partners + 1);
    }
    assert.equal(made, count, "each is made once");
    if (count <= partners + 1) continue;
    at(0);
    assert.ok(made > count, "those that are far behind were let go");
  }
});

describe("concepts on the grid", () => {
  // A wide photo of which the network sees the middle, and a tall one that has margins.
  for (const [name, settings, width, height] of [
    ["cut", { width: 16, height: 16, fit: "cover" }, 50, 20],
    ["with margins", { width: 16, height: 12, fit: "contain" }, 11, 33],
  ] as const) {
    for (const grid of [
      { width: 9, height: 7 },
      { width: 60, height: 51 },
    ])
      test(`each of ${grid.width} × ${grid.height} points takes the pixel that its centre falls on: ${name}`, () => {
        const network = preprocessing(settings);
        const image: AnnotatedPicture = {
          file: "",
          id: "",
          width,
          height,
          objects: [
            { name: "a", box: { x: 3, y: 4, width: width / 2, height: 9 } },
            { name: "a", box: { x: width - 9, y: 0, width: 5, height: 20 } },
            { name: "unknown", box: { x: 0, y: 0, width, height } },
          ],
        };
        const { seen, masks } = conceptMasks(image, network, grid, new Map([["a", 0]]));
        const placement = placementOf(network, width, height);
        const found = masks.get(0)!;
        for (let row = 0; row < grid.height; row++) {
          for (let column = 0; column < grid.width; column++) {
            const onInput = {
              x: ((column + 0.5) * network.width) / grid.width,
              y: ((row + 0.5) * network.height) / grid.height,
              width: 0,
              height: 0,
            };
            const point = toImage(placement, onInput);
            const [x, y] = [Math.floor(point.x), Math.floor(point.y)];
            const inside = x >= 0 && x < width && y >= 0 && y < height;
            const within = image.objects.slice(0, 2).some(({ box }) => {
              const [cx, cy] = [x + 0.5, y + 0.5];
              return cx >= box.x && cx < box.x + box.width && cy >= box.y && cy < box.y + box.height;
            });
            const at = row * grid.width + column;
            assert.deepEqual([seen[at], found[at]], [Number(inside), Number(inside && within)], `${column}, ${row}`);
          }
        }
      });
  }
});
