import assert from "node:assert/strict";
import { test } from "node:test";
import { alikePlaces } from "../../../../src/cli/commands/figures/alike-places.js";

/** Four cells of three channels: one cell of each thing, the rest of ground. */
function photo(things: readonly number[], hot: number) {
  const data = new Float32Array(12);
  things.forEach((channel, cell) => (data[4 * channel + cell] = 1));
  const map = { width: 2, height: 2, data: Float32Array.from([0, 1, 2, 3].map((cell) => Number(cell === hot))) };
  return { featureMaps: { channels: 3, width: 2, height: 2, data }, map };
}

test("alikePlaces: high where maps lie on what is alike in all photographs, low where each lies on another thing", () => {
  const same = alikePlaces([photo([1, 0, 0, 2], 0), photo([0, 1, 2, 0], 1), photo([0, 2, 0, 1], 3)]);
  const other = alikePlaces([photo([1, 0, 0, 2], 0), photo([0, 1, 2, 0], 2), photo([0, 2, 0, 1], 0)]);
  assert.ok(same > 1, `${same}`);
  assert.ok(other < same / 2, `${other}`);
});

test("alikePlaces: nothing hot, or a single photograph, is like nothing", () => {
  const cold = { ...photo([1, 0, 0, 2], 0), map: { width: 2, height: 2, data: new Float32Array(4) } };
  assert.equal(alikePlaces([cold, cold]), 0);
  assert.equal(alikePlaces([photo([1, 0, 0, 2], 0)]), 0);
  assert.equal(alikePlaces([]), 0);
});
