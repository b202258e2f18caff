import assert from "node:assert/strict";
import { test } from "node:test";
import { levelRuns } from "../../../../src/kernel-helpers/boxes/protocols/level-runs.js";
import { randomLevels } from "./random-maps.js";

test("runs are the stretches of one level in each row, and know the runs above and below their first pixel", () => {
  for (let seed = 0; seed < 300; seed++) {
    const { above: levels, width, height } = randomLevels(seed);
    const found = levelRuns(levels, width, height);
    const runAt = new Int32Array(levels.length);
    let count = 0;
    levels.forEach((level, p) => {
      if (p % width === 0 || level !== levels[p - 1]) count += 1;
      runAt[p] = count - 1;
    });
    assert.equal(found.count, count);
    for (let run = 0; run < count; run++) {
      const first = runAt.indexOf(run);
      const [x, y] = [first % width, Math.floor(first / width)];
      const { start, end, row, level, above, below } = found;
      assert.deepEqual([start[run], row[run], level[run]], [x, y, levels[first]]);
      assert.equal(end[run] - start[run], runAt.filter((one) => one === run).length);
      assert.equal(above[run], y > 0 ? runAt[first - width] : -1);
      assert.equal(below[run], y + 1 < height ? runAt[first + width] : -1);
    }
  }
});
