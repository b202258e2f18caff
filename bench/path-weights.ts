// What the weights of one class cost where a small network stands behind the pooling, as a share of one forward pass of
// the whole network on one thread, interleaved in one run, for each network of a folder (bench/timm/export.py FOLDER
// mobilenetv3_large_100 …) whose weights go along a path: the median of the ratios, and the ratio of the least times, which
// a busy machine disturbs less. Each pass has an input of its own.
//   node --import tsx bench/path-weights.ts FOLDER [ROUNDS]
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { graph, openNetwork } from "../src/index.js";
import { seededRandom } from "../src/kernel-helpers/support/random.js";
import { median } from "../src/kernel-helpers/support/statistics.js";

const [folder, rounds = "40"] = process.argv.slice(2);
if (!folder) throw new Error("usage: bench/path-weights.ts FOLDER [ROUNDS]");
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
  const share = (times: readonly number[]) => {
    const [usual, least] = [median(times.map((ms, i) => ms / passes[i])), Math.min(...times) / Math.min(...passes)];
    return `${(100 * usual).toFixed(1)} % of it (least times ${(100 * least).toFixed(1)} %)`;
  };
  console.log(
    `${basename(name, ".onnx")}: pass ${median(passes).toFixed(1)} ms, one class ${share(ones)}, five more ${share(fives)}`,
  );
}
