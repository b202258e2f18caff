import { availableParallelism } from "node:os";
import { isMainThread } from "node:worker_threads";
import { picturesOpen } from "../../decode/picture-gate.js";
import type { PlainJpeg } from "../plain-jpeg.js";
import { decodePlain, type StoredPlan } from "../wasm/decode-plain.js";
import { DecodeThreads } from "./decode-threads.js";

/** From this many pictures on, starting threads pays. */
const WORTH_THREADS = 24;
/** Threads without work end after so many milliseconds. */
const PATIENCE = 10_000;

let threads: DecodeThreads | undefined;
let seen = 0;
let rest: NodeJS.Timeout | undefined;

/**
 * Decodes a plain JPEG as `decodePlain` does: on the calling thread, but of many pictures that are asked for together all
 * but the first in threads.
 */
export async function decodeMany(
  bytes: Uint8Array,
  jpeg: PlainJpeg,
  plan: StoredPlan,
): Promise<Uint8Array | undefined> {
  const isOneOfMany = isMainThread && availableParallelism() > 1 && picturesOpen() > 1;
  if (isOneOfMany) seen += 1;
  if (!isOneOfMany || seen < WORTH_THREADS) return decodePlain(bytes, jpeg, plan);
  threads ??= new DecodeThreads();
  endLater(threads);
  const decoded = threads.decode(bytes, jpeg, plan);
  // Where threads are forbidden or lack memory, the calling thread does what they should have done.
  return decoded ? decoded.catch(() => decodePlain(bytes, jpeg, plan)) : decodePlain(bytes, jpeg, plan);
}

/** A thread holds some 20 megabytes. */
function endLater(open: DecodeThreads): void {
  clearTimeout(rest);
  rest = setTimeout(() => {
    threads = undefined;
    seen = 0;
    void open.close();
  }, PATIENCE).unref();
}
