// What opening a network costs beside another checkout of camlab, interleaved in one run: for each network of a folder
// (bench/timm/export.py FOLDER torchvision/…) the ratio of the least times by the clock, and of the least processor times,
// which a busy machine disturbs less; then the median of each.
//   node --import tsx bench/opening.ts FOLDER OTHER_CHECKOUT [ROUNDS]
import { readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { median } from "../src/kernel-helpers/support/statistics.js";
import { answerQuestions, askInTurn, checkout, forkCheckouts } from "./two-checkouts.js";

if (checkout) await answer(checkout);
else await compare();

/** Opens what it is told to, and says how many milliseconds that took by the clock and of processors. */
async function answer(root: string): Promise<void> {
  const { openNetwork } = (await import(pathToFileURL(join(root, "src/index.ts")).href)) as {
    readonly openNetwork: (path: string, options: object) => Promise<{ dispose(): void }>;
  };
  answerQuestions(0, async (file) => {
    const [start, used] = [performance.now(), process.cpuUsage()];
    const network = await openNetwork(file, { device: "cpu" });
    const { user, system } = process.cpuUsage(used);
    const spent = [performance.now() - start, (user + system) / 1000];
    network.dispose();
    return spent;
  });
}

async function compare(): Promise<void> {
  const [folder, other, rounds = "5"] = process.argv.slice(2);
  if (!folder || !other) throw new Error("usage: bench/opening.ts FOLDER OTHER_CHECKOUT [ROUNDS]");
  const { sides } = await forkCheckouts(fileURLToPath(import.meta.url), other);
  const ratios: number[][] = [[], []];
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith(".onnx")) continue;
    const all = await askInTurn<[number, number]>(sides, resolve(folder, name), Number(rounds));
    const told = ratios.map((list, unit) => {
      const [here, there] = all.map((each) => Math.min(...each.map((cost) => cost[unit])));
      list.push(here / there);
      return `${here.toFixed(0)} ms here, ${there.toFixed(0)} ms there, ratio ${(here / there).toFixed(2)}`;
    });
    console.log(`${basename(name, ".onnx")}: by the clock ${told[0]}; of processors ${told[1]}`);
  }
  for (const side of sides) side.disconnect();
  const [clock, processors] = ratios.map((list) => median(list).toFixed(3));
  console.log(`median ratio of ${ratios[0].length} networks: ${clock} by the clock, ${processors} of processors`);
}
