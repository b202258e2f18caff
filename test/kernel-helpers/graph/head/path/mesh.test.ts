import assert from "node:assert/strict";
import { test } from "node:test";
import { meshOf } from "../../../../../src/kernel-helpers/graph/head/path/mesh.js";

test("a path that nothing bends is cut evenly", () => {
  assert.deepEqual(meshOf([], 4), [0, 0.25, 0.5, 0.75, 1]);
});

for (const [name, bends] of [
  ["at the start", [{ centre: 0, width: 1e-3, isShare: true, most: 7 }]],
  [
    "twice at the start",
    [
      { centre: 0, width: 1e-9, isShare: true, most: 7 },
      { centre: 0, width: 1e-10, isShare: false, most: 7 },
    ],
  ],
  ["on the way", [{ centre: 0.3, width: 1e-2, isShare: false, most: Infinity }]],
  ["outside", [{ centre: -5, width: 0.1, isShare: false, most: 7 }]],
] as const) {
  test(`panels of a path that bends ${name} take equal parts of what bends`, () => {
    const u = ({ centre, width, isShare, most }: (typeof bends)[number], t: number) => {
      const x = (t - centre) / width;
      return isShare ? Math.atan(x) : Math.min(Math.max(Math.asinh(x), -most), most);
    };
    const grown = (t: number) =>
      bends.reduce((sum, bend) => {
        const span = u(bend, 1) - u(bend, 0);
        return sum + (span > 0 ? (u(bend, t) - u(bend, 0)) / span : 0);
      }, 0.5 * t);
    const mesh = meshOf(bends, 32);
    assert.equal(mesh.length, 33);
    mesh.forEach((t, i) => assert.ok(Math.abs(grown(t) - (i / 32) * grown(1)) < 1e-7, `${i}: ${t}`));
    meshOf(bends, 16).forEach((t, i) =>
      assert.ok(Math.abs(t - mesh[2 * i]) <= 1e-7 * t, "half as many are every other"),
    );
  });
}
