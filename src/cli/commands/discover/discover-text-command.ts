import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readFolderPerClass } from "../../../kernel-helpers/datasets/classes/folder-per-class.js";
import { readIcdar } from "../../../kernel-helpers/datasets/words/icdar.js";
import { readSvt } from "../../../kernel-helpers/datasets/words/svt.js";
import { drawWorld } from "../../../world/draw-world.js";
import { textCrops } from "../../../kernel-helpers/discovery/text/text-crops.js";
import { textAgainst, type TextExample, textExamples } from "../../../kernel-helpers/discovery/text/text-example.js";
import type { AgainstChance, TextScores } from "../../../kernel-helpers/discovery/text/text-scores.js";
import { discoverText, type TextDiscovery } from "../../../kernel-helpers/discovery/text/discover-text.js";
import { openNetwork } from "../../../kernel-helpers/networks/open-network.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { makeFolder } from "../../../kernel-helpers/support/make-folder.js";
import { saveLinearSvm } from "../../../kernel-helpers/svm/linear-svm-file.js";
import { htmlPage } from "../../../widgets/kit/html-page.js";
import { textDetectorChart } from "../../../widgets/text/text-detector-chart.js";
import { textDetectorGrid } from "../../../widgets/text/text-detector-grid.js";
import { DRAWN_LETTERS_SIZE } from "./drawn-letters.js";
import { tellNotes } from "../../notes.js";
import { ProgressBar } from "../../progress-bar.js";
import { UsageError } from "../../usage-error.js";
import { skippedJson, tellSkipped } from "../../skipped.js";

