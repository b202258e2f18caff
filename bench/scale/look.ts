// Near duplicates and outliers of a table, exact and in cells: time, memory, and how many planted ones are found.
//   node --import tsx bench/scale/look.ts [rows] [columns]
import { nearDuplicates } from "../../src/kernel-helpers/features/look/near-duplicates.js";
import { outliers } from "../../src/kernel-helpers/features/look/outliers.js";
import { seededRandom } from "../../src/kernel-helpers/support/random.js";

const [rows = 50_000, columns = 1280] = process.argv.slice(2).map(Number);
const random = seededRandom("look");
const data = new Float32Array(rows * columns);
const block = Float32Array.from({ length: 1 << 20 }, () => Math.max(0, random() ** 3 - 0.1));
const KINDS = 200;
const [copies, strange] = [Math.floor(rows / 100), 20];

/** A row of one of some kinds; a copy of an earlier row, nearly; or one of no kind. */
function fill(row: number): void {
  const own = data.subarray(row * columns, (row + 1) * columns);
  if (row >= rows - strange) for (let k = 0; k < columns; k++) own[k] = random() < 0.02 ? 1 : 0;
  else if (row >= rows - strange - copies) {
    const source = Math.floor(random() * (rows - strange - copies));
    for (let k = 0; k < columns; k++) own[k] = data[source * columns + k] * (1 + 0.02 * random());
  } else {
    const kind = (row % KINDS) * 997;
    const offset = Math.floor(random() * (block.length - columns));
    for (let k = 0; k < columns; k++) own[k] = block[kind + k] + 0.5 * block[offset + k];
  }
}
for (let row = 0; row < rows; row++) fill(row);

let most = 0;
const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 100);
const timed = async <T extends { readonly isExact: boolean }>(name: string, work: () => Promise<T>): Promise<T> => {
  most = 0;
  const [began, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(
    `${name}, ${rows} × ${columns}, ${result.isExact ? "all pairs" : "in cells"}: ${seconds} s, ` +
      `${((user + system) / 1e6).toFixed(0)} s of processor, ${(most / 2 ** 30).toFixed(2)} GiB at most`,
  );
  return result;
};
const table = { rows, columns, data };
const { groups, pairs } = await timed("near duplicates", () => nearDuplicates(table, { similarity: 0.99 }));
const grouped = new Set(groups.flat());
const found = Array.from({ length: copies }, (_, i) => rows - strange - copies + i).filter((row) => grouped.has(row));
console.log(`  ${pairs} pairs in ${groups.length} groups; ${found.length} of ${copies} copies`);
const far = await timed("outliers", () => outliers(table, { count: strange }));
console.log(`  ${far.rows.filter(({ row }) => row >= rows - strange).length} of ${strange} of no kind`);
clearInterval(watch);
