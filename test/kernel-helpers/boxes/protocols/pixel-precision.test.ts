import assert from "node:assert/strict";
import { test } from "node:test";
import { pixelAveragePrecision, pixelCounts } from "../../../../src/kernel-helpers/boxes/protocols/pixel-precision.js";
import { regionsOf, type RunLengthMask } from "../../../../src/kernel-helpers/images/masks/masks.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

const random = seededRandom("pixel precision");
const whole = (limit: number) => Math.floor(random() * limit);

function randomMask(width: number, height: number): { mask: RunLengthMask; pixels: Uint8Array } {
  const pixels = Uint8Array.from({ length: width * height }, () => whole(2));
  pixels[whole(pixels.length)] = 1;
  return { mask: regionsOf(pixels, width, height).get(1)!.mask, pixels };
}

test("each pixel counts once, at the last threshold that it reaches: inside a mask, outside, or not where it is ignored alone", () => {
  for (let i = 0; i < 60; i++) {
    const grid = 2 + whole(6);
    const data = Float32Array.from({ length: grid * grid }, () => whole(9) / 8);
    [data[0], data[1]] = [0, 1];
    const masks = Array.from({ length: 1 + whole(2) }, () => randomMask(1 + whole(9), 1 + whole(9)));
    const ignored = Array.from({ length: whole(3) }, () => randomMask(1 + whole(9), 1 + whole(9)));
    const thresholds = Float64Array.from(i % 2 ? [0, 0.25, 0.5, 0.75, 1] : [0.3, 0.6]);
    const found = pixelCounts(
      { width: grid, height: grid, data },
      { masks: masks.map(({ mask }) => mask), ...(i % 3 && { ignored: ignored.map(({ mask }) => mask) }) },
      thresholds,
      { grid, levels: "exact", upsampling: "bilinear" },
    );
    const has = (list: typeof masks, x: number, y: number) =>
      list.some(({ mask: { width, height }, pixels }) => {
        const [column, row] = [Math.floor((x * width) / grid), Math.floor((y * height) / grid)];
        return pixels[row * width + column] === 1;
      });
    const [inside, outside] = [thresholds, thresholds].map((list) => new Array<number>(list.length).fill(0));
    for (let y = 0; y < grid; y++) {
      for (let x = 0; x < grid; x++) {
        const reached = thresholds.filter((threshold) => threshold <= data[y * grid + x]).length - 1;
        if (reached < 0) continue;
        if (has(masks, x, y)) inside[reached] += 1;
        else if (!(i % 3) || !has(ignored, x, y)) outside[reached] += 1;
      }
    }
    assert.deepEqual([[...found.inside], [...found.outside]], [inside, outside]);
  }
});

test("PxAP is the mean precision over the pixels of things, each at its own threshold", () => {
  for (let i = 0; i < 60; i++) {
    const bins = 1 + whole(6);
    const counts = Array.from({ length: 1 + whole(3) }, () => ({
      inside: Float64Array.from({ length: bins }, () => whole(4)),
      outside: Float64Array.from({ length: bins }, () => whole(4)),
    }));
    const from = (of: "inside" | "outside", bin: number) =>
      counts.reduce((sum, one) => sum + one[of].slice(bin).reduce((a, b) => a + b, 0), 0);
    let [sum, all] = [0, 0];
    for (let bin = 0; bin < bins; bin++) {
      const here = from("inside", bin) - from("inside", bin + 1);
      all += here;
      if (here > 0) sum += (here * from("inside", bin)) / (from("inside", bin) + from("outside", bin));
    }
    const found = pixelAveragePrecision(counts);
    if (all === 0) assert.ok(Number.isNaN(found));
    else assert.ok(Math.abs(found - sum / all) < 1e-12);
  }
  assert.ok(Number.isNaN(pixelAveragePrecision([])));
});
