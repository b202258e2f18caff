import { checkNetwork } from "../networks/check-network.js";
import type { ImageSource } from "../images/image.js";
import { type Picture, pictureOf, type PictureSet, picturesOf } from "../images/picture.js";
import { isLocated } from "../images/packed/packed-image.js";
import { describePreprocessing } from "../networks/choose-preprocessing.js";
import type { Network } from "../networks/network.js";
import { inView } from "../networks/views/in-view.js";
import { checkView, type View } from "../networks/views/view.js";
import { check, optionNames } from "../support/check.js";
import { invalid } from "../support/errors.js";
import { packageVersion } from "../support/package-root.js";
import { type OnProgress, tellProgress } from "../support/progress.js";
import { type Shard, shardOf } from "../support/shard.js";
import { cacheFolder } from "../support/files/cache-folder.js";
import { FeatureCache } from "./cache/feature-cache.js";
import { openFeatureSource, type FeatureSource } from "./feature-source.js";
import { FeatureTable, type FeatureOrigin } from "./feature-table.js";
import type { CropChoice } from "./feature-row.js";
import { type Job, type Plan, planOf } from "./plan.js";
import type { Pooling } from "./pooling.js";
import { tableShard, type TableShard } from "./shards/table-shard.js";
import { streamFeatures } from "./stream-features.js";

/** How features are made. */
export interface ExtractOptions {
  /** What becomes of each feature map; the network's own (average for a GAP network) unless given. */
  readonly pooling?: Pooling;
  /**
   * The value of the network's graph that is pooled; its last feature maps unless given. Another layer needs a network
   * that was opened from a file, and opens it a second time.
   */
  readonly layer?: string;
  /** `one` (the network's own preprocessing, the default) or `ten` crops. */
  readonly crops?: CropChoice;
  /** Of ten crops: one row, their mean (the default), or ten rows, `apart`. */
  readonly cropRows?: "mean" | "apart";
  /** What of a picture the network sees; the network's own view unless given, and the card's without one. */
  readonly view?: View;
  /** Images in one run of the network; 4 on a CPU, 32 on a graphics card unless given. */
  readonly batchSize?: number;
  /**
   * Whether features are kept on disk, and taken from there: true unless given; a text is the folder to use instead of
   * `$CAMLAB_CACHE` or the user's cache folder.
   */
  readonly cache?: boolean | string;
  /** Images of more pixels are refused; 268,402,689 unless given. */
  readonly maxPixels?: number;
  /**
   * The memory, in bytes, that images may take together while they are decoded; one that alone needs more is refused.
   * `CAMLAB_MAX_MEMORY` unless given, and 1 GB without it.
   */
  readonly maxMemory?: number;
  /** Called after each image. */
  readonly onProgress?: OnProgress;
  /** Stops the work, throwing its reason; what was done is in the cache, and the next call goes on from there. */
  readonly signal?: AbortSignal;
}

/** How features of a part of some pictures are made. */
export interface ExtractPartOptions extends ExtractOptions {
  /**
   * Only this part of the pictures: parts made anywhere, with the same list of pictures, are put together by
   * `tables.mergeFeatures`.
   */
  readonly shard?: Shard;
}

/** The names of all options of `extractFeatures` but that of a part. */
export const EXTRACT_OPTIONS = optionNames<ExtractOptions>({
  pooling: true,
  layer: true,
  crops: true,
  cropRows: true,
  view: true,
  batchSize: true,
  cache: true,
  maxPixels: true,
  maxMemory: true,
  onProgress: true,
  signal: true,
});

/** Those of wider options that are for `extractFeatures`. */
export function extractOptionsIn(options: ExtractOptions): ExtractOptions {
  return Object.fromEntries(EXTRACT_OPTIONS.map((name) => [name, options[name]]));
}

