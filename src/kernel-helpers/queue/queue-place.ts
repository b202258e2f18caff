import { check, optionNames } from "../support/check.js";
import { CamlabError, invalid } from "../support/errors.js";

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

/** @throws CamlabError for a prefix that could be read as something else by Redis */
export function prefixOf({ prefix = "camlab" }: QueuePlace): string {
  if (typeof prefix === "string" && /^[\w.:{}-]+$/.test(prefix)) return prefix;
  throw invalid("prefix", prefix, "letters, digits and - . : _ { }");
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
  check.wholeNumber("database of the queue", db);
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
