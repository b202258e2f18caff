// Real pictures through the embedded network, without a cache: rate and memory at each tenth.
//   node --import tsx bench/scale/decodes.ts [pictures] [workers, 0 without a queue] [folder of pictures, else drawn ones]
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { extractFeatures } from "../../src/kernel-helpers/features/extract-features.js";
import { saveFeatures } from "../../src/kernel-helpers/features/feature-files.js";
import { listImages } from "../../src/kernel-helpers/images/files/list-images.js";
import { openNetwork } from "../../src/kernel-helpers/networks/open-network.js";
import { submitFeatures } from "../../src/kernel-helpers/queue/submit-features.js";
import type { Progress } from "../../src/kernel-helpers/support/progress.js";
import { makeDataset } from "../../src/world/make-dataset.js";
import { RedisServer } from "../../test/kernel-helpers/queue/redis-server.js";

const [count = 50_000, workers = 0] = process.argv.slice(2, 4).map(Number);
const folder = mkdtempSync(join(tmpdir(), "camlab-decodes-"));
const given = process.argv[4];
if (given === undefined) await makeDataset("objects", join(folder, "drawn"), { seed: 1, train: 500, val: 0, test: 0 });
const sources = await listImages([given ?? join(folder, "drawn")]);

/** One picture under many names: what is decoded is decoded each time. */
function named(): string[] {
  const own = join(folder, "pictures");
  mkdirSync(own);
  return Array.from({ length: count }, (_, i) => {
    const source = sources[i % sources.length];
    const file = join(own, `${String(i).padStart(7, "0")}${extname(source)}`);
    try {
      linkSync(source, file);
    } catch {
      symlinkSync(source, file);
    }
    return file;
  });
}

function startWorker(queue: string): ChildProcess {
  const script = fileURLToPath(new URL("../../bin/camlab.js", import.meta.url));
  const threads = Math.max(1, Math.floor(cpus().length / workers));
  const options = ["--queue", queue, "--root", tmpdir(), ...(given ? [given] : []), "--no-cache"];
  return spawn(process.execPath, [script, "work", ...options, "--threads", String(threads)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

const megabytes = (pid: number) => {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(kilobytes) / 1024);
};

/** Tells at each tenth how fast the last was, and how much memory is held. */
function tenths(processes: readonly number[]): (progress: Progress) => void {
  let [next, last, before] = [1, performance.now(), 0];
  return ({ done }) => {
    if (done < (next * count) / 10) return;
    const now = performance.now();
    const rate = ((done - before) / (now - last)) * 1000;
    console.log(`${done} pictures: ${rate.toFixed(0)}/s; memory ${processes.map(megabytes).join(", ")} MB`);
    [last, before] = [now, done];
    while ((next * count) / 10 <= done) next += 1;
  };
}

const files = named();
const began = performance.now();
if (workers === 0) {
  using network = await openNetwork();
  const onProgress = tenths([process.pid]);
  const features = await extractFeatures(network, files, { cache: false, onProgress });
  await saveFeatures(features, join(folder, "features.arrow"));
  console.log(`${features.rows} rows, ${features.skipped.length} skipped`);
} else {
  const redis = join(folder, "redis");
  mkdirSync(redis);
  const server = await RedisServer.start(redis);
  const all = Array.from({ length: workers }, () => startWorker(server.url));
  const onProgress = tenths([process.pid, ...all.map(({ pid }) => pid!)]);
  const pictures = files.map((file) => ({ file }));
  const job = await submitFeatures(pictures, { queue: server.url, folder: join(folder, "job"), onProgress });
  console.log(`${job.pictures} pictures in ${job.shards} parts`);
  for (const child of all) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  await server.kill();
}
const seconds = (performance.now() - began) / 1000;
console.log(`${count} pictures in ${seconds.toFixed(0)} s, ${(count / seconds).toFixed(0)}/s`);
rmSync(folder, { recursive: true, force: true });
