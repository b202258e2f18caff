import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkPreprocessing } from "../../../../src/kernel-helpers/images/input/check-preprocessing.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";

const good = { width: 224, height: 192, fit: "cover", channelOrder: "BGR", mean: [1, 2, 3], std: [1, 1, 1] };

describe("checkPreprocessing", () => {
  test("passes what is right, as it is", () => {
    for (const more of [
      {},
      { regionFit: "squash" },
      { fit: "contain", fill: [0, 128, 255] },
      { fit: "centre-crop", resize: { shorterSide: 256 } },
      { fit: "centre-crop", resize: { width: 230, height: 192 } },
    ]) {
      assert.deepEqual(checkPreprocessing(JSON.parse(JSON.stringify({ ...good, ...more }))), { ...good, ...more });
    }
  });

  test("names the field that is wrong", () => {
    const wrong: [unknown, RegExp][] = [
      [null, /invalid preprocessing: null/],
      [{ ...good, width: 0 }, /preprocessing\.width: 0 \(expected a whole number/],
      [{ ...good, height: "224" }, /preprocessing\.height: "224"/],
      [{ ...good, fit: "crop" }, /preprocessing\.fit: "crop" \(expected "squash" or "cover"/],
      [
        { ...good, regionFit: "whole" },
        /preprocessing\.regionFit: "whole" \(expected "partly" or "widen" or "squash" or "card"\)/,
      ],
      [{ ...good, channelOrder: undefined }, /preprocessing\.channelOrder/],
      [{ ...good, mean: [1, 2] }, /preprocessing\.mean: \[1,2\] \(expected three numbers/],
      [{ ...good, std: [1, 0, 1] }, /preprocessing\.std: .*above 0/],
      [{ ...good, size: 224 }, /unknown field preprocessing\."size"/],
      [{ ...good, resize: { shorterSide: 256 } }, /preprocessing\.resize: .*because fit is "cover"/],
      [{ ...good, fit: "centre-crop" }, /preprocessing\.resize: undefined/],
      [{ ...good, fit: "centre-crop", resize: { shorterSide: 200 } }, /shorterSide: 200 .*224×192/],
      [{ ...good, fit: "centre-crop", resize: { width: 300, height: 100 } }, /preprocessing\.resize: .*224×192/],
      [{ ...good, fit: "contain", fill: [0, 0, 256] }, /preprocessing\.fill/],
    ];
    for (const [value, expected] of wrong) {
      assert.throws(
        () => checkPreprocessing(value),
        (error) => {
          assert.ok(error instanceof CamlabError);
          assert.match(error.message, expected);
          return true;
        },
      );
    }
  });
});
