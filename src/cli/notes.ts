import { printable } from "../kernel-helpers/support/escape.js";
import { tell } from "./terminal.js";

/** A line on stderr for each thing that a person should know. */
export function tellNotes(notes: readonly string[] = []): void {
  for (const note of notes) tell(`note: ${printable(note)}\n`);
}

/** What was read, after its notes were told. */
export function told<T extends { readonly notes?: readonly string[] }>(read: T): T {
  tellNotes(read.notes);
  return read;
}
