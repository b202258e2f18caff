import { splitPerClass } from "../../../kernel-helpers/datasets/sets/split-per-class.js";
import {
  type ActivityView,
  discoverActivities,
  type DiscoverActivitiesOptions,
} from "../../../kernel-helpers/discovery/activities/discover-activities.js";
import type { StoredPicture } from "../../../kernel-helpers/images/picture.js";
import { cutsPictures } from "../../../kernel-helpers/networks/views/in-view.js";
import type { View } from "../../../kernel-helpers/networks/views/view.js";
import { grouped } from "../../../kernel-helpers/support/grouped.js";
import type { Interval } from "../../../kernel-helpers/support/statistics.js";
import { shareOf } from "../../../kernel-helpers/svm/metrics/share-of.js";
import type { FigureSource } from "./figure.js";
import { inTurns } from "./in-turns.js";

const LEAST = 4;
const MOST_TURNS = 5;
/** More photographs than this are learned from once: half of them are enough to learn from and to show. */
const MOST_IN_TURNS = 300;
/** Up to so many are looked at closer too. */
export const MOST_CLOSER = 150;

/** Labels that were learned in turns, each photograph named by what was learned from others. */
export interface LabelsInTurns {
  readonly turns: number;
  readonly classes: number;
  readonly views: readonly ActivityView[];
  readonly accuracy: Interval;
  readonly findings: Awaited<ReturnType<typeof discoverActivities>>["findings"];
}

/** How many turns labels are learned in; 1 where splits are given, and where half of the photographs are enough. */
export function turnsOf(photos: readonly StoredPicture[]): number {
  if (photos.some(({ split }) => split !== undefined) || photos.length > MOST_IN_TURNS) return 1;
  const labels = grouped(photos, ({ label }) => label!);
  return Math.min(MOST_TURNS, ...[...labels.values()].map(({ length }) => length));
}

/** Photographs of labels that have enough, once for each turn, with the split of that turn. */
export function labelSets(source: FigureSource): StoredPicture[][] {
  const usable = ofEnough<StoredPicture>(source.photos);
  const turns = turnsOf(usable);
  return turns === 1 ? [[...divided(source)]] : inTurns(usable, ({ label }) => [label!], { turns, seed: source.seed });
}

/**
 * Learns labels in turns, as many as the rarest label has photographs, five at most: small sets have few to learn from and
 * few to show.
 */
export async function labelsInTurns(
  { network, seed }: Pick<FigureSource, "network" | "seed">,
  photos: readonly StoredPicture[],
  options: DiscoverActivitiesOptions,
): Promise<LabelsInTurns> {
  const turns = turnsOf(photos);
  const found = [];
  for (const pictures of inTurns(photos, ({ label }) => [label!], { turns, seed }))
    found.push(await discoverActivities(network, pictures, options));
  const views = found.flatMap(({ findings }) => findings.views);
  return {
    ...{ turns, classes: countsOf(photos).size, views },
    accuracy: shareOf(views.map(({ picture, predicted }) => picture.label === predicted)),
    findings: { ...found[0].findings, views },
  };
}

export function needsLabels({ photos }: FigureSource): string | undefined {
  const counts = countsOf(photos);
  if (counts.size === 0) return "no labels are known: give --labels";
  const enough = [...counts.values()].filter((count) => count >= LEAST).length;
  return enough >= 2 ? undefined : `fewer than two labels have ${LEAST} photographs or more`;
}

export function countsOf(photos: readonly Pick<StoredPicture, "label">[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { label } of photos) if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** Photographs of labels that have enough of them. */
export function ofEnough<P extends Pick<StoredPicture, "label">>(photos: readonly P[], least = LEAST): P[] {
  const counts = countsOf(photos);
  return photos.filter(({ label }) => label !== undefined && counts.get(label)! >= least);
}

/** Those, half of each label to learn from unless splits are given. */
export function divided({ photos, seed }: FigureSource): readonly StoredPicture[] {
  const usable = ofEnough(photos);
  if (usable.some(({ split }) => split !== undefined)) return usable;
  return [...new Set(usable.map(({ label }) => label!))].flatMap((name) => {
    const pictures = usable.filter(({ label }) => label === name);
    return splitPerClass({ classes: [name], pictures }, { train: Math.floor(pictures.length / 2), seed }).pictures;
  });
}

/** Maps of a page cover the photographs, unless another view was asked for. */
export function shownIn({ network }: FigureSource): { readonly view?: View } {
  return network.view === undefined && cutsPictures(network) ? { view: "whole" } : {};
}

/** The largest object of the label's name, else the one that there is: of several others, none says where the label is. */
export function boxOfLabel({ label, objects = [] }: StoredPicture): Pick<StoredPicture, "box"> {
  const named = objects.filter(({ name }) => name === label);
  const [largest] = [...(named.length > 0 ? named : objects.length === 1 ? objects : [])].sort(
    (a, b) => b.box.width * b.box.height - a.box.width * a.box.height,
  );
  return largest ? { box: largest.box } : {};
}
