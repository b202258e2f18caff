import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import { CamlabError, messageOf } from "../../support/errors.js";
import { startWorker } from "../../support/workers.js";
import type { FileIdentity } from "../cache/content-hash.js";
import { forgetThread, shareMemoryCount } from "../../images/decode/decode-memory.js";
import { fillInput } from "../../images/input/fill-input.js";
import type { InputSize } from "../engine-vectors.js";
import { prepareViews, type PrepareSetting, type ViewTask } from "./prepare-views.js";

/** Prepares images while the network runs. */
export interface Decoder {
  /** Rejects only when a thread fails; an image that cannot be read is an answer. */
  prepare(task: ViewTask): Promise<ReadyViews | Unreadable>;
  close(): Promise<void>;
}

/** One image's views, ready for the network. */
export interface ReadyViews {
  /** The file's content; absent unless asked for, and when the file changed while it was read. */
  readonly identity?: FileIdentity;
  /** The size of each view. */
  readonly size: InputSize;
  /** Writes one of the views into a batch of inputs. */
  fill(batch: Float32Array, slot: number, view: number): void;
  /** Gives their memory back, for the next image: they are not filled in after. */
  release(): void;
}

/** Why an image could not be read. */
export interface Unreadable {
  readonly error: string;
}

/** From this many images on, starting threads pays. */
const WORTH_THREADS = 24;
/** Each holds some 30 megabytes. */
const MOST_THREADS = 8;
/** Up to this many cores, threads of ours only get in the way of sharp's and the network's. */
const FEW_CORES = 4;

/**
 * Opens a decoder. Images are decoded on threads, but what is left to the calling thread waits while the network occupies
 * it: on many cores, many images are then prepared by threads from beginning to end; the first while those start, and all
 * others, right here.
 *
 * @param count how many images are to come
 * @param ahead how many of them are asked for before the first is used
 * @param isFree whether the network leaves the calling thread alone
 * @example
 * const decoder = openDecoder({ preprocessing: network.preprocessing }, files.length, 16, false);
 */
export function openDecoder(setting: PrepareSetting, count: number, ahead: number, isFree: boolean): Decoder {
  const isLocal = isFree || count < WORTH_THREADS || availableParallelism() <= FEW_CORES;
  return isLocal ? new LocalDecoder(setting) : new ThreadDecoder(setting, ahead);
}

class LocalDecoder implements Decoder {
  constructor(private readonly setting: PrepareSetting) {}

  /** Bytes become numbers in the batch itself, only then: waiting images are a quarter as large, and stay near the processor. */
  async prepare(task: ViewTask): Promise<ReadyViews | Unreadable> {
    try {
      const { pixels, width, height, identity } = await prepareViews(task, this.setting);
      const input = { ...this.setting.preprocessing, width, height };
      const fill: ReadyViews["fill"] = (batch, slot, view) => fillInput(batch, slot, pixels[view], input);
      return { identity, size: { width, height }, fill, release: () => {} };
    } catch (error) {
      return { error: messageOf(error) };
    }
  }

  async close(): Promise<void> {}
}

/** What a thread is started with. */
export interface DecodeThreadSetting {
  readonly setting: PrepareSetting;
  /** How many images it may have before the first of them is used. */
  readonly ahead: number;
}

/** What goes to a thread. */
export interface DecodeRequest {
  readonly id: number;
  readonly task: ViewTask;
  readonly memory?: ArrayBuffer;
}

/** What comes back: first that the thread is ready, then what became of each image. */
export type DecodeReply = "ready" | ({ readonly id: number } & (DecodedInputs | Unreadable));

/** What a thread made of an image: `views × 3 × height × width`. */
interface DecodedInputs extends InputSize {
  readonly inputs: Float32Array;
  readonly identity?: FileIdentity;
}

interface Waiting {
  readonly worker: Worker;
  readonly resolve: (result: ReadyViews | Unreadable) => void;
  readonly reject: (error: unknown) => void;
}

class ThreadDecoder implements Decoder {
  readonly #workers: readonly Worker[];
  readonly #waiting = new Map<number, Waiting>();
  readonly #load = new Map<Worker, number>();
  readonly #free: ArrayBuffer[] = [];
  readonly #local: LocalDecoder;
  readonly #ready: Worker[] = [];
  #next = 0;
  #failure: Error | undefined;

  constructor(setting: PrepareSetting, ahead: number) {
    this.#local = new LocalDecoder(setting);
    // They decode most JPEG files themselves; of all others they do what sharp's own threads leave to JavaScript.
    const count = Math.min(MOST_THREADS, Math.floor(availableParallelism() / 2));
    const module = new URL("./decode-worker", import.meta.url);
    shareMemoryCount();
    this.#workers = Array.from({ length: count }, () => {
      const worker = startWorker(module, { setting, ahead: Math.ceil(ahead / count) } satisfies DecodeThreadSetting);
      worker.on("message", (reply: DecodeReply) => this.#receive(worker, reply));
      worker.on("error", (error) => this.#fail(worker, error));
      worker.on("exit", (code) =>
        this.#fail(worker, new CamlabError(`a thread that decodes images ended with code ${code}`)),
      );
      worker.unref();
      this.#load.set(worker, 0);
      return worker;
    });
  }

  prepare(task: ViewTask): Promise<ReadyViews | Unreadable> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#ready.length === 0) return this.#local.prepare(task);
    const worker = this.#ready.reduce((a, b) => (this.#load.get(a)! <= this.#load.get(b)! ? a : b));
    const id = this.#next++;
    const memory = this.#free.pop();
    const request: DecodeRequest = { id, task, ...(memory && { memory }) };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { worker, resolve, reject });
      this.#load.set(worker, this.#load.get(worker)! + 1);
      worker.ref();
      worker.postMessage(request, memory ? [memory] : []);
    });
  }

  async close(): Promise<void> {
    for (const worker of this.#workers) worker.removeAllListeners();
    const threads = this.#workers.map(({ threadId }) => threadId);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
    threads.filter((thread) => thread > 0).forEach(forgetThread);
  }

  #receive(worker: Worker, reply: DecodeReply): void {
    if (reply === "ready") this.#ready.push(worker);
    else this.#settle(reply.id)?.resolve("error" in reply ? reply : this.#readyViews(reply));
  }

  #readyViews({ inputs, width, height, identity }: DecodedInputs): ReadyViews {
    const size = 3 * width * height;
    return {
      identity,
      size: { width, height },
      fill: (batch, slot, view) => batch.set(inputs.subarray(view * size, (view + 1) * size), slot * size),
      release: () => this.#free.push(inputs.buffer as ArrayBuffer),
    };
  }

  #fail(worker: Worker, error: Error): void {
    this.#failure = error;
    for (const [id, waiting] of this.#waiting) if (waiting.worker === worker) this.#settle(id)?.reject(error);
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (!waiting) return undefined;
    this.#waiting.delete(id);
    const load = this.#load.get(waiting.worker)! - 1;
    this.#load.set(waiting.worker, load);
    if (load === 0) waiting.worker.unref();
    return waiting;
  }
}
