import { extractFeatures } from "../features/extract-features.js";
import { openNetwork, type OpenNetworkOptions } from "../networks/open-network.js";
import type { Network } from "../networks/network.js";
import { check, optionNames } from "../support/check.js";
import { invalid, messageOf } from "../support/errors.js";
import { doShard, type Extract } from "./do-shard.js";
import type { JobDescription } from "./job-folder.js";
import { PLACE_OPTIONS, type QueuePlace } from "./queue-place.js";
import { openWorker } from "./redis.js";
import { Roots } from "./roots.js";

/** How a worker works. */
export interface WorkOptions extends QueuePlace {
  /** Folders, and beginnings of addresses: work that lies elsewhere is refused. */
  readonly roots: readonly string[];
  readonly device?: OpenNetworkOptions["device"];
  readonly threads?: number;
  /** Images in one run of the network, and where features are kept: as for `extractFeatures`. */
  readonly batchSize?: number;
  readonly cache?: boolean | string;
  /** Seconds after which a worker that does not answer counts as gone, and others take its shard; 30 unless given. */
  readonly patience?: number;
  /** Ends the worker; a shard that is under way is given back. */
  readonly signal?: AbortSignal;
  /** Told of each shard: how many pictures were done, or why it failed. */
  readonly onShard?: (event: ShardEvent) => void;
  /** Told when Redis does not answer, and when it does again. */
  readonly onNote?: (note: string) => void;
}

/** What became of a shard in a worker. */
export interface ShardEvent {
  readonly folder: string;
  readonly index: number;
  /** 0 when its part was there. */
  readonly pictures: number;
  /** Why it failed: it is tried again, here or elsewhere. */
  readonly error?: string;
}

/** Milliseconds that a Redis which does not answer has, to take back the shard of a worker that is stopped. */
const GRACE = 5000;

const OPTIONS = optionNames<WorkOptions, keyof QueuePlace>(
  {
    roots: true,
    device: true,
    threads: true,
    batchSize: true,
    cache: true,
    patience: true,
    signal: true,
    onShard: true,
    onNote: true,
  },
  PLACE_OPTIONS,
);

/**
 * Works on what was submitted to a queue, a shard at a time, until it is stopped. Any number of workers on any number of
 * machines work on one queue, as long as all see the same folders under the same paths. Redis may go and come back.
 *
 * @throws CamlabError when BullMQ is not installed, a root is no folder, or an option is not known; the signal's reason
 * @example
 * await tables.workQueue({ queue: "redis://head:6379", roots: ["/data"] });
 */
export async function workQueue(options: WorkOptions): Promise<void> {
  check.known(options, OPTIONS, "workQueue");
  const { device, threads, batchSize, cache, signal } = options;
  let open: { readonly key: string; readonly network: Network } | undefined;
  const networkOf = async ({ network, opening }: JobDescription) => {
    const key = JSON.stringify([network, opening]);
    if (open?.key !== key) {
      open?.network.dispose();
      open = undefined;
      open = { key, network: await openNetwork(network, { ...opening, device, threads }) };
    }
    return open.network;
  };
  try {
    await workWith(options, async (job, pictures) =>
      extractFeatures(await networkOf(job), pictures, { ...job.extracting, batchSize, cache, signal }),
    );
  } finally {
    open?.network.dispose();
  }
}

/**
 * As `workQueue`, with other hands than a network: for measuring the queue itself.
 *
 * @throws CamlabError as `workQueue`
 * @example
 * await workWith({ queue: "redis://127.0.0.1:6379", roots: ["/data"] }, async (job, pictures) => recorded(pictures));
 */
export async function workWith(options: WorkOptions, extract: Extract): Promise<void> {
  const { roots: given, patience = 30, signal, onShard, onNote } = options;
  if (!Array.isArray(given) || given.length === 0) throw invalid("roots", given, "folders that work may lie in");
  check.number("patience", patience, { above: 0 });
  const roots = await Roots.open(given as readonly string[]);
  signal?.throwIfAborted();
  let [isAtWork, grace]: [boolean, NodeJS.Timeout | undefined] = [false, undefined];
  const { worker, end } = await openWorker(
    options,
    async (task) => {
      isAtWork = true;
      try {
        const pictures = await doShard(task, roots, extract);
        onShard?.({ folder: task.folder, index: task.index, pictures });
        return true;
      } catch (error) {
        if (signal?.aborted) return false;
        onShard?.({ folder: task.folder, index: task.index, pictures: 0, error: messageOf(error) });
        throw error;
      } finally {
        isAtWork = false;
        if (signal?.aborted) grace ??= setTimeout(end, GRACE);
      }
    },
    { lockDuration: patience * 1000, stalledInterval: patience * 500, onNote },
  );
  // What goes wrong with the connection is mended by it; a worker without a listener would end.
  worker.on("error", () => {});
  const stop = () => {
    void worker.close();
    if (!isAtWork) grace ??= setTimeout(end, GRACE);
  };
  signal?.addEventListener("abort", stop, { once: true });
  try {
    if (!signal?.aborted) await worker.run();
  } finally {
    signal?.removeEventListener("abort", stop);
    await worker.close().catch(() => {});
    clearTimeout(grace);
    end();
  }
  signal?.throwIfAborted();
}
