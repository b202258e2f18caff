import type { InputSize } from "../engine-vectors.js";

/** Runs the network on batches of inputs. */
export interface BatchRunner {
  /** Whether the calling thread stays free while the network runs. */
  readonly isElsewhere: boolean;
  /** How many batches may be under way at once. */
  readonly atOnce: number;
  /**
   * @param batch `count × 3 × height × width`; not to be touched until it comes back
   * @param size where it is not the network's own
   */
  run(batch: Float32Array, count: number, size?: InputSize): Promise<BatchResult>;
  /** Ends it when all is done: threads may wait for more of the same. */
  finish(): Promise<void>;
  /** Ends it, whatever is under way. */
  close(): Promise<void>;
}

/** What became of a batch. */
export interface BatchResult {
  /** `count × channels` */
  readonly vectors: Float32Array;
  /** The batch's memory, to be filled again. */
  readonly batch: Float32Array;
}
