import { printable } from "../kernel-helpers/support/escape.js";

/**
 * Writes results to standard output. This and `tell` are the only ways from the command line to a terminal (a lint rule
 * keeps it so): whatever files, cards and networks smuggle into a text, no control character leaves. In JSON they become
 * escapes that mean the same.
 */
export function say(text: string): void {
  process.stdout.write(harmless(text));
}

/** Writes what accompanies results to standard error, as `say` does. */
export function tell(text: string): void {
  process.stderr.write(harmless(text));
}

/** A text of any number of lines, safe for a terminal; tabs stay. */
export function harmless(text: string): string {
  return text.replace(/[^\n\t]+/g, printable);
}
