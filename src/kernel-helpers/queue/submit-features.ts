import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ExtractOptions } from "../features/extract-features.js";
import type { FeatureTable } from "../features/feature-table.js";
import { mergeFeatures, rangesText } from "../features/shards/merge-features.js";
import type { Picture, Pictures } from "../images/picture.js";
import { listOf } from "../images/picture.js";
import { check, optionNames } from "../support/check.js";
import { CamlabError, messageOf } from "../support/errors.js";
import { type OnProgress, tellProgress } from "../support/progress.js";
import { shardRange } from "../support/shard.js";
import { type JobDescription, OPENING_PATHS, partsIn, readPart, writeJob } from "./job-folder.js";
import { PLACE_OPTIONS, type QueuePlace } from "./queue-place.js";
import { openQueue, type ShardTask, type TaskQueue } from "./redis.js";

/** How features are submitted. */
export interface SubmitOptions extends QueuePlace, Pick<ExtractOptions, "pooling" | "layer" | "crops"> {
  /** The job's folder, which every machine sees under this path: lists of pictures, and a part of the table a shard. */
  readonly folder: string;
  /** A network's name or file; the embedded one unless given. */
  readonly network?: string;
  /** How it is opened: files in it by paths that every machine sees. */
  readonly opening?: JobDescription["opening"];
  /** Pictures in a shard, at the most; 1000 unless given. */
  readonly shardSize?: number;
  /** How often a shard that fails is tried; 5 times unless given, with longer and longer pauses. */
  readonly attempts?: number;
  /** Called as shards are done; counts pictures. */
  readonly onProgress?: OnProgress;
  /** Told when Redis does not answer, and when it does again. */
  readonly onNote?: (note: string) => void;
  readonly signal?: AbortSignal;
}

const OPTIONS = optionNames<SubmitOptions, keyof QueuePlace>(
  {
    pooling: true,
    layer: true,
    crops: true,
    folder: true,
    network: true,
    opening: true,
    shardSize: true,
    attempts: true,
    onProgress: true,
    onNote: true,
    signal: true,
  },
  PLACE_OPTIONS,
);

/**
 * Submits the features of pictures to a queue and waits until workers have made them all: each shard's part lies in the
 * job's folder, written whole and with its checksum. Called again with the same pictures and folder it goes on: after it
 * was killed, after Redis lost what it knew, after shards failed.
 *
 * @returns the parts, in order, read one at a time: `merged` puts them together where memory allows
 * @throws CamlabError naming the shards that failed in every attempt; the signal's reason when it is aborted
 * @example
 * const job = await tables.submitFeatures(pictures, { queue: "redis://head:6379", folder: "/data/birds.parts" });
 * await saveFeatures(await job.merged(), "birds.arrow");
 */
export async function submitFeatures(pictures: Pictures, options: SubmitOptions): Promise<SubmittedFeatures> {
  check.known(options, OPTIONS, "submitFeatures");
  const { shardSize = 1000, attempts = 5, signal, pooling, layer, crops } = options;
  check.counts({ shardSize, attempts });
  const folder = resolve(options.folder);
  const parts = {
    network: networkOf(options.network),
    opening: located(options.opening),
    extracting: { pooling, layer, crops },
  };
  const { job, sum } = await writeJob(folder, parts, listOf<Picture>(pictures), shardSize);
  await waitForParts({ ...options, attempts, folder, signal }, job, sum);
  return { folder, shards: job.shards, pictures: job.pictures, merged: () => merged(folder, job) };
}

/** A job that is done. */
export interface SubmittedFeatures {
  readonly folder: string;
  readonly shards: number;
  readonly pictures: number;
  /** All parts as one table, in memory. */
  merged(): Promise<FeatureTable>;
}

async function merged(folder: string, job: JobDescription): Promise<FeatureTable> {
  const tables: FeatureTable[] = [];
  for (let index = 1; index <= job.shards; index++) {
    const part = await readPart(folder, job, index);
    if (!part) throw new CamlabError(`part ${index} of ${job.shards} was damaged, and is removed: submit once more`);
    tables.push(part);
  }
  return mergeFeatures(tables);
}

/** The folder is looked at so often, or less often where a look takes long. */
const PAUSE = 250;
const LOOKING_SHARE = 0.1;
/** Parts are read while others are made; after so long the queue is asked first. */
const READING = 1000;
/** So often it is seen to that the queue knows of what is missing. */
const ASKING = 3000;
const AT_ONCE = 1000;

