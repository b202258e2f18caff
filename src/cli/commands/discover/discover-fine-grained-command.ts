import { cam } from "../../../kernel-helpers/cam/cam.js";
import { readCub } from "../../../kernel-helpers/datasets/classes/cub.js";
import {
  discoverFineGrained,
  type FineGrainedDiscovery,
} from "../../../kernel-helpers/discovery/fine-grained/discover-fine-grained.js";
import type { FineGrainedLine } from "../../../kernel-helpers/discovery/fine-grained/published-birds.js";
import { nameOf } from "../../../kernel-helpers/images/picture.js";
import { isSkipped, lookAtAll } from "../../../kernel-helpers/networks/look-at-all.js";
import type { Network } from "../../../kernel-helpers/networks/network.js";
import type { Seen } from "../../../kernel-helpers/networks/seen.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { camGrid } from "../../../widgets/cam-grid/cam-grid.js";
import { confusionChart } from "../../../widgets/probes/confusion-chart.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { drawWorld } from "../../../world/draw-world.js";
import { giveOne } from "../../give-one.js";
import { estimateText } from "../../numbers.js";
import { skippedJson } from "../../skipped.js";
import { UsageError } from "../../usage-error.js";
import { type LabelledFlags, labelledFolders, type LabelledSource, svmOptions } from "./labelled-photographs.js";
import { runDiscovery, type Watch } from "./run-discovery.js";

/** Flags of `camlab discover fine-grained`, as parsed. */
export interface DiscoverFineGrainedFlags extends LabelledFlags {
  readonly cub?: string;
  readonly threshold: number;
}

/**
 * `camlab discover fine-grained`: kinds that differ little, told apart on full pictures, on crops by the maps of their
 * own SVM, and on true boxes.
 *
 * @returns 0
 */
export async function discoverFineGrainedCommand(
  flags: DiscoverFineGrainedFlags,
  signal: AbortSignal,
): Promise<number> {
  const { cub, folders, perClass, threshold } = flags;
  giveOne({ cub, folders });
  if (perClass !== undefined && folders === undefined) {
    throw new UsageError("--per-class belongs to --folders: other sources have a split of their own");
  }
  const svm = svmOptions(flags);
  return runDiscovery(flags, signal, {
    read: (watch) => picturesOf(flags, watch),
    discover: async (network, { pictures }, watch) => {
      const found = await discoverFineGrained(network, { pictures }, { threshold, svm, ...watch });
      return { ...found, shown: flags.out === undefined ? [] : await shownOf(network, found, watch) };
    },
    document: (found, { name }) => documentOf(name, found),
    lines: (found, { name }) => linesOf(name, found),
    page: (found, { name }) => pageOf(name, found, threshold),
  });
}

async function picturesOf(
  { cub, folders, perClass, seed, train, test }: DiscoverFineGrainedFlags,
  watch: Watch,
): Promise<LabelledSource> {
  if (cub !== undefined) return { name: cub, ...(await readCub(cub)) };
  if (folders === undefined) {
    const world = await drawWorld("birds", { seed, train, test, ...watch });
    return { name: "drawn world: birds", pictures: world.pictures };
  }
  return labelledFolders(folders, { perClass, seed });
}

/** Test pictures that the page shows. */
const SHOWN = 12;

/** Of each kind the first test picture, so many kinds, looked at for the page. */
async function shownOf(network: Network, { findings, view }: FineGrainedDiscovery, { signal }: Watch): Promise<Seen[]> {
  const first = new Map<string, Seen["picture"]>();
  for (const { picture } of findings.regions) {
    if (picture.split === "test" && !first.has(picture.label!)) first.set(picture.label!, picture);
  }
  const seen: Seen[] = [];
  const pictures = [...first.values()].slice(0, SHOWN);
  for await (const each of lookAtAll(network, pictures, { top: 1, signal, ...(network.inView && { view }) })) {
    if (!isSkipped(each)) seen.push(each);
  }
  return seen;
}

type Found = FineGrainedDiscovery & { readonly shown: readonly Seen[] };

function pageOf(name: string, { network, findings, model, shown }: Found, threshold: number) {
  const predicted = new Map(findings.regions.map((region) => [region.picture, region.predicted]));
  const sections = [
    {
      text:
        `Linear SVMs on GAP features of ${network}, from image-level labels of ${name}. The crop is the box of the class ` +
        `activation map of what the SVM on full pictures takes each for, above ${percentText(threshold)} of its maximum.`,
    },
    ...findings.lines.map((line) => ({ text: lineText(line) })),
    ...(shown.length > 0
      ? [
          camGrid(shown, {
            classes: (seen) => {
              const label =
                predicted.get(seen.picture) ??
                model.full.predict({ rows: 1, columns: seen.features.length, data: seen.features })[0];
              return [cam(seen, model.full.weightsOf(label, seen.features), { label })];
            },
            truth: (seen) => (seen.picture.box ? [seen.picture.box] : []),
            style: "paper",
            threshold,
            caption: ({ picture }) => picture.label,
          }),
        ]
      : []),
    confusionChart(findings.full.confusion),
  ];
  return { title: "Kinds that differ little", sections };
}

/** Everything that the figures show. */
function documentOf(name: string, { network, findings, skipped, notes, features }: FineGrainedDiscovery) {
  const { lines, full, crop, truth, regions, localised } = findings;
  return {
    data: name,
    network,
    features: features.full.origin,
    lines,
    full,
    crop,
    ...(truth && { truth }),
    ...(localised && { localised }),
    regions: regions.map(({ picture, map: _, ...region }) => ({
      file: nameOf(picture),
      id: picture.id,
      label: picture.label,
      split: picture.split,
      ...region,
    })),
    skipped: skippedJson(skipped),
    notes,
  };
}

function linesOf(name: string, { findings, network }: FineGrainedDiscovery): string[] {
  const { lines, full, localised } = findings;
  return [
    `${printable(name)}, ${printable(network)}`,
    `${full.classes} kinds, learned from ${full.train} pictures, judged on ${full.test}`,
    ...lines.map((line) => printable(lineText(line))),
    ...(localised
      ? [`boxes of the maps with an IoU of 0.5 or more with the true one: ${estimateText(localised)}`]
      : []),
  ];
}

function lineText({ method, annotations, accuracy, published }: FineGrainedLine): string {
  const told = annotations === "none" ? "" : `, told ${annotations}`;
  const { value, low, high } = accuracy;
  const share = low !== undefined && high !== undefined ? estimateText({ value, low, high }) : percentText(value, 1);
  return `${share}  ${method}${told}${published ? " (the paper: 200 species, another network)" : ""}`;
}
