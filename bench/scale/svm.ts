// Training on shards: time, memory and the certified gap. The full size is 1,000,000 rows × 1,280 columns × 10 classes:
//   node --import tsx bench/scale/svm.ts 1000000 1280 10 float16
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "../../src/kernel-helpers/support/random.js";
import { trainOnShards } from "../../src/kernel-helpers/svm/shards/train-on-shards.js";
import type { RowStorage } from "../../src/kernel-helpers/svm/shards/row-file.js";

const [rows = 100_000, columns = 1280, classes = 10] = process.argv.slice(2, 5).map(Number);
const storage = (process.argv[5] ?? "float16") as RowStorage;
const SHARD = 5000;
const folder = mkdtempSync(join(tmpdir(), "camlab-svm-"));

/** Rows as pooled maps are: not negative, many small; a class raises a tenth of the channels, and one label in 20 is wrong. */
async function* synthetic() {
  const random = seededRandom("rows");
  const block = Float32Array.from({ length: 1 << 20 }, () => Math.max(0, random() ** 3 - 0.05));
  for (let start = 0; start < rows; start += SHARD) {
    const count = Math.min(SHARD, rows - start);
    const data = new Float32Array(count * columns);
    const labels: string[] = [];
    for (let row = 0; row < count; row++) {
      const truth = Math.floor(random() * classes);
      const offset = Math.floor(random() * (block.length - columns));
      data.set(block.subarray(offset, offset + columns), row * columns);
      for (let k = truth; k < columns; k += classes) data[row * columns + k] += 0.05 * random();
      labels.push(`class ${random() < 0.05 ? Math.floor(random() * classes) : truth}`);
    }
    yield { rows: count, columns, data, labels };
    await Promise.resolve();
  }
}

let most = 0;
const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 200);
const began = performance.now();
const svm = await trainOnShards(synthetic(), {
  folder,
  storage,
  C: 1 / 1000,
  onProgress: ({ done, total, elapsed }) => console.log(`${(elapsed / 1000).toFixed(0)} s: ${done} of ${total} solved`),
});
clearInterval(watch);
const seconds = (performance.now() - began) / 1000;
console.log(
  `${rows} × ${columns} × ${classes}, ${storage}: ${seconds.toFixed(0)} s, ${(most / 2 ** 30).toFixed(2)} GiB at most`,
);
for (const { objective, gap, newtonSteps, fullSweeps, converged } of svm.provenance.fits) {
  console.log(
    `  gap ${(gap! / objective).toExponential(1)} of the objective, ${newtonSteps} steps, ${fullSweeps} passes, ${converged}`,
  );
}
rmSync(folder, { recursive: true, force: true });
