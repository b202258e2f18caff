import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import { CamlabError, messageOf } from "../../support/errors.js";
import { startWorker } from "../../support/workers.js";
import { prepareViews, type PrepareSetting, type PreparedViews, type ViewTask } from "./prepare-views.js";

/** Prepares images while the network runs. */
export interface Decoder {
  /**
   * Whether decoding and the network should take turns: to be asked for the next images only when all those before are
   * ready, and not while the network runs.
   */
  readonly takesTurns: boolean;
  /** Rejects only when a thread fails; an image that cannot be read is an answer. */
  prepare(task: ViewTask): Promise<PreparedViews | Unreadable>;
  /** Gives back the memory of inputs that were used, for the next image. */
  recycle(inputs: Float32Array): void;
  close(): Promise<void>;
}

/** Why an image could not be read. */
export interface Unreadable {
  readonly error: string;
}

/** From this many images on, starting threads pays. */
const WORTH_THREADS = 24;
/** Up to this many cores, decoding or the network alone keeps all of them busy; at once they only get in each other's way. */
const FEW_CORES = 4;

/**
 * Opens a decoder. On few cores decoding and the network take turns. Else, as ONNX Runtime occupies the calling thread
 * while it runs, many images are prepared by threads of their own; a few, and the first while those threads start, are
 * prepared right here.
 *
 * @param count how many images are to come
 * @param ahead how many of them are asked for before the first is used
 * @example
 * const decoder = openDecoder({ preprocessing: network.preprocessing }, files.length, 16);
 */
export function openDecoder(setting: PrepareSetting, count: number, ahead: number): Decoder {
  if (availableParallelism() <= FEW_CORES) return new LocalDecoder(setting, true);
  return count < WORTH_THREADS ? new LocalDecoder(setting, false) : new ThreadDecoder(setting, ahead);
}

class LocalDecoder implements Decoder {
  readonly #free: ArrayBuffer[] = [];

  constructor(
    private readonly setting: PrepareSetting,
    readonly takesTurns: boolean,
  ) {}

  prepare(task: ViewTask): Promise<PreparedViews | Unreadable> {
    return prepareViews(task, this.setting, this.#free.pop()).catch((error: unknown) => ({ error: messageOf(error) }));
  }

  recycle(inputs: Float32Array): void {
    this.#free.push(inputs.buffer as ArrayBuffer);
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
export type DecodeReply = "ready" | ({ readonly id: number } & (PreparedViews | Unreadable));

interface Waiting {
  readonly worker: Worker;
  readonly resolve: (result: PreparedViews | Unreadable) => void;
  readonly reject: (error: unknown) => void;
}

class ThreadDecoder implements Decoder {
  readonly takesTurns = false;
  readonly #workers: readonly Worker[];
  readonly #waiting = new Map<number, Waiting>();
  readonly #load = new Map<Worker, number>();
  readonly #free: ArrayBuffer[] = [];
  readonly #local: LocalDecoder;
  readonly #ready: Worker[] = [];
  #next = 0;
  #failure: Error | undefined;

  constructor(setting: PrepareSetting, ahead: number) {
    this.#local = new LocalDecoder(setting, false);
    // sharp decodes on threads of its own; these do what it leaves to JavaScript, about a seventh of the work.
    const count = Math.min(4, Math.max(1, Math.floor(availableParallelism() / 4)));
    const module = new URL("./decode-worker", import.meta.url);
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

  prepare(task: ViewTask): Promise<PreparedViews | Unreadable> {
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

  recycle(inputs: Float32Array): void {
    this.#free.push(inputs.buffer as ArrayBuffer);
  }

  async close(): Promise<void> {
    for (const worker of this.#workers) worker.removeAllListeners();
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #receive(worker: Worker, reply: DecodeReply): void {
    if (reply === "ready") this.#ready.push(worker);
    else this.#settle(reply.id)?.resolve(reply);
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
