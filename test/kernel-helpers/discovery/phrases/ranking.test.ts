import assert from "node:assert/strict";
import { test } from "node:test";
import { associationOf } from "../../../../src/kernel-helpers/discovery/phrases/log-likelihood.js";
import { precisionAt, precisionByRank, rankedBy } from "../../../../src/kernel-helpers/discovery/phrases/ranking.js";

test("the highest score comes first, of equal ones the earlier", () => {
  assert.deepEqual(rankedBy([0.2, 0.9, 0.5, 0.9, 0.2]), [1, 3, 2, 0, 4]);
  assert.deepEqual(rankedBy(Float32Array.of(-1, -2)), [0, 1]);
  assert.deepEqual(rankedBy([]), []);
});

test("precision at a rank is the share of those up to it, of a short ranking that of all", () => {
  const holds = [true, false, true, true];
  assert.deepEqual(precisionByRank(holds), [1, 1 / 2, 2 / 3, 3 / 4]);
  assert.deepEqual(
    [1, 2, 4, 9].map((k) => precisionAt(holds, k)),
    [1, 1 / 2, 3 / 4, 3 / 4],
  );
  assert.equal(precisionAt([], 5), 0);
});

test("association is nothing at chance, and turned for what avoids each other", () => {
  const even = associationOf(4, 20, 20, 100);
  assert.ok(Math.abs(even.g2) < 1e-12 && Math.abs(even.pmi) < 1e-12);
  assert.ok(Math.abs(associationOf(8, 10, 20, 100).pmi - 2) < 1e-12);
  const somewhat = associationOf(6, 20, 20, 100);
  assert.ok(somewhat.pmi > 0 && somewhat.pmi < 1 && somewhat.g2 > 0, "half as often again as by chance");
  const never = associationOf(0, 10, 10, 100);
  assert.equal(never.pmi, -Infinity);
  // 2 Σ o ln(o / e) over the cells 10, 10 and 80, whose expected counts are 9, 9 and 81.
  assert.ok(Math.abs(never.g2 + 2 * (20 * Math.log(10 / 9) + 80 * Math.log(80 / 81))) < 1e-9);
  assert.deepEqual(associationOf(3, 5, 8, 40), associationOf(3, 8, 5, 40));
});
