import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { connectedComponents } from "../../../src/kernel-helpers/boxes/connected-components.js";
import { squaredDistances } from "../../../src/kernel-helpers/boxes/distance-transform.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";

interface Case {
  width: number;
  height: number;
  mask: string;
  labels4: string;
  labels8: string;
  squaredDistances: number[];
}

const cases = JSON.parse(
  readFileSync(new URL("../../fixtures/boxes/components.json", import.meta.url), "utf8"),
) as Case[];
const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

for (const { width, height, mask: bits, ...expected } of cases) {
  const mask = Uint8Array.from(bits, Number);

  test(`labels of a ${width}×${height} mask are SciPy's, with 4 and with 8 neighbours`, () => {
    for (const neighbours of [4, 8] as const) {
      const { labels, components } = connectedComponents(mask, width, height, neighbours);
      assert.equal(Array.from(labels, (label) => DIGITS[label]).join(""), expected[`labels${neighbours}`]);
      for (const { label, area, box } of components) {
        const pixels = [...labels.keys()].filter((p) => labels[p] === label);
        const [columns, rows] = [pixels.map((p) => p % width), pixels.map((p) => Math.floor(p / width))];
        const [x, y] = [Math.min(...columns), Math.min(...rows)];
        assert.equal(area, pixels.length);
        assert.deepEqual(box, { x, y, width: Math.max(...columns) + 1 - x, height: Math.max(...rows) + 1 - y });
      }
    }
  });

  test(`squared distances in a ${width}×${height} mask are SciPy's`, () => {
    assert.deepEqual([...squaredDistances(mask, width, height)], expected.squaredDistances);
  });
}

test("a spiral is one component, whatever its turns", () => {
  const [width, height] = [31, 31];
  const mask = new Uint8Array(width * height);
  let [x, y, dx, dy, length] = [0, 0, 1, 0, width - 1];
  for (let turn = 0; length > 0; turn++) {
    for (let i = 0; i < length; i++, x += dx, y += dy) mask[y * width + x] = 1;
    [dx, dy] = [-dy, dx];
    if (turn > 0 && turn % 2 === 0) length -= 2;
  }
  assert.equal(connectedComponents(mask, width, height, 4).components.length, 1);
});

test("areas of all components sum to the set pixels", () => {
  const random = seededRandom(4);
  for (const density of [0.1, 0.4, 0.6, 0.95]) {
    const mask = Uint8Array.from({ length: 40 * 61 }, () => (random() < density ? 255 : 0));
    const { components } = connectedComponents(mask, 61, 40);
    const set = mask.filter((value) => value !== 0).length;
    assert.equal(
      components.reduce((sum, { area }) => sum + area, 0),
      set,
    );
  }
});

test("a mask of the wrong length is refused", () => {
  assert.throws(() => connectedComponents(new Uint8Array(5), 2, 3), /a mask of 2×3 should hold 6 values, not 5/);
});
