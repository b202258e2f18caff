import assert from "node:assert/strict";
import { test } from "node:test";
import { MODULES } from "../../../../../scripts/build-wasm.js";
import { connectedComponents } from "../../../../../src/kernel-helpers/boxes/connected-components.js";
import { LevelForest } from "../../../../../src/kernel-helpers/boxes/protocols/wasm/level-forest.js";
import { assertBuilt } from "../../../wasm-built.js";
import { randomLevels } from "../random-maps.js";

test("the committed WebAssembly is what its source compiles to", () => assertBuilt(MODULES.forest));

test("runs are the stretches of one level in each row, and know the runs above and below their first pixel", () => {
  for (let seed = 0; seed < 300; seed++) {
    const { above: levels, width, height } = randomLevels(seed);
    const found = new LevelForest(levels, width, height, Math.max(...levels));
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
      const { start, end, row, level, above, below } = found.runs;
      assert.deepEqual([start[run], row[run], level[run]], [x, y, levels[first]]);
      assert.equal(end[run] - start[run], runAt.filter((one) => one === run).length);
      assert.equal(above[run], y > 0 ? runAt[first - width] : -1);
      assert.equal(below[run], y + 1 < height ? runAt[first + width] : -1);
    }
  }
});

test("a mask that grows by levels has the components of the mask, with 4 and with 8 neighbours", () => {
  for (let seed = 0; seed < 300; seed++) {
    const { above: levels, width, height } = randomLevels(seed);
    const highest = Math.max(...levels);
    const forest = new LevelForest(levels, width, height, highest);
    for (const neighbours of [4, 8] as const) {
      forest.clear();
      let count = 0;
      for (let level = highest; level >= 0; level--) {
        assert.equal(forest.countOf(level), forest.runs.level.filter((one) => one === level).length);
        count = forest.grow(level, neighbours === 8 ? 1 : 0, count);
        const mask = Uint8Array.from(levels, (one) => Number(one >= level));
        const found = Array.from({ length: count }, (_, i) => {
          const root = forest.rootAt(i);
          const [left, top, right, bottom, area] = [0, 1, 2, 3, 4].map((field) => forest.recordOf(root, field));
          const first = forest.pixelOf(forest.recordOf(root, 5));
          return { first, area, box: { x: left, y: top, width: right - left, height: bottom - top } };
        });
        const { components, labels } = connectedComponents(mask, width, height, neighbours);
        assert.deepEqual(
          found.sort((a, b) => a.first - b.first),
          components.map(({ label, area, box }) => ({ first: labels.indexOf(label), area, box })),
        );
      }
    }
  }
});