async function waitForParts(
  options: SubmitOptions & { readonly attempts: number },
  job: JobDescription,
  sum: string,
): Promise<void> {
  const { folder, signal, onProgress, onNote } = options;
  const { queue, reason, end } = await openQueue(options);
  const tell = tellProgress(onProgress, "extracting features", job.pictures);
  const failed = new Map<number, string>();
  const whole = new Set<number>();
  const tasks = new Tasks(queue, { folder, sum }, options.attempts);
  let [isFirst, isGone, asked] = [true, false, -Infinity];
  try {
    for (;;) {
      signal?.throwIfAborted();
      const began = performance.now();
      const known = new Set(await partsIn(folder));
      const looked = performance.now() - began;
      await readSome(folder, job, known, whole);
      tell(picturesIn(known, job));
      if (known.size >= job.shards && [...known].every((index) => whole.has(index))) return;
      if (performance.now() - asked >= ASKING) {
        const missing = Array.from({ length: job.shards }, (_, i) => i + 1).filter((index) => !known.has(index));
        try {
          await tasks.see(missing, failed, isFirst);
          if (isGone) onNote?.("Redis answers again");
          [isFirst, isGone] = [false, false];
        } catch (error) {
          if (!isGone) onNote?.(`Redis does not answer (${reason() ?? messageOf(error)}): waiting for it`);
          isGone = true;
        }
        asked = performance.now();
        if (missing.length > 0 && missing.every((index) => failed.has(index))) throw failure(job, missing, failed);
      }
      await sleep(Math.max(PAUSE, looked / LOOKING_SHARE), undefined, { signal }).catch(() => {});
    }
  } finally {
    await Promise.race([queue.close().catch(() => {}), sleep(1000)]);
    end();
  }
}

/** The shards in the queue. */
class Tasks {
  readonly #key: string;

  constructor(
    private readonly queue: TaskQueue,
    private readonly job: Omit<ShardTask, "index">,
    private readonly attempts: number,
  ) {
    this.#key = job.sum.slice(0, 16);
  }

  /** Adds what the queue does not know, once more what failed before this call, and learns what has failed since. */
  async see(missing: readonly number[], failed: Map<number, string>, isFirst: boolean): Promise<void> {
    await within(this.queue.waitUntilReady());
    const gone = await within(this.queue.getFailed());
    for (const job of gone) {
      if (job.data.sum !== this.job.sum || !missing.includes(job.data.index)) continue;
      if (isFirst) await within(job.remove());
      else failed.set(job.data.index, job.failedReason);
    }
    const counts = await within(this.queue.getJobCounts("waiting", "active", "delayed", "prioritized"));
    const inQueue = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (!isFirst && inQueue + failed.size >= missing.length) return;
    for (let start = 0; start < missing.length; start += AT_ONCE) {
      await within(this.queue.addBulk(missing.slice(start, start + AT_ONCE).map((index) => this.#added(index))));
    }
  }

  #added(index: number) {
    const backoff = { type: "exponential", delay: 1000, jitter: 0.5 };
    const keeping = { removeOnComplete: true, removeOnFail: false };
    return {
      name: "shard",
      data: { ...this.job, index },
      opts: { jobId: `${this.#key}-${index}`, attempts: this.attempts, backoff, ...keeping },
    };
  }
}

/** What Redis answers, unless it takes too long. */
async function within<T>(answer: Promise<T>): Promise<T> {
  const controller = new AbortController();
  const late = sleep(5000, undefined, { signal: controller.signal }).then(() => {
    throw new CamlabError("no answer in 5 s");
  });
  late.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    controller.abort();
    answer.catch(() => {});
  }
}

/** Parts are read once before they count; a damaged one is removed, and made again. */
async function readSome(folder: string, job: JobDescription, known: Set<number>, whole: Set<number>): Promise<void> {
  const until = performance.now() + READING;
  for (const index of [...known]) {
    if (whole.has(index)) continue;
    if (await readPart(folder, job, index)) whole.add(index);
    else known.delete(index);
    if (performance.now() > until) return;
  }
}

function picturesIn(known: ReadonlySet<number>, { pictures, shards }: JobDescription): number {
  let sum = 0;
  for (const index of known) {
    const { start, end } = shardRange(pictures, { index, of: shards });
    sum += end - start;
  }
  return sum;
}

function failure(job: JobDescription, missing: readonly number[], failed: ReadonlyMap<number, string>): CamlabError {
  const reasons = [...new Set(failed.values())].slice(0, 3).join("; ");
  return new CamlabError(
    `${missing.length} of ${job.shards} shards failed in every attempt: ${rangesText(missing)} (${reasons}); the others are done, submit once more to try these again`,
  );
}

/** A file by its absolute path, a name as it is. */
function networkOf(network: string | undefined): string | undefined {
  return network !== undefined && existsSync(network) ? resolve(network) : network;
}

function located(opening: JobDescription["opening"] = {}): JobDescription["opening"] {
  const paths: { [name in (typeof OPENING_PATHS)[number]]?: string } = {};
  for (const name of OPENING_PATHS) {
    const path = opening[name];
    if (typeof path === "string") paths[name] = resolve(path);
  }
  return { ...opening, ...paths };
}
