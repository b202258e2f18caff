import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { resample, type AxisSampling } from "../../../src/kernel-helpers/cam/resample.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";

/** Keys' kernel with a = −0.75, and the tent. */
const KERNELS = {
  bicubic: (d: number) => {
    const x = Math.abs(d);
    if (x <= 1) return 1.25 * x ** 3 - 2.25 * x ** 2 + 1;
    return x < 2 ? -0.75 * (x ** 3 - 5 * x ** 2 + 8 * x - 4) : 0;
  },
  bilinear: (d: number) => Math.max(0, 1 - Math.abs(d)),
};

describe("resampling is the sum of a kernel over samples that repeat beyond the border", () => {
  const [width, height] = [4, 3];
  const random = seededRandom("resample");
  const data = Float32Array.from({ length: width * height }, () => random() * 10 - 5);
  const plans: readonly (readonly [AxisSampling, AxisSampling])[] = [
    [
      { size: 9, step: 4 / 9, start: 0 },
      { size: 5, step: 3 / 5, start: 0 },
    ],
    [
      { size: 3, step: 0.5, start: 1.25 },
      { size: 2, step: 1, start: 0.75 },
    ],
    [
      { size: 7, step: 1.5, start: -3 },
      { size: 8, step: 0.75, start: -1.1 },
    ],
  ];
  for (const method of ["bilinear", "bicubic"] as const) {
    test(method, () => {
      const kernel = KERNELS[method];
      for (const [columns, rows] of plans) {
        const found = resample(data, width, height, columns, rows, method);
        assert.equal(found.length, columns.size * rows.size);
        found.forEach((value, p) => {
          const x = ((p % columns.size) + 0.5) * columns.step + columns.start - 0.5;
          const y = (Math.floor(p / columns.size) + 0.5) * rows.step + rows.start - 0.5;
          let sum = 0;
          for (let j = -20; j < 30; j++) {
            for (let i = -20; i < 30; i++) {
              const [column, row] = [Math.min(width - 1, Math.max(0, i)), Math.min(height - 1, Math.max(0, j))];
              sum += kernel(x - i) * kernel(y - j) * data[row * width + column];
            }
          }
          assert.ok(Math.abs(value - sum) < 1e-5, `${method} ${p}: ${value}, not ${sum}`);
        });
      }
    });
  }
});

test("between samples of which one was not seen, the nearer decides, and what was seen fills the whole weight", () => {
  const line = (values: readonly number[], size: number, method: "bilinear" | "bicubic" = "bilinear") => {
    const { length } = values;
    const columns = { size, step: length / size, start: 0 };
    return [...resample(Float32Array.from(values), length, 1, columns, { size: 1, step: 1, start: 0 }, method)];
  };
  assert.deepEqual(line([2, NaN, 6], 9), [2, 2, 2, NaN, NaN, NaN, 6, 6, 6]);
  assert.deepEqual(line([NaN, 1, 5], 9), [NaN, NaN, NaN, 1, 1, 1 + 4 / 3, 5 - 4 / 3, 5, 5].map(Math.fround));
  // In the middle between two, the first one counts as the nearest.
  assert.deepEqual(line([NaN, 7], 1), [NaN]);
  assert.deepEqual(line([7, NaN], 1), [7]);
  const down = resample(
    Float32Array.of(3, NaN),
    1,
    2,
    { size: 1, step: 1, start: 0 },
    { size: 4, step: 0.5, start: 0 },
    "bicubic",
  );
  assert.deepEqual([...down], [3, 3, NaN, NaN]);
});
