import assert from "node:assert/strict";

/** As many numbers as expected, each within a distance of its own. */
export function assertNear(found: ArrayLike<number>, expected: ArrayLike<number>, within: number, what = ""): void {
  assert.equal(found.length, expected.length);
  for (let i = 0; i < found.length; i++) {
    assert.ok(Math.abs(found[i] - expected[i]) <= within, `${what} ${i}: ${found[i]}, not ${expected[i]}`);
  }
}