/** Flags of `camlab discover text`, as parsed. */
export interface DiscoverTextFlags {
  readonly icdar?: string;
  readonly svt?: string;
  readonly against?: string;
  readonly trap?: boolean;
  readonly train: number;
  readonly test: number;
  readonly seed: number;
  readonly network?: string;
  readonly maps: "own" | "finer";
  readonly size?: number;
  readonly cost?: number;
  readonly threshold: number;
  readonly device: "auto" | "cpu" | "webgpu" | "cuda";
  readonly threads?: number;
  readonly model?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/**
 * `camlab discover text`: a text detector from image-level labels, held against word outlines.
 *
 * @returns 0
 */
export async function discoverTextCommand(flags: DiscoverTextFlags, signal: AbortSignal): Promise<number> {
  const { maps, size, cost, device, threads, seed, threshold } = flags;
  checkSources(flags);
  if (flags.out !== undefined) await makeFolder(flags.out);
  const bar = new ProgressBar(process.stderr);
  const progress = { signal, onProgress: bar.update };
  using network = await openNetwork(flags.network, { device, threads, maps, size: size ?? sizeFor(flags) });
  const { name, examples, notes } = await examplesOf(flags, progress).finally(() => bar.clear());
  const options = { seed, threshold, ...(cost !== undefined && { svm: { C: cost } }), ...progress };
  const report = await discoverText(network, examples, options).finally(() => bar.clear());
  if (flags.model !== undefined) await saveLinearSvm(report.model, flags.model);
  if (flags.out !== undefined) await writePage(flags.out, name, report);
  tellSkipped(report.skipped);
  tellNotes([...notes, ...report.notes]);
  process.stdout.write(
    flags.json ? `${JSON.stringify(documentOf(name, report, notes))}\n` : textOf(name, report, flags),
  );
  return 0;
}

/** Drawn letters are shown to the embedded network larger, unless told otherwise. */
function sizeFor({ network, maps, icdar, svt }: DiscoverTextFlags): number | undefined {
  return network === undefined && maps === "own" && icdar === undefined && svt === undefined
    ? DRAWN_LETTERS_SIZE
    : undefined;
}

interface Source {
  readonly name: string;
  readonly examples: readonly TextExample[];
  readonly notes: readonly string[];
}

function checkSources({ icdar, svt, against, trap }: DiscoverTextFlags): void {
  if (icdar !== undefined && svt !== undefined) throw new UsageError("give --icdar or --svt, not both");
  const photographs = icdar !== undefined || svt !== undefined;
  if (trap && photographs) throw new UsageError("--trap is of the drawn world: for photographs use --against");
  if (against !== undefined && !photographs)
    throw new UsageError("--against needs photographs with words: --icdar or --svt");
}

async function examplesOf(flags: DiscoverTextFlags, progress: Parameters<typeof textCrops>[1]): Promise<Source> {
  const { icdar, svt, against, seed, train, test } = flags;
  const photographs = icdar !== undefined ? await readIcdar(icdar) : svt !== undefined ? await readSvt(svt) : undefined;
  if (!photographs) {
    const part = flags.trap ? "text-trap" : "text";
    const world = await drawWorld(part, { seed, train, test, ...progress });
    return { name: `drawn world: ${part}`, examples: textExamples(world), notes: [] };
  }
  const name = icdar ?? svt ?? "";
  const { notes: read = [] } = photographs;
  if (against === undefined) {
    const crops = await textCrops(photographs.pictures, { seed, ...progress });
    return { name, examples: crops.examples, notes: [...read, ...crops.notes] };
  }
  const others = await readFolderPerClass(against);
  return {
    name: `${name} against ${against}`,
    examples: textAgainst(photographs.pictures, others.pictures),
    notes: [...read, ...(others.notes ?? [])],
  };
}

async function writePage(folder: string, name: string, report: TextDiscovery): Promise<void> {
  const sections = [
    {
      text: `A linear SVM on GAP features of ${report.network}, from image-level labels of ${name}. Its map against the words' outlines.`,
    },
    textDetectorChart({ [name]: report.findings.scores }),
    textDetectorGrid(report, { label: "text", count: 12 }),
    textDetectorGrid(report, { label: "no text", count: 4 }),
  ];
  await writeFile(join(folder, "index.html"), await htmlPage({ title: "Finding text", sections }));
}

/** Everything that the figures show, maps included. */
function documentOf(name: string, report: TextDiscovery, notes: readonly string[]) {
  const { network, findings, model, skipped } = report;
  const { train, threshold, radius, scores, views } = findings;
  return {
    data: name,
    network,
    features: model.provenance.features,
    train,
    threshold,
    radius,
    scores,
    views: views.map(({ map, words, ...view }) => ({
      ...view,
      words: words.map(({ polygon, text }) => ({ polygon, text })),
      map: {
        width: map.width,
        height: map.height,
        data: Array.from(map.data, (value) => Number(value.toPrecision(6))),
      },
    })),
    skipped: skippedJson(skipped),
    notes: [...notes, ...report.notes],
  };
}

function textOf(name: string, { findings, network }: TextDiscovery, { out, model }: DiscoverTextFlags): string {
  const { train = { text: 0, "no text": 0 }, scores } = findings;
  const { images, withText, averagePrecision, pointing, pixelPrecision, wordsUnderBox } = scores;
  const lines = [
    `${printable(name)}, ${printable(network)}`,
    `trained on ${train.text} pictures with text and ${train["no text"]} without; judged on ${withText} and ${images - withText}`,
    `average precision         ${estimate(averagePrecision)}`,
    ...measureLine("peak at a word           ", pointing),
    ...measureLine("pixel average precision  ", pixelPrecision),
    ...measureLine("words' area under the box", wordsUnderBox),
  ];
  if (model !== undefined) lines.push(`wrote the detector to ${printable(model)}`);
  if (out !== undefined) lines.push(`wrote ${printable(join(out, "index.html"))}`);
  return `${lines.join("\n")}\n`;
}

function measureLine(name: string, against: AgainstChance | undefined): string[] {
  if (!against) return [];
  return [
    `${name} ${estimate(against.figure)}  chance ${percent(against.chance)}: ${against.times.value.toFixed(1)} times`,
  ];
}

function estimate({ value, low, high }: TextScores["averagePrecision"]): string {
  return `${percent(value)}  (${percent(low)} to ${percent(high)})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
