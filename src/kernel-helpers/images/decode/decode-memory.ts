// The memory that pictures take while they are decoded: one budget for all of them, whichever thread decodes.
import { getEnvironmentData, setEnvironmentData, threadId } from "node:worker_threads";
import { invalid } from "../../support/errors.js";

/**
 * The memory, in bytes, that pictures may take together while they are decoded, unless `maxMemory` or the environment's
 * `CAMLAB_MAX_MEMORY` says otherwise: 1 GB.
 */
const DEFAULT_MAX_MEMORY = 2 ** 30;

/**
 * How much memory pictures may take together while they are decoded, in bytes.
 *
 * @param given an option's value; `CAMLAB_MAX_MEMORY` (`2GB`, `500 MB`, or bytes) and then 1 GB where it is absent
 * @throws CamlabError for what is no amount
 */
export function memoryLimit(given?: number): number {
  if (given !== undefined) {
    if (!(given >= 1)) throw invalid("maxMemory", given, "a number of bytes, at least 1");
    return given;
  }
  const text = process.env.CAMLAB_MAX_MEMORY;
  if (!text) return DEFAULT_MAX_MEMORY;
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([KMG]?)i?B?\s*$/i.exec(text) ?? [];
  const bytes = Number(number) * 1024 ** ["", "K", "M", "G"].indexOf((unit ?? "").toUpperCase());
  if (!(bytes >= 1)) throw invalid("CAMLAB_MAX_MEMORY", text, "an amount such as 2GB or 500MB");
  return bytes;
}

/**
 * Waits until a picture may take its memory, in the order of asking.
 *
 * @param bytes what it takes, at most `limit`
 * @param limit what all pictures may take together
 * @returns gives the memory back; once is enough
 * @throws the signal's reason when it is aborted before
 */
export async function holdMemory(bytes: number, limit: number, signal?: AbortSignal): Promise<() => void> {
  const need = Math.ceil(bytes / UNIT);
  await new Promise<void>((resolve, reject) => {
    const entry: Waiting = { need, limit: Math.max(need, Math.floor(limit / UNIT)), start };
    function start() {
      signal?.removeEventListener("abort", giveUp);
      resolve();
    }
    function giveUp() {
      waiting.splice(waiting.indexOf(entry), 1);
      reject(signal!.reason as Error);
      startWaiting();
    }
    waiting.push(entry);
    signal?.addEventListener("abort", giveUp, { once: true });
    startWaiting();
  });
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    held -= 1;
    Atomics.sub(inUse(), slot, need);
    startWaiting();
  };
}

/** Gives back what a thread that was ended still held. */
export function forgetThread(thread: number): void {
  Atomics.store(inUse(), thread % THREADS, 0);
  startWaiting();
}

/** The memory that pictures take now, in bytes. */
export function memoryInUse(): number {
  return UNIT * inUse().reduce((sum, each) => sum + each, 0);
}

/**
 * Must be called before a thread that decodes is started, so that it counts with this one.
 *
 * @internal
 */
export function shareMemoryCount(): void {
  inUse();
}

interface Waiting {
  readonly need: number;
  readonly limit: number;
  readonly start: () => void;
}

const UNIT = 1024;
const THREADS = 1024;
const KEY = "camlab: memory of the pictures that are decoded";
const slot = threadId % THREADS;
const waiting: Waiting[] = [];
let held = 0;
let isPolling = false;
let counts: Int32Array | undefined;

/** What each thread holds, in KB, in memory that threads started later see, too. */
function inUse(): Int32Array {
  if (counts) return counts;
  let memory = getEnvironmentData(KEY) as unknown as SharedArrayBuffer | undefined;
  if (!memory) {
    memory = new SharedArrayBuffer(4 * THREADS);
    setEnvironmentData(KEY, memory);
  }
  return (counts = new Int32Array(memory));
}

function startWaiting(): void {
  while (waiting.length > 0 && take(waiting[0])) {
    held += 1;
    waiting.shift()!.start();
  }
  // Nothing of this thread will come to its end and look again: another thread has the memory.
  if (waiting.length === 0 || held > 0 || isPolling) return;
  isPolling = true;
  setTimeout(() => {
    isPolling = false;
    startWaiting();
  }, 10);
}

/** Takes first and looks then, so that two threads cannot both take the last of it. */
function take({ need, limit }: Waiting): boolean {
  const use = inUse();
  Atomics.add(use, slot, need);
  let all = 0;
  for (let thread = 0; thread < THREADS; thread++) all += Atomics.load(use, thread);
  if (all <= limit || all === need) return true;
  Atomics.sub(use, slot, need);
  return false;
}
