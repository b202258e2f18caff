import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countText,
  intervalText,
  percentNumber,
  percentText,
  probabilityText,
  scoreText,
  shortPercentText,
  signedText,
} from "../../../../src/widgets/kit/text/numbers.js";

test("numbers as every widget writes them", () => {
  assert.deepEqual([percentText(0.883), percentText(0.883, 1), percentText(-0.02)], ["88 %", "88.3 %", "−2 %"]);
  assert.deepEqual([percentNumber(0.883, 1), percentNumber(-0.02)], ["88.3", "−2"]);
  assert.deepEqual([shortPercentText(0.005), shortPercentText(0.12345, 2)], ["0.5 %", "12 %"]);
  // 100 · 0.07 is 7.000000000000001.
  assert.deepEqual([shortPercentText(0.07), shortPercentText(0.55)], ["7 %", "55 %"]);
  assert.equal(intervalText({ value: 0.883, low: 0.8724, high: 0.895 }), "88.3 %  (87.2–89.5)");
  assert.deepEqual([0.934, 0.0042, 0.0004, 1].map(probabilityText), ["0.93", "0.004", "<0.001", "1.00"]);
  assert.deepEqual([scoreText(-1.239), scoreText(2, 1)], ["−1.24", "2.0"]);
  assert.deepEqual([signedText(1.24), signedText(-0.26), signedText(-0.001)], ["+1.2", "−0.3", "±0.0"]);
  assert.equal(countText(2985), "2,985");
});
