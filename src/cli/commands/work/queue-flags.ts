import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import type { QueuePlace } from "../../../kernel-helpers/queue/queue-place.js";

/** Flags that say where the queue is. */
export interface QueueFlags {
  readonly queue: string;
  readonly prefix?: string;
  readonly passwordFile?: string;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** Adds the flags that say where the queue is. */
export function addQueueOptions(command: Command): Command {
  return command
    .requiredOption("--queue <redis://…>", "redis://[user@]host[:port][/database]; rediss:// for TLS")
    .option("--prefix <text>", "what all keys of the queue begin with; camlab unless given")
    .option("--password-file <file>", "the password of Redis; else $CAMLAB_REDIS_PASSWORD, or the address's")
    .option("--tls-ca <file>", "with rediss://: certificates of whom to trust")
    .option("--tls-cert <file>", "with rediss://: the certificate to show")
    .option("--tls-key <file>", "with rediss://: its key");
}

/** The place that the flags mean. */
export async function queuePlace(flags: QueueFlags): Promise<QueuePlace> {
  const { queue, prefix, passwordFile, tlsCa: ca, tlsCert: cert, tlsKey: key } = flags;
  const password = passwordFile === undefined ? undefined : (await readFile(passwordFile, "utf8")).trim();
  const hasTls = [ca, cert, key].some((file) => file !== undefined);
  return { queue, prefix, password, ...(hasTls && { tls: { ca, cert, key } }) };
}