/**
 * The features F_k of pictures: the network's last feature maps f_k(x, y), pooled. One row a picture, in the order given.
 *
 * Images are decoded while the network runs, a few at a time, so memory holds the resulting table and little else. On a
 * processor, from about two hundred images on, up to four threads open the network once more, each for itself: that
 * keeps all cores busy, and the features are the same to the bit. They wait some seconds for more of the same, unless the
 * network is disposed.
 * What was made is kept on disk, keyed by what it depends on: the network's graph and weights, the engine and
 * the device that run it, layer, pooling, preprocessing, region, flip and crop, and the *content* of the file, whatever it is called. Stopped at any moment, the
 * next call goes on from there. Files that did not change are not even read again.
 *
 * Ten crops are those of the paper's authors: of a frame 8/7 of the input's size (256 for 224) the four corners, the
 * centre, and their mirror images. Their mean has the mean of their class scores, since scores are linear in features.
 *
 * A picture that cannot be read becomes no row: it is in `skipped`, and in the table that `toArquero` gives.
 *
 * @param pictures a set, or paths and pictures; a picture's region and flip are what is looked at of it
 * @throws CamlabError for options that cannot be used and when the network fails; the signal's reason when aborted
 * @example
 * const features = await extractFeatures(network, await listImages(["photos"]));
 * features.rows; // 1000
 * features.skipped; // [{ picture: { file: "photos/broken.jpg" }, error: "cannot read …" }]
 */
export async function extractFeatures<P extends Picture>(
  given: Network,
  pictures: PictureSet<P> | Iterable<P | ImageSource> | AsyncIterable<P | ImageSource>,
  options: ExtractPartOptions = {},
): Promise<FeatureTable<P>> {
  check.known(options, [...EXTRACT_OPTIONS, "shard"], "extractFeatures");
  checkNetwork(given, "extractFeatures");
  checkView(options.view);
  const network = await inView(given, options.view);
  if (options.crops === "ten" && network.view === "whole") {
    throw invalid("crops", "ten", 'one in the view "whole": ten crops are parts of what the card says');
  }
  const { signal, onProgress, cache: wanted = true } = options;
  const { batchSize = network.device === "cpu" ? CPU_BATCH : GPU_BATCH } = options;
  check.count("batchSize", batchSize);
  const { part, shard } = await partOf(pictures, options.shard);
  const plan = await planOf<P>(part, options);
  signal?.throwIfAborted();
  using source = await openFeatureSource(network, options.layer, options.pooling);
  const cache = await openCache(network, source, wanted);
  const data = new Float32Array(plan.rows * source.channels);
  const failed = new Map<number, string>();
  const tell = tellProgress(onProgress, "extracting features", plan.jobs.length);
  let done = 0;
  const report = () => tell(++done);
  try {
    const missing = cache ? await fromCache(cache, plan, data, source.channels, report, signal) : plan.jobs;
    await streamFeatures({
      network,
      source,
      jobs: missing,
      data,
      batchSize,
      cache,
      signal,
      maxPixels: options.maxPixels,
      maxMemory: options.maxMemory,
      onDone: report,
      onError: ({ index }, error) => failed.set(index, error),
    });
  } finally {
    await cache?.flush();
  }
  return tableOf(
    plan,
    data,
    source.channels,
    failed,
    originOf(network, source),
    network.notes,
    cache?.problems ?? [],
    shard,
  );
}

/** The pictures of a part, where one was asked for; which part it is can be told only from the whole list. */
async function partOf<P extends Picture>(
  pictures: PictureSet<P> | Iterable<P | ImageSource> | AsyncIterable<P | ImageSource>,
  shard: Shard | undefined,
) {
  if (shard === undefined) return { part: pictures };
  const all: P[] = [];
  for await (const one of picturesOf<P | ImageSource>(pictures)) all.push(pictureOf(one) as P);
  return { part: shardOf(all, shard), shard: tableShard(all, shard) };
}

