import type { Network } from "../kernel-helpers/networks/network.js";
import type { PageSection } from "../widgets/kit/html-page.js";
import { printable } from "../kernel-helpers/support/escape.js";
import { tell } from "./terminal.js";

/** A line on stderr for each thing that a person should know. */
export function tellNotes(notes: readonly string[] = []): void {
  for (const note of notes) tell(`note: ${printable(note)}\n`);
}

/** All that was assumed of a network, on one line of stderr. */
export function tellNetwork({ notes }: Pick<Network, "notes">): void {
  if (notes.length > 0) tellNotes([notes.join("; ")]);
}

/** What else there is to tell, once the network's own notes are told. */
export function otherNotes(notes: readonly string[], network: Pick<Network, "notes">): string[] {
  return notes.filter((note) => !network.notes.includes(note));
}

/** What a page says of a network that had to be guessed at. */
export function notesSection({ name, notes }: Pick<Network, "name" | "notes">): PageSection[] {
  return notes.length > 0 ? [{ text: `Assumed of the network ${name}: ${notes.join("; ")}.` }] : [];
}

/** What was read, after its notes were told. */
export function told<T extends { readonly notes?: readonly string[] }>(read: T): T {
  tellNotes(read.notes);
  return read;
}
