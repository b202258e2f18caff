import assert from "node:assert/strict";
import { test } from "node:test";
import { boxesOf } from "../../../src/kernel-helpers/boxes/box-of.js";
import { connectedComponents } from "../../../src/kernel-helpers/boxes/connected-components.js";
import { StretchedMap } from "../../../src/kernel-helpers/boxes/stretched-map.js";
import { resample } from "../../../src/kernel-helpers/cam/resample.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";

const random = seededRandom(7);
const between = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));

/** Maps of all kinds: smooth, spiky, flat, in few steps, huge and tiny. */
function randomMap(width: number, height: number): Float32Array {
  const kind = between(0, 4);
  const scale = 10 ** between(-6, 6);
  return Float32Array.from({ length: width * height }, (_, p) => {
    const noise = 2 * random() - 1;
    if (kind === 0) return scale * noise;
    if (kind === 1) return scale * Math.round(2 * noise);
    if (kind === 2) return scale * (1 + 1e-7 * noise);
    if (kind === 3) return scale * (noise > 0.8 ? 1 : -0.01);
    return scale * (Math.sin((p % width) / 2) + Math.cos(p / width) + 0.2 * noise);
  });
}

test("10,000 random maps give the components of the whole map, and its maximum, without making it", () => {
  for (let turn = 0; turn < 10_000; turn++) {
    const [width, height] = [between(1, 9), between(1, 9)];
    // Mostly small grids, so that ten thousand whole maps are made in a second.
    const size = turn % 20 === 0 ? 96 : 24;
    const columns = { size: between(1, size), step: (width / size) * (0.5 + random()), start: 2 * random() - 1 };
    const rows = { size: between(1, size), step: height / size, start: random() - 0.5 };
    const data = randomMap(width, height);
    const whole = resample(data, width, height, columns, rows, "bilinear");
    const quick = new StretchedMap(data, width, height, columns, rows);
    const max = whole.reduce((most, value) => Math.max(most, value), -Infinity);
    assert.ok(quick.maximum() === max);
    // Levels that values meet exactly are the hard ones.
    const level = turn % 3 === 0 ? whole[between(0, whole.length - 1)] : [0.2, 0.5, 0.99][turn % 3] * max;
    const mask = Uint8Array.from(whole, (value) => (value > level ? 1 : 0));
    const { start, end, row } = quick.runsAbove(level);
    const again = new Uint8Array(mask.length);
    for (let y = 0; y < rows.size; y++) {
      for (let run = row[y]; run < row[y + 1]; run++)
        again.fill(1, y * columns.size + start[run], y * columns.size + end[run]);
    }
    assert.deepEqual(again, mask);
  }
});

test("a box of a map of 7 × 7 is that of the 224 × 224 values, which bicubic stretching and percentiles still make", () => {
  const placement = {
    ...{ scaleX: 0.448, scaleY: 0.448, offsetX: -26, offsetY: 0 },
    ...{ imageWidth: 616, imageHeight: 500, inputWidth: 224, inputHeight: 224 },
  };
  for (let turn = 0; turn < 100; turn++) {
    const map = { width: 7, height: 7, data: randomMap(7, 7), placement };
    const step = 7 / 224;
    const onto = { size: 224, step, start: 0 };
    const whole = resample(map.data, 7, 7, onto, onto, "bilinear");
    const max = Math.max(...whole);
    if (!(max > 0)) continue;
    const mask = Uint8Array.from(whole, (value) => (value > 0.2 * max ? 1 : 0));
    const expected = [...connectedComponents(mask, 224, 224).components].sort((a, b) => b.area - a.area);
    assert.deepEqual(
      boxesOf(map).map(({ onGrid }) => onGrid),
      expected.map(({ box }) => box),
    );
    assert.deepEqual(boxesOf(map, { percentile: 1 }), boxesOf(map));
  }
});
