// The stream from files to rows: images are prepared ahead while the network runs on those before.
import { isLocated } from "../images/packed/packed-image.js";
import type { Network } from "../networks/network.js";
import { ahead } from "../support/ahead.js";
import { CamlabError } from "../support/errors.js";
import type { FileIdentity } from "./cache/content-hash.js";
import type { FeatureCache } from "./cache/feature-cache.js";
import { type Decoder, openDecoder, type ReadyViews } from "./decode/decoder.js";
import { viewCount } from "./decode/prepare-views.js";
import type { InputSize } from "./engine-vectors.js";
import type { FeatureSource } from "./feature-source.js";
import type { Job } from "./plan.js";
import type { BatchResult, BatchRunner } from "./run/batch-runner.js";
import { openBatchRunner } from "./run/open-batch-runner.js";

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
  readonly maxMemory?: number;
  /** Called after each image, failed ones included. */
  readonly onDone: () => void;
  readonly onError: (job: Job, error: string) => void;
}

interface Ready {
  readonly job: Job;
  readonly views?: ReadyViews;
  readonly error?: string;
}

/** An image whose views are in a batch, or partly so. */
interface Begun {
  readonly job: Job;
  readonly identity?: FileIdentity;
  viewsLeft: number;
}

/** A view in a batch. */
interface Slot {
  readonly begun: Begun;
  readonly view: number;
}

/** @throws CamlabError when the network fails; the signal's reason when it is aborted */
export async function streamFeatures(setting: StreamSetting): Promise<void> {
  const { network, source, jobs, signal, maxPixels, maxMemory } = setting;
  if (jobs.length === 0) return;
  const views = jobs.reduce((sum, { crops }) => sum + viewCount(crops), 0);
  const runner = await openBatchRunner(network, source, views);
  const { preprocessing } = network;
  const waiting = imagesAhead(setting, runner, jobs[0]);
  const decoder = openDecoder({ preprocessing, maxPixels, maxMemory }, jobs.length, waiting, runner.isElsewhere);
  try {
    const batches = new Batches(setting, runner);
    for await (const ready of preparedAhead(setting, decoder, runner)) {
      signal?.throwIfAborted();
      if (!ready.views) {
        setting.onError(ready.job, ready.error ?? "not read");
        setting.onDone();
        continue;
      }
      if (!(await takeKnown(setting, ready.job, ready.views))) await batches.add(ready.job, ready.views);
      ready.views.release();
    }
    await batches.finish();
    await runner.finish();
  } catch (error) {
    await runner.close();
    throw error;
  } finally {
    await decoder.close();
  }
}

/** Prepares images in order, at most two batches and a few ahead; the decoder is closed by whom it was opened. */
function preparedAhead(setting: StreamSetting, decoder: Decoder, runner: BatchRunner): AsyncGenerator<Ready> {
  const { jobs, cache, signal } = setting;
  const prepare = async (job: Job): Promise<Ready> => {
    const { file, region, flip } = job.picture;
    const task = { source: file, region, flip, crops: job.crops, identify: cache !== undefined };
    const result = await decoder.prepare(task);
    return "error" in result ? { job, error: result.error } : { job, views: result };
  };
  return ahead(jobs, prepare, { limit: (job) => imagesAhead(setting, runner, job), signal, waits: false });
}

/** Fewer where the network runs elsewhere and has batches of its own to go on with: what waits crowds the processor's memory. */
function imagesAhead({ batchSize }: StreamSetting, { isElsewhere }: BatchRunner, { crops }: Job): number {
  const views = isElsewhere ? Math.max(2 * batchSize, 8) : 2 * batchSize + 8;
  return Math.ceil(views / viewCount(crops));
}

/** A batch that is being filled with views of one size. */
interface Filling {
  readonly batch: Float32Array;
  readonly size: InputSize;
  readonly slots: Slot[];
}

/** Batches of more sizes than these are not kept waiting: the fullest goes as it is. */
const MOST_SIZES = 6;

/** From views to rows: the batches that are being filled, one for each size, and those that the network has. */
class Batches {
  readonly #free: Float32Array[] = [];
  readonly #filling = new Map<string, Filling>();
  readonly #underWay: { readonly slots: readonly Slot[]; readonly result: Promise<BatchResult> }[] = [];

