// What opening a network costs beside another checkout of camlab, interleaved in one run: for each network of a folder
// (bench/timm/export.py FOLDER torchvision/…) the ratio of the least times, and the median of the ratios.
//   node --import tsx bench/opening.ts FOLDER OTHER_CHECKOUT [ROUNDS]
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

if (process.send) await answer();
else await compare();

/** Opens what it is told to, and says how long that took: each checkout in a process of its own. */
async function answer(): Promise<void> {
  const [checkout] = process.argv.slice(2);
  const { openNetwork } = (await import(pathToFileURL(join(checkout, "src/index.ts")).href)) as {
    readonly openNetwork: (path: string, options: object) => Promise<{ dispose(): void }>;
  };
  const open = async (file: string) => {
    const start = performance.now();
    const network = await openNetwork(file, { device: "cpu" });
    const spent = performance.now() - start;
    network.dispose();
    process.send?.(spent);
  };
  process.on("message", (file: string) => void open(file));
  process.send?.(0);
}

async function compare(): Promise<void> {
  const [folder, other, rounds = "5"] = process.argv.slice(2);
  if (!folder || !other) throw new Error("usage: bench/opening.ts FOLDER OTHER_CHECKOUT [ROUNDS]");
  const file = fileURLToPath(import.meta.url);
  const start = (checkout: string) => fork(file, [checkout], { execArgv: ["--import", "tsx"], stdio: "inherit" });
  const sides = [start(resolve(import.meta.dirname, "..")), start(resolve(other))];
  for (const side of sides) await once(side, "message");
  const ratios: number[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith(".onnx")) continue;
    const least = [Infinity, Infinity];
    for (let round = 0; round < Number(rounds); round++) {
      for (const side of round % 2 === 0 ? [0, 1] : [1, 0]) {
        least[side] = Math.min(least[side], await timed(sides[side], resolve(folder, name)));
      }
    }
    const ratio = least[0] / least[1];
    ratios.push(ratio);
    const [here, there] = least.map((ms) => ms.toFixed(0));
    console.log(`${basename(name, ".onnx")}: ${here} ms here, ${there} ms there, ratio ${ratio.toFixed(2)}`);
  }
  for (const side of sides) side.disconnect();
  ratios.sort((a, b) => a - b);
  const median = (ratios[(ratios.length - 1) >> 1] + ratios[ratios.length >> 1]) / 2;
  console.log(`median ratio ${median.toFixed(3)} of ${ratios.length} networks`);
}

async function timed(side: ChildProcess, file: string): Promise<number> {
  side.send(file);
  const [spent] = (await once(side, "message")) as [number];
  return spent;
}
