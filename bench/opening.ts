// What opening a network costs beside another checkout of camlab, interleaved in one run: for each network of a folder
// (bench/timm/export.py FOLDER torchvision/…) the ratio of the least times, and the median of the ratios.
//   node --import tsx bench/opening.ts FOLDER OTHER_CHECKOUT [ROUNDS]
import { readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { median } from "../src/kernel-helpers/support/statistics.js";
import { answerQuestions, askInTurn, checkout, forkCheckouts } from "./two-checkouts.js";

if (checkout) await answer(checkout);
else await compare();

/** Opens what it is told to, and says how long that took. */
async function answer(root: string): Promise<void> {
  const { openNetwork } = (await import(pathToFileURL(join(root, "src/index.ts")).href)) as {
    readonly openNetwork: (path: string, options: object) => Promise<{ dispose(): void }>;
  };
  answerQuestions(0, async (file) => {
    const start = performance.now();
    const network = await openNetwork(file, { device: "cpu" });
    const spent = performance.now() - start;
    network.dispose();
    return spent;
  });
}

async function compare(): Promise<void> {
  const [folder, other, rounds = "5"] = process.argv.slice(2);
  if (!folder || !other) throw new Error("usage: bench/opening.ts FOLDER OTHER_CHECKOUT [ROUNDS]");
  const { sides } = await forkCheckouts(fileURLToPath(import.meta.url), other);
  const ratios: number[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith(".onnx")) continue;
    const times = await askInTurn<number>(sides, resolve(folder, name), Number(rounds));
    const least = times.map((each) => Math.min(...each));
    const ratio = least[0] / least[1];
    ratios.push(ratio);
    const [here, there] = least.map((ms) => ms.toFixed(0));
    console.log(`${basename(name, ".onnx")}: ${here} ms here, ${there} ms there, ratio ${ratio.toFixed(2)}`);
  }
  for (const side of sides) side.disconnect();
  console.log(`median ratio ${median(ratios).toFixed(3)} of ${ratios.length} networks`);
}
