import { performance } from "node:perf_hooks";
import { fillInput } from "../images/input/fill-input.js";
import type { ImageSource } from "../images/image.js";
import { prepareImage, type PreparedImage } from "../images/input/prepare-image.js";
import { invalid, messageOf } from "../support/errors.js";
import type { OnProgress } from "../support/progress.js";
import { checkTop, type LookOptions, seenIn } from "./look.js";
import type { Network } from "./network.js";
import type { Seen } from "./seen.js";

/** A photo that could not be looked at, and why. */
export interface Skipped {
  readonly file: string;
  readonly error: string;
}

/** How many photos are looked at. */
export interface LookAtAllOptions extends Omit<LookOptions, "region"> {
  /** Called after each photo. `total` is known when the sources are a list. */
  readonly onProgress?: OnProgress;
  /** Photos in one run of the network; 8 unless given. Larger takes more memory, and is faster on a graphics card. */
  readonly batchSize?: number;
}

/**
 * Looks at many photos, in order, at flat memory: the following photos are decoded while the network runs. A photo that
 * cannot be read is reported in its place and skipped.
 *
 * @param sources a list, or anything that can be iterated, e.g. an asynchronous generator
 * @throws CamlabError when the network itself fails; the signal's reason when it is aborted
 * @example
 * for await (const seen of lookAtAll(network, files)) {
 *   if (isSkipped(seen)) console.error(seen.file, seen.error);
 *   else console.log(seen.photo.file, seen.top[0].name);
 * }
 */
export async function* lookAtAll(
  network: Network,
  sources: Iterable<ImageSource> | AsyncIterable<ImageSource>,
  { batchSize = 8, onProgress, signal, top, ...reading }: LookAtAllOptions = {},
): AsyncGenerator<Seen | Skipped, void, undefined> {
  if (!Number.isInteger(batchSize) || batchSize < 1) throw invalid("batchSize", batchSize, "a whole number from 1");
  checkTop(top);
  const start = performance.now();
  const total = Array.isArray(sources) ? sources.length : undefined;
  const { width, height } = network.preprocessing;
  const size = 3 * width * height;
  const batch = new Float32Array(batchSize * size);
  let done = 0;
  const prepare = (source: ImageSource) => prepareImage(source, network.preprocessing, { signal, ...reading });

  for await (const group of inGroups(ahead(sources, prepare, 2 * batchSize), batchSize)) {
    signal?.throwIfAborted();
    const readable = group.filter((item): item is Ready => "prepared" in item);
    readable.forEach(({ prepared }, slot) => fillInput(batch, slot, prepared.pixels, network.preprocessing));
    const outputs = readable.length > 0 ? await network.run(batch, readable.length) : undefined;
    let slot = 0;
    for (const item of group) {
      let result: Seen | Skipped;
      if (!("prepared" in item) || !outputs) {
        result = { file: fileOf(item.source), error: "error" in item ? item.error : "not read" };
      } else {
        try {
          result = seenIn(network, item.source, item.prepared, outputs, slot, readable.length, { top });
        } catch (error) {
          result = { file: fileOf(item.source), error: messageOf(error) };
        }
        slot++;
      }
      done++;
      onProgress?.({ label: "looking at photos", done, total, elapsed: performance.now() - start });
      yield result;
    }
    signal?.throwIfAborted();
  }
}

/**
 * Whether a photo was skipped rather than looked at.
 *
 * @example
 * const failures = results.filter(isSkipped);
 */
export function isSkipped(result: Seen | Skipped): result is Skipped {
  return "error" in result;
}

interface Ready {
  readonly source: ImageSource;
  readonly prepared: PreparedImage;
}

interface Failed {
  readonly source: ImageSource;
  readonly error: string;
}

/** Prepares photos in order with at most `limit` under way or waiting. */
async function* ahead(
  sources: Iterable<ImageSource> | AsyncIterable<ImageSource>,
  prepare: (source: ImageSource) => Promise<PreparedImage>,
  limit: number,
): AsyncGenerator<Ready | Failed> {
  const queue: Promise<Ready | Failed>[] = [];
  for await (const source of sources) {
    queue.push(
      prepare(source).then(
        (prepared) => ({ source, prepared }),
        (error: unknown) => ({ source, error: messageOf(error) }),
      ),
    );
    if (queue.length >= limit) yield queue.shift()!;
  }
  for (const item of queue) yield item;
}

async function* inGroups<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function fileOf(source: ImageSource): string {
  return typeof source === "string" ? source : "image";
}
