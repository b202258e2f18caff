import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fillInput } from "../../../../src/kernel-helpers/images/input/fill-input.js";
import { oracles } from "../pictures.js";

describe("fillInput", () => {
  test("writes what PyTorch computes, RGB and BGR, and only into its slot", () => {
    for (const { pixels, input, ...settings } of oracles.normalised) {
      const batch = new Float32Array(3 * 18).fill(NaN);
      fillInput(batch, 1, Uint8Array.from(pixels), settings);
      assert.deepEqual(batch.subarray(18, 36), Float32Array.from(input));
      assert.ok([...batch.subarray(0, 18), ...batch.subarray(36)].every(Number.isNaN));
    }
  });

  test("refuses sizes that do not fit", () => {
    const settings = oracles.normalised[0];
    const pixels = new Uint8Array(18);
    assert.throws(() => fillInput(new Float32Array(36), 2, pixels, settings), /invalid slot: 2 .*0 to 1/);
    assert.throws(() => fillInput(new Float32Array(36), 0, new Uint8Array(17), settings), /invalid pixels: .*18 bytes/);
  });
});
