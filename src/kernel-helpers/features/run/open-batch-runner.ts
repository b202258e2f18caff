import { availableParallelism } from "node:os";
import type { Network } from "../../networks/network.js";
import type { InputSize } from "../engine-vectors.js";
import type { FeatureSource } from "../feature-source.js";
import type { BatchResult, BatchRunner } from "./batch-runner.js";
import { NetworkThreads } from "./network-threads.js";
import { rest, takeResting } from "./resting-threads.js";

/** From this many inputs on, opening the network once more in every thread pays: that takes a tenth of a second or two. */
const WORTH_THREADS = 192;
/** As each thread holds the network's weights and maps, no more than so many, of several cores each where there are more. */
const MOST_THREADS = 4;
/** Nor are weights held several times once they take so much, in bytes. */
const MOST_WEIGHTS = 2 ** 29;

/**
 * Opens what runs the network. On a processor, many inputs are run by threads that have the network each to themselves:
 * cores that share one run wait for each other at every layer, and for whichever of them decodes an image just then.
 * Elsewhere the network runs as it was opened.
 *
 * @param count how many inputs are to come
 * @example
 * const runner = await openBatchRunner(network, source, files.length);
 */
export async function openBatchRunner(network: Network, source: FeatureSource, count: number): Promise<BatchRunner> {
  const cores = Math.min(network.threads ?? Infinity, availableParallelism());
  const onProcessor = network.engine === "onnxruntime" && network.device === "cpu";
  const pays = onProcessor && cores > 1 && count >= WORTH_THREADS;
  return (pays ? await openThreads(network, source, cores) : undefined) ?? new CallingThread(source);
}

/**
 * Nothing where that cannot be: the network did not come from a file, or its file is another by now; its weights are
 * too large to be held several times; threads are forbidden or lack memory. The network that is open can still be run.
 */
async function openThreads(network: Network, source: FeatureSource, cores: number): Promise<BatchRunner | undefined> {
  if (!source.model) return undefined;
  const coresEach = Math.ceil(cores / MOST_THREADS);
  const count = Math.floor(cores / coresEach);
  const kind = JSON.stringify([network.view, source.layer, source.pooling, count, coresEach]);
  const waiting = takeResting(network, kind);
  if (waiting) return new Elsewhere(network, kind, waiting);
  try {
    const found = await source.model();
    if (count * found.bytes.length > MOST_WEIGHTS) return undefined;
    return new Elsewhere(network, kind, await NetworkThreads.open(found, count, coresEach));
  } catch {
    return undefined;
  }
}

class Elsewhere implements BatchRunner {
  readonly isElsewhere = true;
  readonly atOnce: number;

  constructor(
    private readonly network: Network,
    private readonly kind: string,
    private readonly threads: NetworkThreads,
  ) {
    this.atOnce = threads.atOnce;
  }

  run(batch: Float32Array, count: number, size?: InputSize): Promise<BatchResult> {
    return this.threads.run(batch, count, size);
  }

  finish(): Promise<void> {
    return rest(this.network, this.kind, this.threads);
  }

  close(): Promise<void> {
    return this.threads.close();
  }
}

class CallingThread implements BatchRunner {
  readonly isElsewhere = false;
  readonly atOnce = 1;

  constructor(private readonly source: FeatureSource) {}

  async run(batch: Float32Array, count: number, size?: InputSize): Promise<BatchResult> {
    return { vectors: await this.source.run(batch, count, size), batch };
  }

  async finish(): Promise<void> {}

  async close(): Promise<void> {}
}
