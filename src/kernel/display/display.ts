// What the code of a cell can do with its outputs: the small library of notebooks.
import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { kernelHook } from "./kernel-hook.js";
import { mimeBundle } from "./mime-bundle.js";

/** Something that is shown, and can be replaced where it stands. */
export interface Shown {
  readonly id: string;
  /** Shows another value in its place. */
  update(value: unknown): Promise<void>;
}

/**
 * Shows a value in the middle of a cell, as the cell's last value would be shown. Outside a notebook it is printed.
 *
 * @param value anything; what knows its Jupyter form shows it, a table is one, all else is text
 * @param options.id shows the value in place of what was displayed under this id, else gives it this id
 * @returns what was shown, to replace it later
 * @throws what the value's own display method throws
 * @example
 * const shown = await notebook.display("working …");
 * await shown.update(chart);
 */
export async function display(value: unknown, options: { readonly id?: string } = {}): Promise<Shown> {
  const id = options.id ?? randomUUID();
  const shown = { id, update: async (next: unknown) => void (await display(next, { id })) };
  const kernel = kernelHook();
  if (!kernel) process.stdout.write(`${typeof value === "string" ? value : inspect(value)}\n`);
  else {
    const bundle = await mimeBundle(value);
    // What has shown itself stands under no id of ours: there is nothing yet to replace.
    if (Object.keys(bundle).length === 0) return shown;
    kernel.display(bundle, { id, update: options.id !== undefined && known.has(id) });
  }
  known.add(id);
  return shown;
}

/** The ids that are on display. Under a global symbol: a notebook may hold two copies of this module. */
const DISPLAYED = Symbol.for("camlab.displayed");
const known: Set<string> = ((globalThis as { [DISPLAYED]?: Set<string> })[DISPLAYED] ??= new Set());

/**
 * Removes what the running cell has shown so far. Does nothing outside a notebook.
 *
 * @example
 * notebook.clearOutput({ wait: true });
 */
export function clearOutput({
  wait = false,
}: {
  /** It is removed only when the next output comes, so that the page does not jump. */
  readonly wait?: boolean;
} = {}): void {
  kernelHook()?.clearOutput(wait);
}

/**
 * Aborted when the person interrupts the running cell. Pass it to long work, so that it stops at once. Never aborted
 * outside a notebook.
 *
 * @example
 * await extractFeatures(network, photos, { signal: notebook.interruptSignal() });
 */
export function interruptSignal(): AbortSignal {
  return kernelHook()?.signal ?? new AbortController().signal;
}