  constructor(
    private readonly setting: StreamSetting,
    private readonly runner: BatchRunner,
  ) {}

  /** Puts an image's views into batches; waits while the network has as many as it should. */
  async add(job: Job, views: ReadyViews): Promise<void> {
    const count = viewCount(job.crops);
    const begun: Begun = { job, identity: views.identity, viewsLeft: count };
    for (let view = 0; view < count; view++) {
      const filling = await this.#fillingOf(views.size);
      views.fill(filling.batch, filling.slots.length, view);
      filling.slots.push({ begun, view });
      if (filling.slots.length === this.setting.batchSize) await this.#send(filling);
    }
  }

  /** Runs what is left and waits for all. */
  async finish(): Promise<void> {
    for (const filling of this.#filling.values()) await this.#send(filling);
    while (this.#underWay.length > 0) await this.#takeOldest();
  }

  async #fillingOf(size: InputSize): Promise<Filling> {
    const key = keyOf(size);
    const known = this.#filling.get(key);
    if (known) return known;
    if (this.#filling.size === MOST_SIZES) {
      await this.#send([...this.#filling.values()].reduce((a, b) => (b.slots.length > a.slots.length ? b : a)));
    }
    const filling = { batch: this.#newBatch(size), size, slots: [] };
    this.#filling.set(key, filling);
    return filling;
  }

  async #send({ batch, size, slots }: Filling): Promise<void> {
    this.#filling.delete(keyOf(size));
    const result = this.runner.run(batch, slots.length, size);
    // It is awaited in its turn; should that never come, a failed run must not end the process.
    result.catch(() => {});
    this.#underWay.push({ slots, result });
    while (this.#underWay.length >= this.runner.atOnce) await this.#takeOldest();
  }

  /** In the order in which they were sent, so that the mean of an image's crops is summed in one order, too. */
  async #takeOldest(): Promise<void> {
    const { slots, result } = this.#underWay.shift()!;
    const { vectors, batch } = await result;
    this.#free.push(batch);
    await takeVectors(this.setting, vectors, slots);
    this.setting.signal?.throwIfAborted();
  }

  /** Memory that came back, where it is large enough: what it holds besides does not matter. */
  #newBatch({ width, height }: InputSize): Float32Array {
    const length = this.setting.batchSize * 3 * width * height;
    const free = this.#free.pop();
    return free && free.length >= length ? free : new Float32Array(length);
  }
}

function keyOf({ width, height }: InputSize): string {
  return `${width}×${height}`;
}

/** Remembers the file's content; when its rows are in the cache after all (a copy, a renamed file) takes them. */
async function takeKnown({ cache, data, source, onDone }: StreamSetting, job: Job, { identity }: ReadyViews) {
  if (!cache || !identity) return false;
  if (isLocated(job.picture.file)) cache.identify(job.picture.file, identity);
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

/** Hands each view its vector; images that are complete become rows. */
async function takeVectors(setting: StreamSetting, vectors: Float32Array, slots: readonly Slot[]): Promise<void> {
  const { source, data } = setting;
  const { channels } = source;
  if (vectors.length !== slots.length * channels) {
    throw new CamlabError(
      `the network gave ${vectors.length} features for ${slots.length} images (expected ${channels} an image)`,
    );
  }
  for (const [slot, { begun, view }] of slots.entries()) {
    const vector = vectors.subarray(slot * channels, (slot + 1) * channels);
    for (const { row, views } of begun.job.rows) {
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

async function finish({ source, data, cache, onDone, onError }: StreamSetting, { job, identity }: Begun) {
  const { channels } = source;
  const rowValues = (row: number) => data.subarray(row * channels, (row + 1) * channels);
  if (job.rows.some(({ row }) => !rowValues(row).every(Number.isFinite))) {
    onError(job, "the network's features of it are not numbers: are its weights and preprocessing right?");
  } else if (cache && identity) {
    for (const { row, keyOf } of job.rows) await cache.add(keyOf(identity.hash), rowValues(row));
  }
  onDone();
}
