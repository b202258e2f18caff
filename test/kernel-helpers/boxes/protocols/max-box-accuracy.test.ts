import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { iou } from "../../../../src/kernel-helpers/boxes/box-geometry.js";
import { connectedComponents } from "../../../../src/kernel-helpers/boxes/connected-components.js";
import {
  bestThreshold,
  overlapsByThreshold,
  successOverThresholds,
  usualThresholds,
} from "../../../../src/kernel-helpers/boxes/protocols/max-box-accuracy.js";
import {
  pixelAveragePrecision,
  pixelCounts,
  type PixelCounts,
} from "../../../../src/kernel-helpers/boxes/protocols/pixel-precision.js";
import type { HeatMap } from "../../../../src/kernel-helpers/cam/heat-map.js";
import { regionsOf, type RunLengthMask } from "../../../../src/kernel-helpers/images/masks/masks.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

interface Case {
  size: number;
  data: number[];
  truth: [left: number, top: number, right: number, bottom: number][];
  largest: number[];
  best: number[];
  inside: string;
  ignored: string;
  insideCounts: number[];
  outsideCounts: number[];
}

const fixture = JSON.parse(readFileSync(new URL("../../../fixtures/boxes/wsol2020.json", import.meta.url), "utf8")) as {
  thresholds: number[];
  pixelAveragePrecision: number;
  cases: Case[];
};
const thresholds = Float64Array.from(fixture.thresholds);

function squareMap(size: number, data: Iterable<number>): HeatMap {
  const placement = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 };
  const sizes = { imageWidth: size, imageHeight: size, inputWidth: size, inputHeight: size };
  return { width: size, height: size, data: Float32Array.from(data), placement: { ...placement, ...sizes } };
}

/** Corners that name the last pixel, as a box whose sides the +1 convention lengthens. */
function boxes(truth: Case["truth"]) {
  return truth.map(([left, top, right, bottom]) => ({ x: left, y: top, width: right - left, height: bottom - top }));
}

function maskOf(text: string, size: number): RunLengthMask {
  const none = { width: size, height: size, counts: [size * size] };
  return regionsOf(Uint8Array.from(text, Number), size, size).get(1)?.mask ?? none;
}

test("boxes at every threshold overlap the truth as OpenCV's contours do, in the steps of the released code", () => {
  for (const { size, data, truth, largest, best } of fixture.cases) {
    const found = overlapsByThreshold(squareMap(size, data), boxes(truth), thresholds, { grid: size });
    for (let t = 0; t < thresholds.length; t++) {
      assert.ok(Math.abs(found.largest[t] - largest[t]) < 1e-6, `${found.largest[t]} is not ${largest[t]}`);
      assert.ok(Math.abs(found.best[t] - best[t]) < 1e-6, `${found.best[t]} is not ${best[t]}`);
    }
  }
});

test("pixels are counted as NumPy's histogram does, ignored ones left out, and PxAP is theirs", () => {
  const all: PixelCounts[] = fixture.cases.map(({ size, data, inside, ignored, insideCounts, outsideCounts }) => {
    const truth = { masks: [maskOf(inside, size)], ignored: [maskOf(ignored, size)] };
    const counts = pixelCounts(squareMap(size, data), truth, thresholds, { grid: size });
    assert.deepEqual([...counts.inside], insideCounts);
    assert.deepEqual([...counts.outside], outsideCounts);
    return counts;
  });
  assert.ok(Math.abs(pixelAveragePrecision(all) - fixture.pixelAveragePrecision) < 1e-12);
});

/** The definitions once more, one labelling a threshold, on a map that is as large as its grid. */
function byDefinition(data: readonly number[], size: number, truth: Case["truth"]) {
  const [low, high] = [Math.min(...data), Math.max(...data)];
  const share = (value: number) => (high > low ? Math.fround((value - low) / (high - low)) : 0);
  const bytes = data.map((value) => Math.trunc(Math.fround(share(value) * 255)));
  const top = Math.max(...bytes);
  return Array.from(usualThresholds(), (threshold) => {
    const mask = Uint8Array.from(bytes, (byte) => Number(byte > Math.trunc(threshold * top)));
    const { components } = connectedComponents(mask, size, size, 8);
    const holes = connectedComponents(
      mask.map((set) => 1 - set),
      size,
      size,
      4,
    )
      .components.map(({ box }) => box)
      .filter(({ x, y, width, height }) => x > 0 && y > 0 && x + width < size && y + height < size)
      .map(({ x, y, width, height }) => ({ x: x - 1, y: y - 1, width: width + 2, height: height + 2 }));
    const found = [...components.map(({ box }) => box), ...holes].map(({ x, y, width, height }) => ({
      x,
      y,
      width: Math.min(x + width, size - 1) - x,
      height: Math.min(y + height, size - 1) - y,
    }));
    if (found.length === 0) found.push({ x: 0, y: 0, width: 0, height: 0 });
    return Math.max(...found.flatMap((box) => boxes(truth).map((one) => iou(box, one, { convention: "pixel+1" }))));
  });
}

