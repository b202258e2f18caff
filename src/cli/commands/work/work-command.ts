import { workQueue, type WorkOptions } from "../../../kernel-helpers/queue/work-queue.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { say, tell } from "../../terminal.js";
import { queuePlace, type QueueFlags } from "./queue-flags.js";

/** Flags of `camlab work`, as parsed. */
export interface WorkFlags extends QueueFlags {
  readonly root: readonly string[];
  readonly device?: WorkOptions["device"];
  readonly threads?: number;
  readonly batch?: number;
  readonly cache: boolean;
  readonly patience: number;
}

/**
 * `camlab work`: a worker of a queue.
 *
 * @returns never: the signal ends it
 */
export async function workCommand(flags: WorkFlags, signal: AbortSignal): Promise<number> {
  const { root: roots, device, threads, batch: batchSize, cache, patience } = flags;
  const place = await queuePlace(flags);
  say(`working, for what lies under ${roots.map(printable).join(", ")}; Ctrl-C ends it\n`);
  await workQueue({
    ...place,
    ...{ roots, device, threads, batchSize, cache, patience, signal },
    onShard: ({ folder, index, pictures, error }) => {
      const name = `${printable(folder)} ${index}`;
      if (error !== undefined) tell(`${name} failed: ${printable(error)}\n`);
      else say(`${name}: ${pictures} pictures\n`);
    },
    onNote: (note) => tell(`${printable(note)}\n`),
  });
  return 0;
}
