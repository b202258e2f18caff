// Reads seeded mutants of data one by one; `fuzz-data.ts` runs it and watches.
import { mkdtemp } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { soundData, tryData } from "./judge-data.js";
import { removeSeeds, seedData } from "./seeds.js";

const [seed, from, to] = process.argv.slice(2);
// To make what is sound takes long on a busy machine, and is no hang.
const busy = setInterval(() => console.log(JSON.stringify({ index: Number(from), what: "beginning" })), 5000);
const root = await mkdtemp(join(tmpdir(), "camlab-data-"));
try {
  const all = await Promise.all((await seedData(root)).map(soundData));
  clearInterval(busy);
  for (let index = Number(from); index < Number(to); index++) {
    const data = all[index % all.length];
    console.log(JSON.stringify({ index, what: data.name }));
    const random = seededRandom(`${seed} ${index}`);
    const start = performance.now();
    const { what, outcome } = await tryData(data, (limit) => Math.floor(random() * limit));
    const told = outcome === "read" || outcome === "refused" ? outcome : `${what}: ${outcome}`;
    console.log(
      JSON.stringify({ index, outcome: told, ms: Math.round(performance.now() - start), megabytes: megabytes() }),
    );
  }
} finally {
  await removeSeeds(root);
}

/** The most memory that this process has taken. */
function megabytes(): number {
  const status = readFileSync("/proc/self/status", "utf8");
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
}
