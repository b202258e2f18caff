// A connection to Redis: refused at once where waiting would not help, waited for where it would.
import { isIP } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { readRegular } from "../support/files/read-regular.js";
import type { Redis, RedisOptions } from "ioredis";
import { CamlabError, messageOf } from "../support/errors.js";
import { addressOf, type QueuePlace } from "./queue-place.js";

/** How a connection is used. */
export interface ConnectOptions {
  /** Whether what is asked waits until Redis answers, however long that takes. */
  readonly waits: boolean;
  /** Told when Redis does not answer, and when it does again. */
  readonly onNote?: (note: string) => void;
}

/** A connection that is there, or may yet be. */
export interface Connection {
  readonly client: Redis;
  /** Why Redis does not answer; undefined when it does. */
  readonly reason: () => string | undefined;
}

/** A first answer is waited for so long; whoever uses the connection waits on. */
const FIRST = 3000;

/**
 * Connects to Redis. One that is not there may come; one that shows another certificate than is trusted, wants another
 * password or has no such database does not become another by waiting.
 *
 * @throws CamlabError for an address that is none, files that cannot be read, and a Redis that refuses or cannot be trusted
 */
export async function connect(place: QueuePlace, { waits, onNote }: ConnectOptions): Promise<Connection> {
  const { Redis } = await import("ioredis").catch((error: unknown) => {
    throw new CamlabError(`a queue needs ioredis: npm install bullmq ioredis (${messageOf(error)})`, { cause: error });
  });
  const { host, port, username, db, isTls, password } = addressOf(place);
  const client = endingWhenTold(
    new Redis({
      ...{ host, port, username, password, db, tls: isTls ? await tlsOf(place, host) : undefined },
      maxRetriesPerRequest: waits ? null : 1,
      enableOfflineQueue: waits,
      lazyConnect: true,
      retryStrategy: (times) => Math.min(100 * times, 2000),
    }),
  );
  let [isBegun, reason]: [boolean, string | undefined] = [false, undefined];
  const begun = new Promise<void>((resolve, reject) => {
    client.on("error", (error: NodeJS.ErrnoException) => {
      const refusal = refusalOf(error, place);
      if (refusal !== undefined && !isBegun) return reject(new CamlabError(refusal, { cause: error }));
      const isNew = reason === undefined;
      reason = refusal ?? messageOf(error) + hintOf(error, isTls);
      if (isNew) onNote?.(`Redis does not answer (${reason}): waiting for it`);
      resolve();
    });
    client.on("ready", () => {
      if (reason !== undefined) onNote?.("Redis answers again");
      reason = undefined;
      // What refuses a database says so just before it is ready.
      setImmediate(resolve);
    });
    client.connect().catch(reject);
  });
  begun.catch(() => {});
  try {
    await Promise.race([begun, sleep(FIRST, undefined, { ref: false })]);
  } catch (error) {
    // What keeps a connection from being tried is thrown, as an error of the client is told.
    const refusal = error instanceof CamlabError ? error.message : refusalOf(error as NodeJS.ErrnoException, place);
    if (refusal !== undefined) {
      client.disconnect();
      throw new CamlabError(refusal, { cause: error });
    }
  }
  isBegun = true;
  return { client, reason: () => reason };
}

/**
 * A client, and its copies, that end when they are told to between two tries to connect. ioredis calls the next try off,
 * and leaves them so, with all that waits for them.
 */
function endingWhenTold(client: Redis): Redis {
  const [disconnect, duplicate] = [client.disconnect.bind(client), client.duplicate.bind(client)];
  const disconnectWhole = (isToReturn?: boolean) => {
    disconnect(isToReturn);
    if (isToReturn === true || client.status !== "reconnecting") return;
    // The state before the first try is one that ioredis ends from.
    client.status = "wait";
    disconnect();
  };
  return Object.assign(client, {
    disconnect: disconnectWhole,
    duplicate: (options?: RedisOptions) => endingWhenTold(duplicate(options)),
  });
}

async function tlsOf({ tls = {} }: QueuePlace, host: string) {
  const pem = async (name: "ca" | "cert" | "key") => {
    const path = tls[name];
    if (path === undefined) return undefined;
    return readRegular(path).catch((error: unknown) => {
      throw new CamlabError(`cannot read tls.${name}: ${messageOf(error)}`, { cause: error });
    });
  };
  const [ca, cert, key] = [await pem("ca"), await pem("cert"), await pem("key")];
  return { ca, cert, key, ...(isIP(host) === 0 && { servername: host }) };
}

/** What waiting does not change; undefined where it may. */
function refusalOf(error: NodeJS.ErrnoException, place: QueuePlace): string | undefined {
  const { host, port } = addressOf(place);
  const [server, { code = "" }, said] = [`${host}:${port}`, error, messageOf(error)];
  if (/^(?:WRONGPASS|NOAUTH|ERR invalid password)/.test(said)) {
    return `Redis at ${server} refuses the password, or there being none: ${said}`;
  }
  if (/^(?:NOPERM|ERR DB index)/.test(said)) return `Redis at ${server} refuses: ${said}`;
  if (/^ERR_(?:OSSL|TLS|SSL)|CERT|SIGNATURE|CRL/.test(code)) {
    const { ca } = place.tls ?? {};
    const whom = ca === undefined ? "the system's authorities (no tls.ca was given)" : `the authority in ${ca}`;
    const short = /SSL routines:[^:]*:([^:]+)/.exec(said)?.[1] ?? said.trim();
    return `no TLS with Redis at ${server}, trusting ${whom}: ${short} (${code})`;
  }
  return undefined;
}

function hintOf({ code }: NodeJS.ErrnoException, isTls: boolean): string {
  if (code !== "ECONNRESET") return "";
  return isTls ? "; it may want a certificate, tls.cert and tls.key" : "; it may want TLS, rediss://";
}
