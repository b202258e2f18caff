import type { PictureSet, StoredPicture } from "../../../kernel-helpers/images/picture.js";
import { readCaptionsCsv } from "../../../kernel-helpers/datasets/language/captions-csv.js";
import { readCocoCaptions } from "../../../kernel-helpers/datasets/language/coco-captions.js";
import { drawWorld } from "../../../world/draw-world.js";
import { discoverPhrases } from "../../../kernel-helpers/discovery/phrases/discover-phrases.js";
import type { PhraseDiscovery, PhraseResult } from "../../../kernel-helpers/discovery/phrases/phrase-report.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { phraseChart, phraseSheet } from "../../../widgets/phrases/phrase-chart.js";
import { phraseOverview } from "../../../widgets/phrases/phrase-overview.js";
import { UsageError } from "../../usage-error.js";
import { skippedJson } from "../../skipped.js";
import { mapJson, sixDigits } from "../../numbers.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { giveOne } from "../../give-one.js";
import { type DiscoveryFlags, runDiscovery, type Watch } from "./run-discovery.js";
import { joinSets } from "../../../kernel-helpers/datasets/sets/join-sets.js";

/** Flags of `camlab discover phrases`, as parsed. */
export interface DiscoverPhrasesFlags extends DiscoveryFlags {
  readonly coco?: string;
  readonly cocoTest?: string;
  readonly csv?: string;
  readonly images?: string;
  readonly imagesTest?: string;
  readonly phrase?: readonly string[];
  readonly minImages?: number;
  readonly minPositives?: number;
  readonly heldOut?: number;
  readonly limit?: number;
  readonly rounds?: number;
  readonly at?: number;
  readonly train?: number;
}

/**
 * `camlab discover phrases`: what phrases of captions look like, and where they are.
 *
 * @returns 0
 */
export async function discoverPhrasesCommand(flags: DiscoverPhrasesFlags, signal: AbortSignal): Promise<number> {
  const { seed, at, phrase: phrases, minImages, minPositives, heldOut: heldOutShare, limit, rounds } = flags;
  checkSources(flags);
  const options = { phrases, at, seed, minPositives, heldOutShare, mine: { minImages, limit }, mining: { rounds } };
  return runDiscovery(flags, signal, {
    read: async (watch) => ({ name: "captions", ...(await picturesOf(flags, watch)) }),
    discover: (network, { pictures }, watch) => discoverPhrases(network, pictures, { ...options, ...watch }),
    document: documentOf,
    lines: linesOf,
    page: pageOf,
  });
}

function checkSources({ coco, cocoTest, csv, images, imagesTest }: DiscoverPhrasesFlags): void {
  giveOne({ coco, csv });
  if (cocoTest !== undefined && coco === undefined) throw new UsageError("--coco-test needs --coco");
  if (imagesTest !== undefined && cocoTest === undefined) throw new UsageError("--images-test needs --coco-test");
  if (images !== undefined && coco === undefined && csv === undefined) {
    throw new UsageError("--images needs captions: --coco or --csv");
  }
}

async function picturesOf(
  { coco, cocoTest, csv, images, imagesTest = images, train, test, seed }: DiscoverPhrasesFlags,
  watch: Watch,
): Promise<PictureSet<StoredPicture>> {
  if (csv !== undefined) return readCaptionsCsv(csv, { images });
  if (coco === undefined) {
    return drawWorld("phrases", { train, test, seed, ...watch });
  }
  if (cocoTest === undefined) return readCocoCaptions(coco, { images });
  return joinSets(
    await readCocoCaptions(coco, { images, split: "train" }),
    await readCocoCaptions(cocoTest, { images: imagesTest, split: "test" }),
  );
}

function pageOf(report: PhraseDiscovery) {
  const sections = [
    { text: `Phrases of captions, learned on GAP features of ${report.network} from ${report.findings.train} images.` },
    phraseOverview(report),
    phraseSheet(report),
    ...report.findings.results.map((result) => phraseChart(result)),
  ];
  return { title: "Phrases in pictures", sections };
}

/** Everything that the figures show, maps included. */
function documentOf({ network, findings, skipped, notes }: PhraseDiscovery) {
  const { results, ...rest } = findings;
  return { network, ...rest, phrases: results.map(resultOf), skipped: skippedJson(skipped), notes };
}

function resultOf({ svm, rounds, located, ...result }: PhraseResult) {
  return {
    ...result,
    rounds: rounds.map((round) => ({ ...round, weights: sixDigits(round.weights) })),
    located: located.map((image) => ({
      ...image,
      before: { ...image.before, map: mapJson(image.before.map) },
      after: { ...image.after, map: mapJson(image.after.map) },
    })),
    detector: { classes: svm.classes, steps: svm.steps, provenance: svm.provenance },
  };
}

function linesOf({ findings }: PhraseDiscovery): string[] {
  const { lines, at, train, heldOut, withoutCaptions, unlearned } = findings;
  const width = Math.max(...lines.map(({ phrase }) => printable(phrase).length));
  const same = lines.every((line) => line.at === at);
  const precision = same ? `P@${at}` : "P@n";
  const heading = `${"phrase".padEnd(width)}  said of  negatives  rounds  ${same ? "" : "  n  "}${precision} before  after     AP  peak in the box (chance)`;
  return [
    `${train} images to learn from, ${heldOut} held out${withoutCaptions > 0 ? `, ${withoutCaptions} without captions left out` : ""}`,
    heading,
    ...lines.map((line) =>
      [
        printable(line.phrase).padEnd(width),
        String(line.positives).padStart(7),
        String(line.negatives).padStart(9),
        String(line.rounds).padStart(6),
        ...(same ? [] : [String(line.at).padStart(3)]),
        percentText(line.precisionBefore).padStart(`${precision} before`.length),
        percentText(line.precisionAfter).padStart(5),
        percentText(line.averagePrecision).padStart(5),
        line.pointing === undefined ? "" : `${percentText(line.pointing)} (${percentText(line.chance!)})`,
      ].join("  "),
    ),
    ...unlearned.map(
      ({ text, reason }) => `nothing learned of ${JSON.stringify(printable(text))}: ${printable(reason)}`,
    ),
  ];
}
