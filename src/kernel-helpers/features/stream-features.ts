// The stream from files to rows: images are prepared ahead while the network runs on those before.
import type { Network } from "../networks/network.js";
import { CamlabError } from "../support/errors.js";
import type { FeatureCache } from "./cache/feature-cache.js";
import { type Decoder, openDecoder, type ReadyViews } from "./decode/decoder.js";
import { viewCount } from "./decode/prepare-views.js";
import type { FeatureSource } from "./feature-source.js";
import type { Job } from "./plan.js";

/** What `streamFeatures` works on. */
export interface StreamSetting {
  readonly network: Network;
  readonly source: FeatureSource;
  readonly jobs: readonly Job[];
  /** The table's values, filled row by row. */
  readonly data: Float32Array;
  readonly batchSize: number;
  readonly cache?: FeatureCache;
  readonly signal?: AbortSignal;
  readonly maxPixels?: number;
  /** Called after each image, failed ones included. */
  readonly onDone: () => void;
  readonly onError: (job: Job, error: string) => void;
}

interface Ready {
  readonly job: Job;
  readonly views?: ReadyViews;
  readonly error?: string;
}

/** The images whose views are in the batch, or partly so. */
interface Begun {
  readonly ready: Ready & { readonly views: ReadyViews };
  viewsLeft: number;
}

/** @throws CamlabError when the network fails; the signal's reason when it is aborted */
export async function streamFeatures(setting: StreamSetting): Promise<void> {
  const { network, jobs, batchSize, signal, maxPixels } = setting;
  if (jobs.length === 0) return;
  const { preprocessing } = network;
  const size = 3 * preprocessing.width * preprocessing.height;
  const batch = new Float32Array(batchSize * size);
  const slots: { begun: Begun; view: number }[] = [];
  const decoder = openDecoder({ preprocessing, maxPixels }, jobs.length, imagesAhead(batchSize, jobs[0]));
  try {
    for await (const ready of preparedAhead(setting, decoder)) {
      signal?.throwIfAborted();
      if (!ready.views) {
        setting.onError(ready.job, ready.error ?? "not read");
        setting.onDone();
        continue;
      }
      if (await takeKnown(setting, ready.job, ready.views)) {
        ready.views.release();
        continue;
      }
      const count = viewCount(ready.job.crops);
      const begun: Begun = { ready: { ...ready, views: ready.views }, viewsLeft: count };
      for (let view = 0; view < count; view++) {
        ready.views.fill(batch, slots.length, view);
        slots.push({ begun, view });
        if (slots.length < batchSize) continue;
        await runBatch(setting, batch, slots);
        signal?.throwIfAborted();
      }
      ready.views.release();
    }
    if (slots.length > 0) await runBatch(setting, batch, slots);
  } finally {
    await decoder.close();
  }
}

/**
 * Where decoding and the network take turns: images that may still be in the making when the network's turn begins. To
 * wait for the very last would leave all cores but one idle; with more, the two get in each other's way.
 */
const LATE = 1;

/** Prepares images in order, a turn or at most two batches and a few ahead. */
async function* preparedAhead({ jobs, batchSize, cache }: StreamSetting, decoder: Decoder): AsyncGenerator<Ready> {
  const queue: Promise<Ready>[] = [];
  let running = 0;
  let onReady = (): void => {};
  const start = (job: Job): void => {
    const { file: source, region, flip } = job.item;
    const task = { source, region, flip, crops: job.crops, identify: cache !== undefined };
    const ready = decoder
      .prepare(task)
      .then((result): Ready => ("error" in result ? { job, error: result.error } : { job, views: result }));
    // It is awaited in its turn; should that never come, a failed thread must not end the process.
    ready
      .catch(() => {})
      .finally(() => {
        running -= 1;
        onReady();
      });
    running += 1;
    queue.push(ready);
  };
  for (const job of jobs) {
    start(job);
    if (queue.length < (decoder.takesTurns ? imagesATurn(batchSize, job) : imagesAhead(batchSize, job))) continue;
    if (decoder.takesTurns) {
      while (running > LATE) await new Promise<void>((resolve) => (onReady = resolve));
      yield* queue.splice(0);
    } else {
      yield queue.shift()!;
    }
  }
  for (const ready of queue) yield ready;
}

/** The more a turn, the seldomer decoding and the network push each other's data out of the processor's memory. */
function imagesATurn(batchSize: number, { crops }: Job): number {
  return Math.ceil((8 * batchSize) / viewCount(crops));
}

function imagesAhead(batchSize: number, { crops }: Job): number {
  return Math.ceil((2 * batchSize + 8) / viewCount(crops));
}

/** Remembers the file's content; when its rows are in the cache after all (a copy, a renamed file) takes them. */
async function takeKnown({ cache, data, source, onDone }: StreamSetting, job: Job, { identity }: ReadyViews) {
  if (!cache || !identity) return false;
  if (typeof job.item.file === "string") cache.identify(job.item.file, identity);
  const keys = job.rows.map(({ keyOf }) => keyOf(identity.hash));
  if (!keys.every((key) => cache.has(key))) return false;
  let found = 0;
  await cache.read(keys, (i, features) => {
    data.set(features, job.rows[i].row * source.channels);
    found += 1;
  });
  if (found < keys.length) return false;
  onDone();
  return true;
}

/** Runs the views that wait and hands each its vector; images that are complete become rows. */
async function runBatch(setting: StreamSetting, batch: Float32Array, slots: { begun: Begun; view: number }[]) {
  const { source, data } = setting;
  const { channels } = source;
  const vectors = await source.run(batch, slots.length);
  if (vectors.length !== slots.length * channels) {
    throw new CamlabError(
      `the network gave ${vectors.length} features for ${slots.length} images (expected ${channels} an image)`,
    );
  }
  for (const [slot, { begun, view }] of slots.splice(0).entries()) {
    const vector = vectors.subarray(slot * channels, (slot + 1) * channels);
    for (const { row, views } of begun.ready.job.rows) {
      if (!views.includes(view)) continue;
      const share = 1 / views.length;
      const start = row * channels;
      if (view === views[0]) data.fill(0, start, start + channels);
      for (let k = 0; k < channels; k++) data[start + k] += vector[k] * share;
    }
    begun.viewsLeft -= 1;
    if (begun.viewsLeft === 0) await finish(setting, begun);
  }
}

async function finish({ source: { channels }, data, cache, onDone, onError }: StreamSetting, { ready }: Begun) {
  const { job, views } = ready;
  const rowValues = (row: number) => data.subarray(row * channels, (row + 1) * channels);
  if (job.rows.some(({ row }) => !rowValues(row).every(Number.isFinite))) {
    onError(job, "the network's features of it are not numbers: are its weights and preprocessing right?");
  } else if (cache && views.identity) {
    for (const { row, keyOf } of job.rows) await cache.add(keyOf(views.identity.hash), rowValues(row));
  }
  onDone();
}
