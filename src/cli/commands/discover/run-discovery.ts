import { join } from "node:path";
import type { SkippedPicture } from "../../../kernel-helpers/images/picture.js";
import type { Network } from "../../../kernel-helpers/networks/network.js";
import type { OpenNetworkOptions } from "../../../kernel-helpers/networks/open-network.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { makeFolder } from "../../../kernel-helpers/support/make-folder.js";
import type { OnProgress } from "../../../kernel-helpers/support/progress.js";
import { writeWhole } from "../../../kernel-helpers/support/write-file.js";
import { htmlPage, type PageSection } from "../../../widgets/kit/html-page.js";
import { openFlagged, type NetworkFlags } from "../../network-flags.js";
import { networkJson } from "../../network-json.js";
import { notesSection, otherNotes, tellNotes } from "../../notes.js";
import { ProgressBar } from "../../progress-bar.js";
import { tellSkipped } from "../../skipped.js";
import { say } from "../../terminal.js";

/** Flags of every `camlab discover …` that writes a page. */
export interface DiscoveryFlags extends NetworkFlags {
  /** Pictures to judge by, where they are drawn. */
  readonly test: number;
  readonly seed: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** How long work says how far it is, and is told to stop. */
export interface Watch {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** What a discovery has to tell, in each of the ways in which it may be asked for. */
export interface Told {
  readonly skipped: readonly SkippedPicture[];
  readonly notes: readonly string[];
  /** For programs: everything that the figures show. */
  document(): object;
  /** For people. */
  lines(): readonly string[];
  /** For a browser. */
  page(): { readonly title: string; readonly sections: readonly PageSection[] };
}

/**
 * The course of every `camlab discover …`: opens the network, lets `discover` do its work with a progress bar, writes
 * the page, says on stderr what was left out, and prints.
 *
 * @param opening how the network is opened where the flags do not say it
 * @returns 0
 */
export async function runDiscovery(
  flags: NetworkFlags & Pick<DiscoveryFlags, "out" | "json">,
  signal: AbortSignal,
  discover: (network: Network, watch: Watch) => Promise<Told>,
  opening: Pick<OpenNetworkOptions, "size"> = {},
): Promise<number> {
  const { out, json } = flags;
  if (out !== undefined) await makeFolder(out);
  const bar = new ProgressBar(process.stderr);
  try {
    using network = await openFlagged(flags, opening);
    const told = await discover(network, { signal, onProgress: bar.update });
    const wrote: string[] = [];
    if (out !== undefined) {
      const page = join(out, "index.html");
      const { title, sections } = told.page();
      await writeWhole(page, await htmlPage({ title, sections: [...sections, ...notesSection(network)] }));
      wrote.push(`wrote ${printable(page)}`);
    }
    bar.clear();
    tellSkipped(told.skipped);
    const others = otherNotes(told.notes, network);
    tellNotes(others);
    const document = () => ({
      ...networkJson(network),
      ...told.document(),
      notes: [...network.notes, ...others],
    });
    say(json ? `${JSON.stringify(document())}\n` : [...told.lines(), ...wrote, ""].join("\n"));
    return 0;
  } finally {
    bar.clear();
  }
}
