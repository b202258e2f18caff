import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import { CamlabError } from "../../../support/errors.js";
import { startWorker } from "../../../support/workers.js";
import type { PlainJpeg } from "../plain-jpeg.js";
import type { StoredPlan } from "../wasm/decode-plain.js";

/** A file to decode, in memory of its own. */
export interface ThreadRequest {
  readonly bytes: Uint8Array;
  readonly jpeg: PlainJpeg;
  readonly plan: StoredPlan;
}

/** What comes back: first that the thread is ready, then of each file, in order, its pixels, or that something is odd. */
export type ThreadReply = "ready" | { readonly pixels: Uint8Array | undefined };

interface Waiting {
  readonly resolve: (pixels: Uint8Array | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Threads that decode plain JPEG files while the calling thread does something else, runs a network for instance. */
export class DecodeThreads {
  readonly #threads: readonly DecodeThread[];

  /** @param count about a third of the cores unless given: a network takes twice as long over a photograph as decoding */
  constructor(count = Math.min(6, Math.ceil(availableParallelism() / 3))) {
    this.#threads = Array.from({ length: count }, () => new DecodeThread());
  }

  /**
   * As `decodePlain`, in the thread that has least to do.
   *
   * @returns nothing as long as no thread can: none has started yet, or they have failed
   */
  decode(bytes: Uint8Array, jpeg: PlainJpeg, plan: StoredPlan): Promise<Uint8Array | undefined> | undefined {
    const ready = this.#threads.filter(({ isReady }) => isReady);
    if (ready.length === 0) return undefined;
    // The file's own memory stays, and what else may lie there is not copied.
    const request = { bytes: new Uint8Array(bytes), jpeg: { ...jpeg, icc: undefined }, plan };
    return ready.reduce((a, b) => (a.load <= b.load ? a : b)).decode(request);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

/** It does not keep the process alive unless somebody waits for it. */
class DecodeThread {
  isReady = false;
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];

  constructor() {
    this.#worker = startWorker(new URL("./decode-thread", import.meta.url), undefined);
    this.#worker.unref();
    this.#worker.on("message", (reply: ThreadReply) => this.#receive(reply));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new CamlabError("a thread that decodes images ended before its time")));
  }

  /** Files that it has. */
  get load(): number {
    return this.#waiting.length;
  }

  decode(request: ThreadRequest): Promise<Uint8Array | undefined> {
    this.#worker.ref();
    this.#worker.postMessage(request, [request.bytes.buffer as ArrayBuffer]);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(reply: ThreadReply): void {
    if (reply === "ready") {
      this.isReady = true;
      return;
    }
    this.#waiting.shift()?.resolve(reply.pixels);
    if (this.load === 0) this.#worker.unref();
  }

  #fail(error: Error): void {
    this.isReady = false;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
