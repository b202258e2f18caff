import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { HeatMap } from "../../../kernel-helpers/cam/heat-map.js";
import type { PictureSet, StoredPicture } from "../../../kernel-helpers/images/picture.js";
import { readCaptionsCsv } from "../../../kernel-helpers/datasets/language/captions-csv.js";
import { readCocoCaptions } from "../../../kernel-helpers/datasets/language/coco-captions.js";
import { drawWorld } from "../../../world/draw-world.js";
import { discoverPhrases } from "../../../kernel-helpers/discovery/phrases/discover-phrases.js";
import type { PhraseDiscovery, PhraseResult } from "../../../kernel-helpers/discovery/phrases/phrase-report.js";
import { openNetwork } from "../../../kernel-helpers/networks/open-network.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { makeFolder } from "../../../kernel-helpers/support/make-folder.js";
import type { OnProgress } from "../../../kernel-helpers/support/progress.js";
import { htmlPage } from "../../../widgets/kit/html-page.js";
import { phraseChart, phraseSheet } from "../../../widgets/phrases/phrase-chart.js";
import { phraseOverview } from "../../../widgets/phrases/phrase-overview.js";
import { tellNotes } from "../../notes.js";
import { ProgressBar } from "../../progress-bar.js";
import { UsageError } from "../../usage-error.js";
import { skippedJson, tellSkipped } from "../../skipped.js";
import { joinSets } from "../../../kernel-helpers/datasets/sets/join-sets.js";

/** Flags of `camlab discover phrases`, as parsed. */
export interface DiscoverPhrasesFlags {
  readonly coco?: string;
  readonly cocoTest?: string;
  readonly csv?: string;
  readonly images?: string;
  readonly imagesTest?: string;
  readonly phrase?: readonly string[];
  readonly minImages: number;
  readonly limit: number;
  readonly rounds: number;
  readonly at: number;
  readonly train: number;
  readonly test: number;
  readonly seed: number;
  readonly network?: string;
  readonly device: "auto" | "cpu" | "webgpu" | "cuda";
  readonly threads?: number;
  readonly out?: string;
  readonly json?: boolean;
}

/**
 * `camlab discover phrases`: what phrases of captions look like, and where they are.
 *
 * @returns 0
 */
export async function discoverPhrasesCommand(flags: DiscoverPhrasesFlags, signal: AbortSignal): Promise<number> {
  const { device, threads, seed, at, phrase: phrases, minImages, limit, rounds } = flags;
  checkSources(flags);
  if (flags.out !== undefined) await makeFolder(flags.out);
  const bar = new ProgressBar(process.stderr);
  const progress = { signal, onProgress: bar.update };
  using network = await openNetwork(flags.network, { device, threads });
  const set = await picturesOf(flags, progress).finally(() => bar.clear());
  const report = await discoverPhrases(network, set.pictures, {
    ...{ phrases, at, seed, mine: { minImages, limit }, mining: { rounds } },
    ...progress,
  }).finally(() => bar.clear());
  if (flags.out !== undefined) await writePage(flags.out, report);
  tellSkipped(report.skipped);
  const notes = [...(set.notes ?? []), ...report.notes];
  tellNotes(notes);
  process.stdout.write(flags.json ? `${JSON.stringify(documentOf({ ...report, notes }))}\n` : textOf(report));
  return 0;
}

function checkSources({ coco, cocoTest, csv, images, imagesTest }: DiscoverPhrasesFlags): void {
  if (coco !== undefined && csv !== undefined) throw new UsageError("give --coco or --csv, not both");
  if (cocoTest !== undefined && coco === undefined) throw new UsageError("--coco-test needs --coco");
  if (imagesTest !== undefined && cocoTest === undefined) throw new UsageError("--images-test needs --coco-test");
  if (images !== undefined && coco === undefined && csv === undefined) {
    throw new UsageError("--images needs captions: --coco or --csv");
  }
}

async function picturesOf(
  { coco, cocoTest, csv, images, imagesTest = images, train, test, seed }: DiscoverPhrasesFlags,
  progress: { signal: AbortSignal; onProgress: OnProgress },
): Promise<PictureSet<StoredPicture>> {
  if (csv !== undefined) return readCaptionsCsv(csv, { images });
  if (coco === undefined) {
    return drawWorld("phrases", { train, test, seed, ...progress });
  }
  if (cocoTest === undefined) return readCocoCaptions(coco, { images });
  return joinSets(
    await readCocoCaptions(coco, { images, split: "train" }),
    await readCocoCaptions(cocoTest, { images: imagesTest, split: "test" }),
  );
}

async function writePage(folder: string, report: PhraseDiscovery): Promise<void> {
  const sections = [
    { text: `Phrases of captions, learned on GAP features of ${report.network} from ${report.findings.train} images.` },
    phraseOverview(report),
    phraseSheet(report),
    ...report.findings.results.map((result) => phraseChart(result)),
  ];
  await writeFile(join(folder, "index.html"), await htmlPage({ title: "Phrases in pictures", sections }));
}

/** Everything that the figures show, maps included. */
function documentOf({ network, findings, skipped, notes }: PhraseDiscovery) {
  const { results, ...rest } = findings;
  return { network, ...rest, phrases: results.map(resultOf), skipped: skippedJson(skipped), notes };
}

function resultOf({ svm, rounds, located, ...result }: PhraseResult) {
  const mapOf = ({ width, height, data }: HeatMap) => ({ width, height, data: numbers(data) });
  return {
    ...result,
    rounds: rounds.map((round) => ({ ...round, weights: numbers(round.weights) })),
    located: located.map((image) => ({
      ...image,
      before: { ...image.before, map: mapOf(image.before.map) },
      after: { ...image.after, map: mapOf(image.after.map) },
    })),
    detector: { classes: svm.classes, steps: svm.steps, provenance: svm.provenance },
  };
}

function numbers(values: Float32Array): number[] {
  return Array.from(values, (value) => Number(value.toPrecision(6)));
}

function textOf({ findings }: PhraseDiscovery): string {
  const { lines, at, train, heldOut, withoutCaptions, unlearned } = findings;
  const width = Math.max(...lines.map(({ phrase }) => printable(phrase).length));
  const heading = `${"phrase".padEnd(width)}  said of  negatives  rounds  P@${at} before  after     AP  peak in the box (chance)`;
  return [
    `${train} images to learn from, ${heldOut} held out${withoutCaptions > 0 ? `, ${withoutCaptions} without captions left out` : ""}`,
    heading,
    ...lines.map((line) =>
      [
        printable(line.phrase).padEnd(width),
        String(line.positives).padStart(7),
        String(line.negatives).padStart(9),
        String(line.rounds).padStart(6),
        percent(line.precisionBefore).padStart(`P@${at} before`.length),
        percent(line.precisionAfter).padStart(5),
        percent(line.averagePrecision).padStart(5),
        line.pointing === undefined ? "" : `${percent(line.pointing)} (${percent(line.chance!)})`,
      ].join("  "),
    ),
    ...unlearned.map(
      ({ text, reason }) => `nothing learned of ${JSON.stringify(printable(text))}: ${printable(reason)}`,
    ),
    "",
  ].join("\n");
}

function percent(value: number): string {
  return `${(100 * value).toFixed(0)} %`;
}
