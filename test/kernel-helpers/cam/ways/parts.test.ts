import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { firstComponent } from "../../../../src/kernel-helpers/cam/ways/from-maps/eigen-cam.js";
import { rise } from "../../../../src/kernel-helpers/cam/ways/from-masks/rise.js";
import { inMapOrder } from "../../../../src/kernel-helpers/cam/ways/questions.js";
import type { Copies, Looking } from "../../../../src/kernel-helpers/cam/ways/way.js";
import { WAYS } from "../../../../src/kernel-helpers/cam/ways/ways.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

test("the list: every way has a name, a title, an equation and a source of its own", () => {
  for (const key of ["name", "title", "equation"] as const) {
    assert.equal(new Set(WAYS.map((way) => way[key])).size, WAYS.length);
  }
  for (const { name, citation } of WAYS) assert.match(citation, /^[A-Z].*, (19|20)\d\d$/, name);
});

describe("a gradient in the order of the maps", () => {
  const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => i);

  test("of NCHW is as it is, of NHWC turned", () => {
    const plain = { name: "m", channels: 2 };
    const dims = [1, 2, 2, 3];
    assert.deepEqual(inMapOrder({ dims, data: numbers(12) }, { featureMaps: plain }).data, numbers(12));
    const turned = inMapOrder({ dims: [1, 2, 3, 2], data: numbers(12) }, { featureMaps: { ...plain, layout: "NHWC" } });
    assert.deepEqual([turned.height, turned.width], [2, 3]);
    assert.deepEqual([...turned.data], [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]);
  });

  test("of tokens leaves out those before the grid", () => {
    const featureMaps = {
      ...{ name: "m", channels: 2, height: 1, width: 2, layout: "NPC" },
      tokens: { first: 1, count: 3, order: "read" as const },
    };
    const { data, height, width } = inMapOrder({ dims: [1, 3, 2], data: numbers(6) }, { featureMaps });
    assert.deepEqual([height, width, ...data], [1, 2, 2, 4, 3, 5]);
  });
});

test("the first principal component of maps that are one pattern is that pattern, with the sign of their sum", () => {
  const pattern = [3, -1, -1, -1];
  const maps = [2, -5, 4].map((factor) => pattern.map((value) => factor * value + 7));
  const found = firstComponent({ channels: 3, height: 2, width: 2, data: Float32Array.from(maps.flat()) });
  // ‖(2, −5, 4)‖ = √45; the maps' sum goes with +1 of the pattern.
  found.forEach((value, p) => assert.ok(Math.abs(value - pattern[p] * Math.sqrt(45)) < 1e-6, String(value)));
  const flat = firstComponent({ channels: 2, height: 1, width: 3, data: new Float32Array(6).fill(4) });
  assert.deepEqual([...flat], [0, 0, 0]);
});

test("the first component of any maps goes with their sum, and no other direction holds more of them", () => {
  const random = seededRandom("components");
  for (let i = 0; i < 20; i++) {
    const [channels, area] = [4, 6];
    const data = Float32Array.from({ length: channels * area }, () => random() - 0.5);
    const found = firstComponent({ channels, height: 2, width: 3, data });
    const centred = Array.from({ length: channels }, (_, k) => {
      const map = data.subarray(k * area, (k + 1) * area);
      const mean = map.reduce((a, b) => a + b, 0) / area;
      return Array.from(map, (value) => value - mean);
    });
    const along = found.reduce((sum, value, p) => sum + value * centred.reduce((all, map) => all + map[p], 0), 0);
    assert.ok(along >= 0, String(along));
    // Its length is the largest stretch that the maps give to any direction.
    const stretch = (direction: readonly number[]) =>
      Math.hypot(...centred.map((map) => map.reduce((sum, value, p) => sum + value * direction[p], 0)));
    const length = Math.hypot(...found);
    assert.ok(Math.abs(stretch(Array.from(found, (value) => value / length)) - length) < 0.02 * length);
    for (let k = 0; k < 50; k++) {
      const other = Array.from({ length: area }, () => random() - 0.5);
      assert.ok(stretch(other) <= 1.02 * length * Math.hypot(...other));
    }
  }
});

test("RISE finds the one place that a score reads", async () => {
  const [width, height, x, y] = [28, 21, 20, 5];
  const input = new Float32Array(3 * width * height).fill(1);
  const scoresOfCopies = (_name: string, { count, write }: Copies) => {
    const copy = new Float32Array(input.length);
    const scoreOf = (i: number) => {
      write(i, copy);
      return copy[y * width + x];
    };
    return Promise.resolve(Float32Array.from({ length: count }, (_, i) => scoreOf(i)));
  };
  const looking = {
    ...{ input, size: { width, height }, randomOfPhoto: seededRandom("rise"), seen: {}, index: 0 },
    network: { scoresOfCopies },
  } as unknown as Looking;
  const { data } = await rise.map(looking);
  const peak = data.indexOf(Math.max(...data));
  assert.ok(
    Math.hypot((peak % width) - x, Math.floor(peak / width) - y) <= 3,
    `${peak % width}, ${Math.floor(peak / width)}`,
  );
  const corner = data[(height - 1) * width];
  assert.ok(Math.abs(corner) < 0.25 * data[peak]);
});