/**
 * Measured on two cores: processor time an image is least for batches of 1 to 8, and rises from 16 on, where the maps of
 * a batch no longer fit into the processor's own memory.
 */
const CPU_BATCH = 4;
const GPU_BATCH = 32;

/** Counts up when what a setting gives changes with camlab itself: decoding, resizing, pooling. */
const PIPELINE_VERSION = 3;

async function openCache(network: Network, source: FeatureSource, wanted: boolean | string) {
  // A network that cannot say what it computes cannot be told from another.
  if (wanted === false || network.fingerprint === undefined) return undefined;
  const { fingerprint, name, preprocessing, engine, device } = network;
  const { layer, pooling, channels } = source;
  const setting = { version: PIPELINE_VERSION, fingerprint, layer, pooling, channels, preprocessing, engine, device };
  return FeatureCache.open(cacheFolder("features", typeof wanted === "string" ? wanted : undefined), setting, {
    network: name,
  });
}

/** Fills the rows that the cache has; returns the jobs that are left. */
async function fromCache<P extends Picture>(
  cache: FeatureCache,
  { jobs }: Plan<P>,
  data: Float32Array,
  channels: number,
  report: () => void,
  signal?: AbortSignal,
): Promise<readonly Job<P>[]> {
  const AT_ONCE = 64;
  const keys: (string | undefined)[] = [];
  for (let start = 0; start < jobs.length; start += AT_ONCE) {
    signal?.throwIfAborted();
    const group = jobs.slice(start, start + AT_ONCE);
    const hashes = await Promise.all(
      group.map(async ({ picture: { file } }) => (isLocated(file) ? cache.hashOf(file) : undefined)),
    );
    group.forEach((job, i) => {
      const hash = hashes[i];
      job.rows.forEach(({ row, keyOf }) => (keys[row] = hash === undefined ? undefined : keyOf(hash)));
    });
  }
  const found = new Uint8Array(keys.length);
  await cache.read(keys, (row, features) => {
    data.set(features, row * channels);
    found[row] = 1;
  });
  signal?.throwIfAborted();
  return jobs.filter(({ rows }) => {
    const whole = rows.every(({ row }) => found[row]);
    if (whole) report();
    return !whole;
  });
}

function originOf(network: Network, { layer, pooling }: FeatureSource): FeatureOrigin {
  return {
    software: `camlab ${packageVersion()}`,
    network: network.name,
    ...(network.fingerprint !== undefined && { fingerprint: network.fingerprint }),
    ...(network.weights !== undefined && { weights: network.weights }),
    size: { width: network.preprocessing.width, height: network.preprocessing.height },
    layer,
    pooling,
    preprocessing: describePreprocessing(network.preprocessing),
    ...(network.view === "whole" && { view: network.view }),
  };
}

/** Closes the gaps that pictures without features left. */
function tableOf<P extends Picture>(
  { jobs }: Plan<P>,
  data: Float32Array,
  columns: number,
  failed: ReadonlyMap<number, string>,
  origin: FeatureOrigin,
  notes: readonly string[],
  cacheNotes: readonly string[],
  shard: TableShard | undefined,
): FeatureTable<P> {
  const kept = jobs
    .filter(({ index }) => !failed.has(index))
    .flatMap(({ picture, rows }) => rows.map(({ row, crop }) => ({ picture, row, crop })));
  kept.forEach(({ row }, to) => {
    if (row !== to) data.copyWithin(to * columns, row * columns, (row + 1) * columns);
  });
  return new FeatureTable({
    rows: kept.length,
    columns,
    data: data.subarray(0, kept.length * columns),
    pictures: kept.map(({ picture }) => picture),
    crops: kept.map(({ crop }) => crop),
    skipped: jobs.flatMap(({ index, picture }) => {
      const error = failed.get(index);
      return error === undefined ? [] : [{ picture, error }];
    }),
    origin,
    notes,
    cacheNotes,
    shard,
  });
}
