// What the weights of one class cost where a small network stands behind the pooling, as a share of one forward pass of
// the whole network on one thread, interleaved in one run, for each network of a folder (bench/timm/export.py FOLDER
// mobilenetv3_large_100 …) whose weights go along a path: the median of the ratios, and the ratio of the least times, which
// a busy machine disturbs less. Each pass has an input of its own.
// With --write the table is put into docs/gradients.md.
//   node --import tsx bench/path-weights.ts FOLDER [--rounds 40] [--write]
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { basename, join } from "node:path";
import { graph, openNetwork } from "../src/index.js";
import { seededRandom } from "../src/kernel-helpers/support/random.js";
import { median } from "../src/kernel-helpers/support/statistics.js";
import { benchArguments } from "./arguments.js";

const { values, positionals } = benchArguments({ rounds: "40" }, ["write"]);
const [folder] = positionals;
if (!folder) throw new Error("usage: bench/path-weights.ts FOLDER [--rounds 40] [--write]");
const { rounds } = values;
const PAGE = new URL("../docs/gradients.md", import.meta.url);
const HEADER = "| Network | Tail | Forward | One class | Least times | Five more |";
const rows = [HEADER, "| --- | --- | --- | --- | --- | --- |"];
const [busy] = loadavg();
const WARM_UP = 10;
const FIVE = [1, 2, 3, 4, 5];

for (const name of readdirSync(folder).sort()) {
  if (!name.endsWith(".onnx")) continue;
  using network = await openNetwork(join(folder, name), { device: "cpu", threads: 1 });
  if (network.head.form !== "pool-then-network") continue;
  const { width, height } = network.preprocessing;
  const random = seededRandom(name);
  const [passes, ones, fives]: number[][] = [[], [], []];
  for (let round = 0; round < Number(rounds) + WARM_UP; round++) {
    const batch = Float32Array.from({ length: 3 * width * height }, () => 2 * random() - 1);
    const start = performance.now();
    const { features } = await network.run(batch, 1);
    const pass = performance.now() - start;
    graph.classWeightsFor(network.head, round % 7, features);
    const one = performance.now() - start - pass;
    const again = features.slice();
    const before = performance.now();
    for (const index of FIVE) graph.classWeightsFor(network.head, index, again);
    const five = performance.now() - before;
    if (round < WARM_UP) continue;
    passes.push(pass);
    ones.push(one);
    fives.push(five);
  }
  const least = (times: readonly number[]) => Math.min(...times) / Math.min(...passes);
  const usual = (times: readonly number[]) => median(times.map((ms, i) => ms / passes[i]));
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const tail = network.head.summary.split(" → ").slice(1, -1).join(" → ");
  const cells = [basename(name, ".onnx"), tail, `${median(passes).toFixed(1)} ms`];
  rows.push(`| ${[...cells, percent(usual(ones)), percent(least(ones)), percent(usual(fives))].join(" | ")} |`);
  console.log(rows.at(-1));
}

if (values.write) {
  const page = readFileSync(PAGE, "utf8");
  const before = page.slice(0, page.indexOf(HEADER));
  const after = page.slice(page.indexOf(HEADER)).replace(/^(\|.*\n)+\n.*\n/, "");
  const told = `Load of the machine before: ${busy.toFixed(1)} on ${availableParallelism()} processors.`;
  writeFileSync(PAGE, `${before}${rows.join("\n")}\n\n${told}\n${after}`);
}
