import assert from "node:assert/strict";
import { test } from "node:test";
import { softmax } from "../../../src/kernel-helpers/networks/softmax.js";

test("softmax is stable for scores whose exponentials overflow, and sums to one", () => {
  assert.deepEqual([...softmax(Float32Array.of(1000, 1000))], [0.5, 0.5]);
  assert.deepEqual([...softmax(Float32Array.of(-2000, -1000))], [0, 1]);
  assert.deepEqual([...softmax(Float32Array.of(Infinity, 3))], [1, 0]);
  // NumPy: x = np.array([1, 2, 3, -4]); e = np.exp(x - 3); e / e.sum()
  const expected = [8.99759918e-2, 2.44580104e-1, 6.64837651e-1, 6.06253464e-4];
  softmax(Float32Array.of(1, 2, 3, -4)).forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-7));
});
