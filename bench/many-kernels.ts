// A class on one server: kernels that have the embedded network open and have looked at a picture, and what memory they
// take together (PSS: what processes share is counted once).
//
//     npm run build && node --import tsx bench/many-kernels.ts [--kernels 30]
import { readFileSync } from "node:fs";
import { KernelClient } from "../src/kernel/protocol/kernel-client.js";
import { benchArguments } from "./arguments.js";

const LOOK = `
import { look, openNetwork } from "camlab";
const network = await openNetwork();
const seen = await look(network, "../models/teaching/beach.png");
console.log(seen.top[0].name);`;

async function main(): Promise<void> {
  const count = Number(benchArguments({ kernels: "30" }).values.kernels);
  const began = performance.now();
  const kernels: KernelClient[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const kernel = await KernelClient.start({ cwd: "notebooks", startTimeout: 120_000 });
      kernels.push(kernel);
      const { content } = await kernel.execute(LOOK);
      if (content.status !== "ok") throw new Error(`kernel ${i + 1}: ${JSON.stringify(content)}`);
      if ([1, 10, count].includes(i + 1)) {
        const total = kernels.reduce((sum, { process: { pid = 0 } }) => sum + shareOf(pid), 0);
        const seconds = ((performance.now() - began) / 1000).toFixed(0);
        console.log(
          `${i + 1} kernels: ${total.toFixed(0)} MiB, ${(total / (i + 1)).toFixed(0)} each, after ${seconds} s`,
        );
      }
    }
  } finally {
    await Promise.all(kernels.map((kernel) => kernel.shutdown()));
  }
}

/** A process's proportional share of memory, MiB. */
function shareOf(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1]) / 1024;
}

await main();
