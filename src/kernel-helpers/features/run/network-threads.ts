import type { Worker } from "node:worker_threads";
import { CamlabError } from "../../support/errors.js";
import { startWorker } from "../../support/workers.js";
import type { InputSize } from "../engine-vectors.js";
import type { SourceModel } from "../feature-source.js";
import type { BatchResult } from "./batch-runner.js";
import { forbidWork, startingState } from "./thread-state.js";

/** What a thread is started with. */
export interface NetworkThreadSetting {
  readonly model: SourceModel;
  /** CPU threads of one run. */
  readonly cores: number;
  /** Whether the thread works: see `startingState`. */
  readonly state: Int32Array;
}

/** A batch for a thread, or that it is to end. */
export type NetworkRequest =
  { readonly batch: Float32Array; readonly count: number; readonly size?: InputSize } | "end";

/** What comes back: first that the thread is ready, then of each batch, in order, its vectors or what went wrong. */
export type NetworkReply = { readonly ready: true } | BatchResult | { readonly error: string };

/** Batches for each thread: the one that it runs and one that waits, so that it never does. */
const BATCHES_EACH = 2;

/** Threads that have the network each to themselves. */
export class NetworkThreads {
  readonly atOnce: number;

  private constructor(private readonly threads: readonly NetworkThread[]) {
    this.atOnce = BATCHES_EACH * threads.length;
  }

  /** @throws an Error when a thread cannot be started or cannot open the network, as for want of memory */
  static async open(model: SourceModel, count: number, cores: number): Promise<NetworkThreads> {
    const threads: NetworkThread[] = [];
    try {
      while (threads.length < count) threads.push(new NetworkThread(model, cores));
      await Promise.all(threads.map(({ ready }) => ready));
      return new NetworkThreads(threads);
    } catch (error) {
      await Promise.all(threads.map((thread) => thread.close()));
      throw error;
    }
  }

  run(batch: Float32Array, count: number, size?: InputSize): Promise<BatchResult> {
    return this.threads.reduce((a, b) => (a.load <= b.load ? a : b)).run(batch, count, size);
  }

  /** Whether they could run a batch at once. */
  get isIdle(): boolean {
    return this.threads.every(({ isIdle }) => isIdle);
  }

  /** They keep the process alive from now on, as they do when they were opened. */
  hold(): void {
    for (const { worker } of this.threads) worker.ref();
  }

  /** They do not. */
  letGo(): void {
    for (const { worker } of this.threads) worker.unref();
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()));
  }
}

interface Waiting {
  readonly resolve: (reply: NetworkReply) => void;
  readonly reject: (error: unknown) => void;
}

class NetworkThread {
  readonly ready: Promise<unknown>;
  readonly worker: Worker;
  readonly #ended: Promise<void>;
  readonly #waiting: Waiting[] = [];
  readonly #state = startingState();
  #failure: Error | undefined;

  constructor(model: SourceModel, cores: number) {
    const setting: NetworkThreadSetting = { model, cores, state: this.#state };
    this.worker = startWorker(new URL("./network-worker", import.meta.url), setting);
    this.#ended = new Promise((resolve) => this.worker.once("exit", () => resolve()));
    this.worker.on("message", (reply: NetworkReply) => this.#waiting.shift()?.resolve(reply));
    this.worker.on("error", (error) => this.#fail(error));
    this.worker.on("exit", () => this.#fail(new CamlabError("a thread that runs the network ended before its time")));
    this.ready = this.#reply();
    // Whoever opens it may have given up by then.
    this.ready.catch(() => {});
    if (alive.size === 0) process.on("exit", forbidAll);
    alive.add(this);
  }

  get isIdle(): boolean {
    return this.load === 0 && !this.#failure;
  }

  /** Batches that it has. */
  get load(): number {
    return this.#waiting.length;
  }

  async run(batch: Float32Array, count: number, size?: InputSize): Promise<BatchResult> {
    if (this.#failure) throw this.#failure;
    this.worker.postMessage({ batch, count, size } satisfies NetworkRequest, [batch.buffer as ArrayBuffer]);
    return (await this.#reply()) as BatchResult;
  }

  /** Lets the run that is under way come to its end: native code cannot be stopped in the middle. */
  async close(): Promise<void> {
    this.worker.postMessage("end" satisfies NetworkRequest);
    await this.#ended;
    alive.delete(this);
    if (alive.size === 0) process.off("exit", forbidAll);
  }

  /** For the end of the process. */
  forbid(): void {
    if (!this.#failure) forbidWork(this.#state);
  }

  async #reply(): Promise<NetworkReply> {
    const reply = await new Promise<NetworkReply>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    if ("error" in reply) throw new CamlabError(reply.error);
    return reply;
  }

  #fail(error: Error): void {
    this.#failure = error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

/** Those that the end of the process has to wait for. */
const alive = new Set<NetworkThread>();

function forbidAll(): void {
  for (const thread of alive) thread.forbid();
}
