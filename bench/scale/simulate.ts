// The queue with recorded features: rate by workers, what is spent beside the network a picture with the queue and, by as
// many processes just before, without one (writing the same files); memory.
//   node --import tsx bench/scale/simulate.ts [pictures a worker] [workers…]
//   node --import tsx bench/scale/simulate.ts 125000 8        (a million pictures)
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { submitFeatures } from "../../src/kernel-helpers/queue/submit-features.js";
import { RedisServer } from "../../test/kernel-helpers/queue/redis-server.js";

const [each = 8000, ...counts] = process.argv.slice(2).map(Number);
const [DELAY, COLUMNS, SHARD] = [5, 1280, 1000];
const folder = mkdtempSync(join(tmpdir(), "camlab-simulation-"));
const server = await RedisServer.start(folder);

interface Told {
  readonly cpu: { readonly user: number; readonly system: number };
  readonly memory: number;
  /** Milliseconds in the recorded network. */
  readonly extracting: number;
}

function startWorker(): { child: ChildProcess; told: Told[] } {
  const options = { queue: server.url, roots: [folder], columns: COLUMNS, delay: DELAY };
  const script = fileURLToPath(new URL("recorded-worker.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const told: Told[] = [];
  child.stdout.on("data", (lines: Buffer) => {
    for (const line of lines.toString().trim().split("\n")) told.push(JSON.parse(line) as Told);
  });
  return { child, told };
}

/** Milliseconds a picture beside the recording where as many processes do their share with nobody to ask. */
async function alone(workers: number): Promise<number> {
  const own = join(folder, "alone");
  mkdirSync(own);
  const options = {
    folder: own,
    columns: COLUMNS,
    delay: DELAY,
    shards: Math.min(5, Math.ceil(each / SHARD)),
    shardSize: SHARD,
  };
  const script = fileURLToPath(new URL("recorded-alone.ts", import.meta.url));
  const begin = () =>
    spawn(process.execPath, ["--import", "tsx", script, JSON.stringify(options)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
  const beside = await Promise.all(
    Array.from({ length: workers }, async () => (await text(begin().stdout)).trim()).map(
      async (said) => (JSON.parse(await said) as { beside: number }).beside,
    ),
  );
  rmSync(own, { recursive: true });
  return beside.reduce((sum, one) => sum + one, 0) / (workers * options.shards * SHARD);
}

// It is loaded once a process, whatever there is to do.
await import("bullmq");
for (const workers of counts.length > 0 ? counts : [1, 2, 4, 8]) {
  const pictures = each * workers;
  const job = join(folder, `job-${workers}`);
  mkdirSync(job);
  const list = Array.from({ length: pictures }, (_, i) => ({ file: `${job}/photo-${String(i).padStart(7, "0")}.jpg` }));
  const without = await alone(workers);
  const all = Array.from({ length: workers }, startWorker);
  while (all.some(({ told }) => told.length === 0)) await sleep(100);
  const began = performance.now();
  const memory: number[] = [];
  const watch = setInterval(() => {
    all.forEach(({ child }) => child.kill("SIGUSR2"));
    const now = all.flatMap(({ told }) => told.at(-1)?.memory ?? []);
    if (now.length > 0) memory.push(Math.max(...now));
  }, 2000);
  await submitFeatures(list, { queue: server.url, folder: job, shardSize: SHARD });
  const seconds = (performance.now() - began) / 1000;
  clearInterval(watch);
  const [early, late] = [0.25, 1].map((share) => memory[Math.floor(share * (memory.length - 1))] / 2 ** 20);
  await sleep(100);
  all.forEach(({ child }) => child.kill("SIGUSR2"));
  await sleep(500);
  const last = all.map(({ told }) => told.at(-1)!);
  const network = last.reduce((sum, { extracting }) => sum + extracting, 0) / pictures;
  const own = (seconds * 1000 * workers) / pictures - network;
  const spent = ({ cpu }: Told) => (cpu.user + cpu.system) / 1000;
  const cpu = all.reduce((sum, { told }, i) => sum + spent(last[i]) - spent(told[0]), 0) / pictures;
  console.log(
    `${workers} workers: ${pictures} pictures in ${seconds.toFixed(1)} s, ${(pictures / seconds).toFixed(0)}/s; ` +
      `${network.toFixed(2)} ms a picture in the recording, ${own.toFixed(3)} ms beside it (${((100 * own) / DELAY).toFixed(1)} % of ${DELAY} ms; without a queue ${without.toFixed(3)} ms), ` +
      `${cpu.toFixed(3)} ms of processor; memory of a worker ${early.toFixed(0)} MB at a quarter, ${late.toFixed(0)} MB at the end`,
  );
  for (const { child } of all) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  rmSync(job, { recursive: true });
}
await server.kill();
rmSync(folder, { recursive: true, force: true });
