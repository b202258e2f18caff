// The one door to BullMQ and Redis: both are the user's to install.
import { CamlabError, messageOf } from "../support/errors.js";
import { connect } from "./connection.js";
import { prefixOf, type QueuePlace } from "./queue-place.js";

/** What a job of the queue holds: nothing but which shard it is. */
export interface ShardTask {
  /** The job's folder, which every machine sees. */
  readonly folder: string;
  /** Which shard, from 1. */
  readonly index: number;
  /** The SHA-256 of the job's description. */
  readonly sum: string;
}

/** A job of the queue. */
export interface QueuedTask {
  readonly data: ShardTask;
  readonly failedReason: string;
  remove(): Promise<unknown>;
}

/** What is asked of a queue. BullMQ's own types would be asked for by everybody's compiler, and it need not be installed. */
export interface TaskQueue {
  waitUntilReady(): Promise<unknown>;
  getFailed(): Promise<readonly QueuedTask[]>;
  getJobCounts(...states: ("waiting" | "active" | "delayed" | "prioritized")[]): Promise<Record<string, number>>;
  addBulk(tasks: { name: string; data: ShardTask; opts?: object }[]): Promise<unknown>;
  close(): Promise<void>;
}

/** What is asked of a worker. */
export interface TaskWorker {
  on(event: "error", listener: () => void): unknown;
  run(): Promise<void>;
  close(): Promise<void>;
}

/** The name of the queue, below the prefix. */
const NAME = "features";

/** A queue that is open. */
export interface OpenQueue {
  readonly queue: TaskQueue;
  /** Why Redis does not answer, where the connection knows. */
  readonly reason: () => string | undefined;
  readonly end: () => void;
}

/** @throws CamlabError when BullMQ is not installed, the address is none, or Redis refuses */
export async function openQueue(place: QueuePlace): Promise<OpenQueue> {
  const prefix = prefixOf(place);
  const { Queue } = await bullmq();
  const { client: connection, reason } = await connect(place, { waits: false });
  const queue = new Queue<ShardTask>(NAME, { connection, prefix, skipVersionCheck: true });
  // What fails is said by the call that fails.
  queue.on("error", () => {});
  return { queue, reason, end: () => connection.disconnect() };
}

/**
 * @param work says whether the shard is done; one that is not is given back, without a try less
 * @throws CamlabError when BullMQ is not installed, the address is none, or Redis refuses
 */
export async function openWorker(
  place: QueuePlace,
  work: (task: ShardTask) => Promise<boolean>,
  {
    onNote,
    ...options
  }: {
    readonly lockDuration?: number;
    readonly stalledInterval?: number;
    readonly onNote?: (note: string) => void;
  },
): Promise<{ readonly worker: TaskWorker; readonly end: () => void }> {
  const prefix = prefixOf(place);
  const { Worker, WaitingError } = await bullmq();
  const { client: connection } = await connect(place, { waits: true, onNote });
  const settings = {
    ...options,
    connection,
    prefix,
    concurrency: 1,
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    drainDelay: 1,
    autorun: false,
    skipVersionCheck: true,
  };
  const worker = new Worker<ShardTask>(
    NAME,
    async (job, token) => {
      if (await work(job.data)) return;
      await job.moveToWait(token);
      throw new WaitingError();
    },
    settings,
  );
  return { worker, end: () => connection.disconnect() };
}

async function bullmq(): Promise<typeof import("bullmq")> {
  try {
    return await import("bullmq");
  } catch (error) {
    throw new CamlabError(`a queue needs BullMQ: npm install bullmq ioredis (${messageOf(error)})`, { cause: error });
  }
}