test("the best of all contours at 101 thresholds is that of 101 labellings, on 1,000 random maps", () => {
  for (let seed = 0; seed < 1000; seed++) {
    const random = seededRandom(`accuracy ${seed}`);
    const size = 1 + Math.floor(random() * 12);
    const data = Array.from({ length: size * size }, () => Math.floor(random() * 60) - 20);
    const corner = () => Math.floor(random() * size);
    const sides = Array.from({ length: 1 + (seed % 3) }, () => [corner(), corner(), corner(), corner()]);
    const truth = sides.map(([a, b, c, d]): Case["truth"][number] => [
      Math.min(a, c),
      Math.min(b, d),
      Math.max(a, c),
      Math.max(b, d),
    ]);
    const found = overlapsByThreshold(squareMap(size, data), boxes(truth), undefined, { grid: size });
    const wanted = byDefinition(data, size, truth);
    assert.equal(found.best.length, 101);
    wanted.forEach((value, t) => assert.equal(found.best[t], Math.fround(value), `seed ${seed}, threshold ${t}`));
    found.largest.forEach((value, t) => assert.ok(value <= found.best[t]));
  }
});

test("one threshold serves all pictures, and of equally good ones it is the lowest", () => {
  const overlaps = [Float32Array.of(0.9, 0.2, 0.5), Float32Array.of(0.1, 0.8, 0.5)];
  const shares = successOverThresholds(overlaps, 0.5);
  assert.deepEqual([...shares], [0.5, 0.5, 1]);
  assert.deepEqual(bestThreshold(shares, [0, 0.5, 1]), { threshold: 1, accuracy: 1 });
  assert.deepEqual(bestThreshold(shares.subarray(0, 2), [0, 0.5]), { threshold: 0, accuracy: 0.5 });
});

test("an IoU of exactly 0.3, 0.5 or 0.7 is right, as it is before it is kept in 32 bits", () => {
  for (const least of [0.3, 0.5, 0.7]) {
    assert.deepEqual([...successOverThresholds([Float32Array.of(least, least - 1e-6)], least)], [1, 0]);
  }
});

test("a map without a range has no box: the pixel at the top left stands for it", () => {
  for (const data of [
    [3, 3, 3, 3],
    [NaN, 1, 2, 3],
    [Infinity, 0, 0, 0],
  ]) {
    const { largest, best } = overlapsByThreshold(
      squareMap(2, data),
      [{ x: 0, y: 0, width: 1, height: 1 }],
      undefined,
      { grid: 2 },
    );
    assert.ok(
      [...largest, ...best].every((value) => value === 0.25),
      data.join(" "),
    );
  }
});

test("what cannot be judged is refused in words", () => {
  const map = squareMap(2, [0, 1, 2, 3]);
  const truth = [{ x: 0, y: 0, width: 1, height: 1 }];
  assert.throws(() => overlapsByThreshold(map, []), /without a true box cannot be judged/);
  assert.throws(() => overlapsByThreshold(map, truth, Float64Array.of(0.2, 0.2)), /thresholds must rise/);
  assert.throws(() => overlapsByThreshold(map, truth, Float64Array.of(0.2, 1.2)), /invalid threshold: 1.2/);
  assert.throws(() => overlapsByThreshold(map, truth, new Float64Array(0)), /no thresholds/);
  assert.throws(() => usualThresholds(0.3), /invalid step: 0.3/);
  assert.throws(() => overlapsByThreshold(map, truth, undefined, { iou: "pixel" as "pixel+1" }), /invalid iou/);
  assert.throws(
    () => overlapsByThreshold(map, truth, undefined, { upsamplng: "bicubic" } as object),
    /did you mean "upsampling"/,
  );
  assert.throws(() => pixelCounts(map, { masks: [] }), /without a mask/);
  assert.ok(Number.isNaN(pixelAveragePrecision([])));
});
