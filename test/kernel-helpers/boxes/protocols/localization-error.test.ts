import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type GuessedPicture,
  localizationErrors,
  successOverIou,
} from "../../../../src/kernel-helpers/boxes/protocols/localization-error.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });
const errors = (pictures: readonly GuessedPicture[], options = {}) => {
  const { classification, localization } = localizationErrors(pictures, options);
  return {
    classification: classification.map(({ value }) => value),
    localization: localization.map(({ value }) => value),
  };
};

/** The share of pixels of either box that both have, counted one by one: corners are pixels inside. */
function overlapByCounting(a: GuessedPicture["boxes"][number], b: GuessedPicture["boxes"][number]): number {
  const has = (one: typeof a, x: number, y: number) =>
    x >= one.x && x <= one.x + one.width && y >= one.y && y <= one.y + one.height;
  let [both, either] = [0, 0];
  for (let y = 0; y < 24; y++) {
    for (let x = 0; x < 24; x++) {
      both += Number(has(a, x, y) && has(b, x, y));
      either += Number(has(a, x, y) || has(b, x, y));
    }
  }
  return both / either;
}

/** ILSVRC's definition as its pages write it: the least over guesses of the most over boxes. */
function byDefinition(
  pictures: readonly GuessedPicture[],
  k: number,
): { classification: number; localization: number } {
  let [wrongClass, wrongPlace, counted] = [0, 0, 0];
  for (const { guesses, index, boxes, blacklisted } of pictures) {
    let [d, f] = [1, 1];
    for (const guess of guesses.slice(0, k)) {
      const other = guess.index === index ? 0 : 1;
      d = Math.min(d, other);
      for (const one of boxes) {
        const off = guess.box && overlapByCounting(guess.box, one) >= 0.5 ? 0 : 1;
        f = Math.min(f, Math.max(other, off));
      }
    }
    wrongClass += d;
    if (!blacklisted) [wrongPlace, counted] = [wrongPlace + f, counted + 1];
  }
  return { classification: wrongClass / pictures.length, localization: wrongPlace / counted };
}

test("errors are those of ILSVRC's definition on 1,000 random sets of pictures", () => {
  for (let seed = 0; seed < 1000; seed++) {
    const random = seededRandom(`errors ${seed}`);
    const whole = (below: number) => Math.floor(random() * below);
    const anyBox = () => {
      const [x, y] = [whole(10), whole(10)];
      return box(x, y, whole(12), whole(12));
    };
    const pictures = Array.from({ length: 1 + whole(4) }, (_, i): GuessedPicture => ({
      index: whole(3),
      boxes: Array.from({ length: 1 + whole(3) }, anyBox),
      guesses: Array.from({ length: whole(6) }, () => ({ index: whole(3), ...(random() < 0.9 && { box: anyBox() }) })),
      blacklisted: i > 0 && random() < 0.2,
    }));
    const found = errors(pictures);
    for (let k = 1; k <= 5; k++) {
      const wanted = byDefinition(pictures, k);
      assert.equal(found.classification[k - 1], wanted.classification, `seed ${seed}`);
      assert.equal(found.localization[k - 1], wanted.localization, `seed ${seed}`);
    }
  }
});

test("any true box of the class will do, and an IoU of exactly a half is right", () => {
  const boxes = [box(0, 0, 3, 3), box(10, 10, 3, 3)];
  assert.deepEqual(errors([{ guesses: [{ index: 0, box: box(10, 10, 3, 1) }], index: 0, boxes }]).localization[0], 0);
  assert.deepEqual(errors([{ guesses: [{ index: 0, box: box(10, 10, 3, 0) }], index: 0, boxes }]).localization[0], 1);
  const half = [{ guesses: [{ index: 0, box: box(10, 10, 3, 1) }], index: 0, boxes }];
  assert.equal(errors(half, { convention: "continuous" }).localization[0], 1, "1/3 without the last pixel");
});

test("a blacklisted picture counts for classification and not for localization, and needs no box", () => {
  const right = { guesses: [{ index: 1, box: box(0, 0, 9, 9) }], index: 1, boxes: [box(0, 0, 9, 9)] };
  const found = errors([right, { guesses: [{ index: 2 }], index: 1, boxes: [], blacklisted: true }]);
  assert.deepEqual([found.classification[0], found.localization[0]], [0.5, 0]);
});

test("each figure has its interval; what cannot be judged is refused", () => {
  const { localization } = localizationErrors([{ guesses: [], index: 1, boxes: [box(0, 0, 1, 1)] }], { guesses: 1 });
  assert.equal(localization.length, 1);
  assert.equal(localization[0].value, 1);
  assert.ok(localization[0].low < 0.3 && localization[0].high === 1);
  assert.throws(() => localizationErrors([]), /no pictures to judge/);
  assert.throws(() => localizationErrors([{ guesses: [], index: 1, boxes: [] }]), /without a true box/);
  const one = [{ guesses: [], index: 1, boxes: [box(0, 0, 1, 1)] }];
  assert.throws(() => localizationErrors(one, { iou: 0 }), /invalid iou: 0/);
  assert.throws(() => localizationErrors(one, { guesses: 0 }), /invalid guesses: 0/);
});

test("the success curve over IoU counts boxes that reach a value", () => {
  assert.deepEqual([...successOverIou([0, 0.5, 1], [0, 0.5, 0.6, 1])], [1, 2 / 3, 1 / 3, 1 / 3]);
  assert.equal(successOverIou([0.3]).length, 101);
});
