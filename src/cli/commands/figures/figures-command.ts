import { CamlabError, messageOf } from "../../../kernel-helpers/support/errors.js";
import { escapeHtml, printable } from "../../../kernel-helpers/support/escape.js";
import { writeWhole } from "../../../kernel-helpers/support/write-file.js";
import { htmlPage, type PageSection } from "../../../widgets/kit/html-page.js";
import { foundImages } from "../../found-images.js";
import { type NetworkFlags, openFlagged } from "../../network-flags.js";
import { networkJson } from "../../network-json.js";
import { notesSection } from "../../notes.js";
import { ProgressBar } from "../../progress-bar.js";
import { skippedJson, skippedText, tellSkipped } from "../../skipped.js";
import { say } from "../../terminal.js";
import type { Figure, FigureSource, Made } from "./figure.js";
import { type FiguresDataFlags, figurePhotos } from "./figures-data.js";
import { LABEL_FIGURES } from "./label-figures.js";
import { LANGUAGE_FIGURES } from "./language-figures.js";
import { LOOK_FIGURES } from "./look-figures.js";
import { readablePhotos } from "./readable-photos.js";
import { UNIT_FIGURES } from "./units/unit-figures.js";

/** Flags of `camlab figures`, as parsed. */
export interface FiguresFlags extends Omit<NetworkFlags, "classes">, FiguresDataFlags {
  readonly classNames?: string;
  readonly probe: Readonly<Record<string, readonly string[]>>;
  readonly seed: number;
  readonly out: string;
  readonly json?: boolean;
}

const FIGURES: readonly Figure[] = [...LOOK_FIGURES, ...LABEL_FIGURES, ...LANGUAGE_FIGURES, ...UNIT_FIGURES];

/**
 * `camlab figures`: the slides' figures of one's own photographs on one page, those that the given labels allow. A figure
 * that cannot be made is named, with what it lacks; the others are made. So are photographs that cannot be read.
 *
 * @returns 0 if a figure was made, 1 if none
 */
export async function figuresCommand(
  patterns: readonly string[],
  { classNames, ...flags }: FiguresFlags,
  signal: AbortSignal,
): Promise<number> {
  const given = await figurePhotos(await foundImages(patterns), flags);
  using network = await openFlagged({ ...flags, classes: classNames });
  const { photos, skipped } = await readablePhotos(given, network, signal);
  tellSkipped(skipped);
  const source: FigureSource = { network, photos, seed: flags.seed, probes: flags.probe, signal };
  const bar = new ProgressBar(process.stderr);
  const began = performance.now();
  const sections: PageSection[] = [];
  const told: Told[] = [];
  try {
    for (const [i, figure] of FIGURES.entries()) {
      signal.throwIfAborted();
      bar.update({ label: figure.name, done: i, total: FIGURES.length, elapsed: performance.now() - began });
      const made = await madeOr(figure, source);
      if (typeof made === "string") told.push({ name: figure.name, missing: made });
      else {
        sections.push({ heading: figure.title }, { text: sentenceOf(made.says) }, ...made.sections, ...folded(made));
        const { numbers, says, details } = made;
        told.push({
          name: figure.name,
          numbers,
          says: details === undefined ? says : `${says}. ${sentenceOf(details)}`,
        });
      }
    }
    const missing = told.flatMap(({ name, missing: why }) => (why === undefined ? [] : [`${name}: ${why}`]));
    const about = `${photos.length} photographs, seen by ${network.name}.`;
    const left = missing.length > 0 ? [{ text: `Not shown, for want of what they need: ${missing.join("; ")}.` }] : [];
    const out = skipped.map(skippedText);
    const unread = out.length > 0 ? [{ text: `Left out, for they could not be read: ${out.join("; ")}.` }] : [];
    const page = {
      title: "Where the network looks",
      fill: true,
      sections: [{ text: about }, ...sections, ...left, ...unread, ...notesSection(network)],
    };
    if (sections.length > 0) await writeWhole(flags.out, await htmlPage(page));
  } finally {
    bar.clear();
  }
  const seconds = (performance.now() - began) / 1000;
  if (flags.json)
    say(
      `${JSON.stringify({ ...networkJson(network), photos: photos.length, skipped: skippedJson(skipped), seconds, figures: told })}\n`,
    );
  else say(textOf(told, flags.out, seconds));
  return sections.length > 0 ? 0 : 1;
}

/** With a capital and a full stop. */
function sentenceOf(says: string): string {
  return `${says.charAt(0).toUpperCase()}${says.slice(1)}.`;
}

function folded({ details }: Made): PageSection[] {
  if (details === undefined) return [];
  return [{ html: `<details><summary>How this was made</summary><p>${escapeHtml(sentenceOf(details))}</p></details>` }];
}

interface Told {
  readonly name: string;
  readonly says?: string;
  readonly numbers?: Made["numbers"];
  /** Why it was not made. */
  readonly missing?: string;
}

async function madeOr(figure: Figure, source: FigureSource): Promise<Made | string> {
  const lacks = figure.lacks(source);
  if (lacks !== undefined) return lacks;
  try {
    return await figure.make(source);
  } catch (error) {
    if (source.signal.aborted || !(error instanceof CamlabError)) throw error;
    return messageOf(error);
  }
}

function textOf(told: readonly Told[], out: string, seconds: number): string {
  const width = Math.max(...told.map(({ name }) => name.length));
  const lines = told.map(({ name, says, missing }) => {
    return `${name.padEnd(width)}  ${printable(says ?? `not made: ${missing}`)}`;
  });
  const made = told.filter(({ missing }) => missing === undefined).length;
  const wrote = made > 0 ? `wrote ${printable(out)}` : "nothing written";
  return `${lines.join("\n")}\n${made} of ${told.length} figures, ${seconds.toFixed(1)} s; ${wrote}\n`;
}
