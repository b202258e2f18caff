// The kernel's own costs, over its real sockets: start to first result, a trivial cell, 1,000 cells, a large table, an
// accidental 30 MB print. Run: npm run build && node --import tsx bench/kernel.ts
import { readFileSync } from "node:fs";
import { median } from "../src/kernel-helpers/support/statistics.js";
import { KernelClient } from "../src/kernel/protocol/kernel-client.js";

const report = (name: string, value: string) => console.log(`${name.padEnd(44)}${value}`);
const memoryOf = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

const starts: number[] = [];
for (let i = 0; i < 5; i++) {
  const began = performance.now();
  const kernel = await KernelClient.start({ cwd: "notebooks" });
  await kernel.execute("1 + 1");
  starts.push(performance.now() - began);
  await kernel.shutdown();
}
report("start to first result, median of 5", `${(median(starts) / 1000).toFixed(2)} s`);

const kernel = await KernelClient.start({ cwd: "notebooks" });
const timed = async (code: string): Promise<{ elapsed: number; bytes: number; messages: number }> => {
  const began = performance.now();
  let [bytes, messages] = [0, 0];
  await kernel.execute(code, ({ content }) => {
    bytes += JSON.stringify(content).length;
    messages++;
  });
  return { elapsed: performance.now() - began, bytes, messages };
};
await timed("const first = 1;");
const memory: number[] = [];
const times: number[] = [];
for (let i = 0; i < 1000; i++) {
  const { elapsed } = await timed(`const value = [${i}, "cell ${i}"]; console.log(value); value`);
  times.push(elapsed);
  if ((i + 1) % 100 === 0) memory.push(memoryOf(kernel.process.pid ?? 0));
}
report("a trivial cell, median of 1,000", `${median(times).toFixed(0)} ms`);
report("RSS after 100, 200, … 1,000 cells, MB", memory.map((value) => value.toFixed(0)).join(" "));

await timed('import { table } from "arquero";');
const rows = "{ length: 10_000 }";
const table = await timed(
  `table({ n: Array.from(${rows}, (_, i) => i), s: Array.from(${rows}, (_, i) => "row " + i) })`,
);
report("a table of 10,000 rows", `${table.elapsed.toFixed(0)} ms, ${(table.bytes / 1024).toFixed(0)} kB sent`);
const flood = await timed("for (let i = 0; i < 300_000; i++) console.log('x'.repeat(100));");
report(
  "30 MB printed",
  `${flood.elapsed.toFixed(0)} ms, ${(flood.bytes / 1024).toFixed(0)} kB in ${flood.messages} messages`,
);
await kernel.shutdown();
