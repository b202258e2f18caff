// Twenty kills at random moments, of workers, of the submitter and of Redis: is the table still that of an undisturbed run?
//   node --import tsx bench/scale/kills.ts [pictures] [kills] [seed]
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sha256 } from "../../src/kernel-helpers/support/hash.js";
import { seededRandom } from "../../src/kernel-helpers/support/random.js";
import { RedisServer } from "../../test/kernel-helpers/queue/redis-server.js";

const [pictures = 20_000, kills = 20, seed = 1] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "camlab-kills-"));
const random = seededRandom(`kills ${seed}`);

function start(name: string, options: object): ChildProcess {
  const script = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  return spawn(process.execPath, ["--import", "tsx", script, JSON.stringify(options)], { stdio: "inherit" });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

/** One run from the beginning; `disturb` kills now and then. */
async function run(disturb: boolean): Promise<{ sum: string; seconds: number; told: Record<string, number> }> {
  const store = mkdtempSync(join(folder, "redis-"));
  const server = await RedisServer.start(store);
  const job = join(folder, "job");
  mkdirSync(job);
  const out = join(folder, "features.arrow");
  const worker = { queue: server.url, roots: [folder], columns: 64, delay: 5, patience: 3 };
  const submitter = { queue: server.url, folder: job, pictures, shardSize: 250, out };
  const startWorker = () => start("recorded-worker", worker);
  const startSubmitter = () => start("recorded-submitter", submitter);
  const workers = [startWorker(), startWorker(), startWorker()];
  let submitting = startSubmitter();
  const began = performance.now();
  const told: Record<string, number> = { worker: 0, submitter: 0, redis: 0 };
  for (let i = 0; disturb && i < kills; i++) {
    await sleep(1500 + 2500 * random());
    const which = Math.floor(5 * random());
    if (which < workers.length) {
      await end(workers[which]);
      workers[which] = startWorker();
      told.worker += 1;
    } else if (which === 3) {
      await end(submitting);
      submitting = startSubmitter();
      told.submitter += 1;
    } else {
      await server.kill();
      await sleep(1000 * random());
      await server.start();
      told.redis += 1;
    }
  }
  while (submitting.exitCode === null && submitting.signalCode === null) await sleep(200);
  if (submitting.exitCode !== 0) throw new Error(`the submitter ended with ${submitting.exitCode}`);
  const seconds = (performance.now() - began) / 1000;
  await Promise.all(workers.map(end));
  await server.kill();
  const sum = sha256(readFileSync(out));
  rmSync(job, { recursive: true });
  rmSync(out);
  return { sum, seconds, told };
}

const undisturbed = await run(false);
console.log(`undisturbed: ${pictures} pictures in ${undisturbed.seconds.toFixed(1)} s, ${undisturbed.sum}`);
const disturbed = await run(true);
console.log(`kills ${JSON.stringify(disturbed.told)}: ${disturbed.seconds.toFixed(1)} s, ${disturbed.sum}`);
console.log(disturbed.sum === undisturbed.sum ? "the same, byte for byte" : "NOT the same");
rmSync(folder, { recursive: true, force: true });
process.exitCode = disturbed.sum === undisturbed.sum ? 0 : 1;
