// The one door to BullMQ and Redis: both are the user's to install.
import { readFile } from "node:fs/promises";
import { check, optionNames } from "../support/check.js";
import { CamlabError, invalid, messageOf } from "../support/errors.js";

/** Where the queue is. */
export interface QueuePlace {
  /** `redis://[user[:password]@]host[:port][/database]`, or `rediss://…` for TLS. */
  readonly queue: string;
  /** What all its keys begin with; `camlab` unless given. */
  readonly prefix?: string;
  /** The password, where it is not to stand in the address; the environment's `CAMLAB_REDIS_PASSWORD` unless given. */
  readonly password?: string;
  /** Files in PEM: whom to trust, and what this side shows, where the server asks for it. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

/** The names of what says where a queue is. */
export const PLACE_OPTIONS = optionNames<QueuePlace>({ queue: true, prefix: true, password: true, tls: true });

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

/** @throws CamlabError when BullMQ is not installed, or the address is none */
export async function openQueue(place: QueuePlace): Promise<{ readonly queue: TaskQueue; readonly end: () => void }> {
  const prefix = prefixOf(place);
  const { Queue } = await bullmq();
  const connection = await connectionOf(place, false);
  const queue = new Queue<ShardTask>(NAME, { connection, prefix, skipVersionCheck: true });
  // What fails is said by the call that fails.
  queue.on("error", () => {});
  return { queue, end: () => connection.disconnect() };
}

/**
 * @param work says whether the shard is done; one that is not is given back, without a try less
 * @throws CamlabError when BullMQ is not installed, or the address is none
 */
export async function openWorker(
  place: QueuePlace,
  work: (task: ShardTask) => Promise<boolean>,
  options: { readonly lockDuration?: number; readonly stalledInterval?: number },
): Promise<{ readonly worker: TaskWorker; readonly end: () => void }> {
  const prefix = prefixOf(place);
  const { Worker, WaitingError } = await bullmq();
  const connection = await connectionOf(place, true);
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

function prefixOf({ prefix = "camlab" }: QueuePlace): string {
  if (typeof prefix === "string" && /^[\w.:{}-]+$/.test(prefix)) return prefix;
  throw invalid("prefix", prefix, "letters, digits and - . : _ { }");
}

async function connectionOf(place: QueuePlace, waits: boolean): Promise<import("ioredis").Redis> {
  const { Redis } = await import("ioredis").catch((error: unknown) => {
    throw new CamlabError(`a queue needs ioredis: npm install bullmq ioredis (${messageOf(error)})`, { cause: error });
  });
  const { host, port, username, db, isTls, password } = addressOf(place);
  const pem = async (path: string | undefined) => (path === undefined ? undefined : await readFile(path));
  const tls = isTls
    ? {
        ca: await pem(place.tls?.ca),
        cert: await pem(place.tls?.cert),
        key: await pem(place.tls?.key),
        servername: host,
      }
    : undefined;
  const client = new Redis({
    ...{ host, port, username, password, db, tls },
    maxRetriesPerRequest: waits ? null : 1,
    enableOfflineQueue: waits,
    lazyConnect: false,
    retryStrategy: (times) => Math.min(100 * times, 2000),
  });
  client.on("error", () => {});
  return client;
}

/**
 * What an address of Redis says.
 *
 * @throws CamlabError when it is none
 */
export function addressOf({ queue, password, tls }: QueuePlace) {
  const url = typeof queue === "string" && URL.canParse(queue) ? new URL(queue) : undefined;
  if (!url || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "") {
    throw invalid("queue", withoutSecret(queue), "redis://host:port, or rediss://host:port for TLS");
  }
  const db = url.pathname.length > 1 ? Number(url.pathname.slice(1)) : 0;
  check.number("database of the queue", db, { from: 0 });
  const isTls = url.protocol === "rediss:";
  if (tls !== undefined && !isTls) throw new CamlabError("tls belongs to an address that begins with rediss://");
  const given = password ?? (url.password === "" ? undefined : decodeURIComponent(url.password));
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? 6379 : Number(url.port),
    username: url.username === "" ? undefined : decodeURIComponent(url.username),
    password: given ?? process.env.CAMLAB_REDIS_PASSWORD,
    db,
    isTls,
  };
}

/** Whatever may be a password, in an address that may be none. */
function withoutSecret(queue: unknown): unknown {
  return typeof queue === "string" ? queue.replace(/:(?!\/\/).*@/s, ":…@") : queue;
}
