import { join } from "node:path";
import type { MadeWith } from "../../../kernel-helpers/discovery/discovery.js";
import type { ExtractOptions } from "../../../kernel-helpers/features/extract-features.js";
import type { SkippedPicture } from "../../../kernel-helpers/images/picture.js";
import type { View } from "../../../kernel-helpers/networks/views/view.js";
import type { Network } from "../../../kernel-helpers/networks/network.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { makeFolder } from "../../../kernel-helpers/support/make-folder.js";
import { writeWhole } from "../../../kernel-helpers/support/write-file.js";
import { htmlPage, type PageSection } from "../../../widgets/kit/html-page.js";
import { type FindingFlags, openFlagged } from "../../network-flags.js";
import { networkJson } from "../../network-json.js";
import { notesSection, otherNotes, tellNotes } from "../../notes.js";
import { ProgressBar } from "../../progress-bar.js";
import { tellSkipped } from "../../skipped.js";
import { say } from "../../terminal.js";

/** Flags of every `camlab discover …` that writes a page. */
export interface DiscoveryFlags extends FindingFlags {
  /** Pictures to judge by, where they are drawn; by the part unless given. */
  readonly test?: number;
  readonly seed: number;
}

/** How work says how far it is, and is told to stop. */
export type Watch = Required<Pick<ExtractOptions, "signal" | "onProgress">>;

/** Where pictures come from, and what there is to say about reading them. */
interface ReadSource {
  readonly name: string;
  readonly notes?: readonly string[];
}

/** What a discovery gives besides what is its own. */
interface Found extends Pick<MadeWith, "preprocessing" | "view"> {
  readonly skipped: readonly SkippedPicture[];
  readonly notes: readonly string[];
}

/** A discovery as a command: how it is done, and how it is told. */
export interface DiscoveryTask<Source extends ReadSource, Findings extends Found> {
  readonly read: (watch: Watch) => Promise<Source>;
  readonly discover: (network: Network, source: Source, watch: Watch) => Promise<Findings>;
  /** Keeps what was learned, where it is asked for. */
  readonly save?: (found: Findings) => Promise<unknown>;
  /** For programs: everything that the figures show. */
  readonly document: (found: Findings, source: Source) => object;
  /** For people. */
  readonly lines: (found: Findings, source: Source) => readonly string[];
  /** For a browser. */
  readonly page: (
    found: Findings,
    source: Source,
  ) => { readonly title: string; readonly sections: readonly PageSection[] };
}

/**
 * The course of every `camlab discover …`: opens the network, reads the pictures, discovers with a progress bar, keeps
 * the model and the page, says on stderr what was left out, and prints.
 *
 * @returns 0
 */
export async function runDiscovery<Source extends ReadSource, Findings extends Found>(
  flags: DiscoveryFlags,
  signal: AbortSignal,
  task: DiscoveryTask<Source, Findings>,
): Promise<number> {
  const { out, json } = flags;
  if (out !== undefined) await makeFolder(out);
  const bar = new ProgressBar(process.stderr);
  const watch = { signal, onProgress: bar.update };
  try {
    using network = await openFlagged(flags);
    const source = await task.read(watch);
    const findings = await task.discover(network, source, watch);
    const found = { ...findings, notes: [...(source.notes ?? []), ...findings.notes] };
    await task.save?.(found);
    const wrote: string[] = [];
    if (out !== undefined) {
      const page = join(out, "index.html");
      const { title, sections } = task.page(found, source);
      const seen = viewText(found.view);
      const said = [...(seen === undefined ? [] : [{ text: `${seen}.` }]), ...notesSection(network)];
      await writeWhole(page, await htmlPage({ title, sections: [...sections, ...said] }));
      wrote.push(`wrote ${printable(page)}`);
    }
    bar.clear();
    tellSkipped(found.skipped);
    const others = otherNotes(found.notes, network);
    tellNotes(others);
    const document = () => ({
      ...networkJson(network),
      ...(found.view && { view: found.view }),
      preprocessing: found.preprocessing,
      ...task.document(found, source),
      notes: [...network.notes, ...others],
    });
    say(
      json
        ? `${JSON.stringify(document())}\n`
        : [...task.lines(found, source), ...[viewText(found.view) ?? []].flat(), ...wrote, ""].join("\n"),
    );
    return 0;
  } finally {
    bar.clear();
  }
}

/** What was seen of the pictures, for people; nothing for a network that has one view. */
function viewText(view: View | undefined): string | undefined {
  if (view === undefined) return undefined;
  return view === "whole"
    ? "The network saw the pictures whole, in their own proportions (--view card: as its card says)"
    : "The network saw the pictures as its card says (--view whole: all of them, in their own proportions)";
}
