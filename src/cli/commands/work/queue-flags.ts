import type { Command } from "commander";
import type { QueuePlace } from "../../../kernel-helpers/queue/queue-place.js";
import { CamlabError, messageOf } from "../../../kernel-helpers/support/errors.js";
import { readRegular } from "../../../kernel-helpers/support/files/read-regular.js";

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

async function passwordIn(file: string): Promise<string> {
  try {
    return (await readRegular(file)).toString("utf8").trim();
  } catch (error) {
    throw new CamlabError(`cannot read the password in ${file}: ${messageOf(error)}`);
  }
}

/** The place that the flags mean. */
export async function queuePlace(flags: QueueFlags): Promise<QueuePlace> {
  const { queue, prefix, passwordFile, tlsCa: ca, tlsCert: cert, tlsKey: key } = flags;
  const password = passwordFile === undefined ? undefined : await passwordIn(passwordFile);
  const hasTls = [ca, cert, key].some((file) => file !== undefined);
  return { queue, prefix, password, ...(hasTls && { tls: { ca, cert, key } }) };
}
