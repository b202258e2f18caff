// A worker of a queue whose network is a recording: node --import tsx bench/scale/recorded-worker.ts OPTIONS-AS-JSON
import { workWith } from "../../src/kernel-helpers/queue/work-queue.js";
import { type Recording, recorded } from "./recorded.js";

/** What a worker is started with. */
export interface RecordedWorker extends Recording {
  readonly queue: string;
  readonly roots: readonly string[];
  readonly patience?: number;
}

const { queue, roots, patience, ...recording } = JSON.parse(process.argv[2]) as RecordedWorker;
const play = recorded(recording);
let extracting = 0;
const extract: typeof play = async (job, pictures) => {
  const began = performance.now();
  const table = await play(job, pictures);
  extracting += performance.now() - began;
  return table;
};
// What a worker spends beside the network, and how much memory it holds: asked for by a signal of the one who measures.
const tell = () => {
  const told = { cpu: process.cpuUsage(), memory: process.memoryUsage().rss, extracting };
  process.stdout.write(`${JSON.stringify(told)}\n`);
};
process.on("SIGUSR2", tell);
// It is loaded once a process: who measures begins when that is done.
await import("bullmq");
tell();
await workWith({ queue, roots, patience }, extract);
