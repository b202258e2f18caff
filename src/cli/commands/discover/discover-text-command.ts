import { readFolderPerClass } from "../../../kernel-helpers/datasets/classes/folder-per-class.js";
import { readIcdar } from "../../../kernel-helpers/datasets/words/icdar.js";
import { readSvt } from "../../../kernel-helpers/datasets/words/svt.js";
import { drawWorld } from "../../../world/draw-world.js";
import { textCrops } from "../../../kernel-helpers/discovery/text/text-crops.js";
import { textAgainst, type TextExample, textExamples } from "../../../kernel-helpers/discovery/text/text-example.js";
import type { AgainstChance } from "../../../kernel-helpers/discovery/text/text-scores.js";
import { discoverText, type TextDiscovery } from "../../../kernel-helpers/discovery/text/discover-text.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { saveLinearSvm } from "../../../kernel-helpers/svm/linear-svm-file.js";
import { textDetectorChart } from "../../../widgets/text/text-detector-chart.js";
import { textDetectorGrid } from "../../../widgets/text/text-detector-grid.js";
import { UsageError } from "../../usage-error.js";
import { skippedJson } from "../../skipped.js";
import { estimateText, mapJson } from "../../numbers.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { giveOne } from "../../give-one.js";
import { type DiscoveryFlags, runDiscovery, type Watch } from "./run-discovery.js";

/** Flags of `camlab discover text`, as parsed. */
export interface DiscoverTextFlags extends DiscoveryFlags {
  readonly icdar?: string;
  readonly svt?: string;
  readonly against?: string;
  readonly trap?: boolean;
  readonly train?: number;
  readonly cost?: number;
  readonly threshold?: number;
  readonly zoom?: number;
  readonly model?: string;
}

/**
 * `camlab discover text`: a text detector from image-level labels, held against word outlines.
 *
 * @returns 0
 */
export async function discoverTextCommand(flags: DiscoverTextFlags, signal: AbortSignal): Promise<number> {
  const { cost, seed, threshold, zoom, model } = flags;
  checkSources(flags);
  const options = { seed, threshold, zoom, ...(cost !== undefined && { svm: { C: cost } }) };
  return runDiscovery(flags, signal, {
    read: (watch) => examplesOf(flags, watch),
    discover: (network, { examples }, watch) => discoverText(network, examples, { ...options, ...watch }),
    save: async (found) => model && saveLinearSvm(found.model, model),
    document: (found, { name }) => documentOf(name, found),
    lines: (found, { name }) => linesOf(name, found, model),
    page: (found, { name }) => pageOf(name, found),
  });
}

interface Source {
  readonly name: string;
  readonly examples: readonly TextExample[];
  readonly notes: readonly string[];
}

function checkSources({ icdar, svt, against, trap }: DiscoverTextFlags): void {
  giveOne({ icdar, svt });
  const photographs = icdar !== undefined || svt !== undefined;
  if (trap && photographs) throw new UsageError("--trap is of the drawn world: for photographs use --against");
  if (against !== undefined && !photographs)
    throw new UsageError("--against needs photographs with words: --icdar or --svt");
}

async function examplesOf(flags: DiscoverTextFlags, watch: Watch): Promise<Source> {
  const { icdar, svt, against, seed, train, test } = flags;
  const photographs = icdar !== undefined ? await readIcdar(icdar) : svt !== undefined ? await readSvt(svt) : undefined;
  if (!photographs) {
    const part = flags.trap ? "text-trap" : "text";
    const world = await drawWorld(part, { seed, train, test, ...watch });
    return { name: `drawn world: ${part}`, examples: textExamples(world), notes: [] };
  }
  const name = icdar ?? svt ?? "";
  const { notes: read = [] } = photographs;
  if (against === undefined) {
    const crops = await textCrops(photographs.pictures, { seed, ...watch });
    return { name, examples: crops.examples, notes: [...read, ...crops.notes] };
  }
  const others = await readFolderPerClass(against);
  return {
    name: `${name} against ${against}`,
    examples: textAgainst(photographs.pictures, others.pictures),
    notes: [...read, ...(others.notes ?? [])],
  };
}

function pageOf(name: string, report: TextDiscovery) {
  const sections = [
    {
      text: `A linear SVM on GAP features of ${report.network}, from image-level labels of ${name}. Its map against the words' outlines.`,
    },
    textDetectorChart({ [name]: report.findings.scores }),
    textDetectorGrid(report, { label: "text", count: 12 }),
    textDetectorGrid(report, { label: "no text", count: 4 }),
  ];
  return { title: "Finding text", sections };
}

/** Everything that the figures show, maps included. */
function documentOf(name: string, { network, findings, model, skipped, notes }: TextDiscovery) {
  const { train, threshold, radius, zoom, zoomBy, scores, views } = findings;
  return {
    data: name,
    network,
    features: model.provenance.features,
    train,
    threshold,
    radius,
    zoom,
    zoomBy,
    scores,
    views: views.map(({ map, words, ...view }) => ({
      ...view,
      words: words.map(({ polygon, text }) => ({ polygon, text })),
      map: mapJson(map),
    })),
    skipped: skippedJson(skipped),
    notes,
  };
}

function linesOf(name: string, { findings, network }: TextDiscovery, model: string | undefined): string[] {
  const { train = { text: 0, "no text": 0 }, scores, zoom, zoomBy } = findings;
  const { images, withText, averagePrecision, pointing, pixelPrecision, wordsUnderBoxes, wordsFound } = scores;
  const lines = [
    `${printable(name)}, ${printable(network)}`,
    `trained on ${train.text} pictures with text and ${train["no text"]} without; judged on ${withText} and ${images - withText}`,
    `average precision           ${estimateText(averagePrecision)}`,
    ...measureLine("peak at a word             ", pointing),
    ...measureLine("pixel average precision    ", pixelPrecision),
    ...measureLine("words' area under the boxes", wordsUnderBoxes),
    ...measureLine("words half under the boxes ", wordsFound),
    ...(zoom !== 1
      ? [
          `maps are joined from ${[zoom]
            .flat()
            .map((times) => `${times} × ${times}`)
            .join(" and ")} parts of each picture${zoomBy ? zoomReason(zoomBy) : ""}`,
        ]
      : []),
  ];
  if (model !== undefined) lines.push(`wrote the detector to ${printable(model)}`);
  return lines;
}

function zoomReason({ whole, parts }: NonNullable<TextDiscovery["findings"]["zoomBy"]>): string {
  return `: average precision of held-out training pictures ${percentText(parts, 1)} by the best part, ${percentText(whole, 1)} as a whole`;
}

function measureLine(name: string, against: AgainstChance | undefined): string[] {
  if (!against) return [];
  return [
    `${name} ${estimateText(against.figure)}  chance ${percentText(against.chance, 1)}: ${against.times.value.toFixed(1)} times`,
  ];
}
