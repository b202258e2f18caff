import {
  type ActivityView,
  discoverActivities,
  type DiscoverActivitiesOptions,
} from "../../../kernel-helpers/discovery/activities/discover-activities.js";
import type { StoredPicture } from "../../../kernel-helpers/images/picture.js";
import { grouped } from "../../../kernel-helpers/support/grouped.js";
import type { Interval } from "../../../kernel-helpers/support/statistics.js";
import { shareOf } from "../../../kernel-helpers/svm/metrics/share-of.js";
import type { FigureSource } from "./figure.js";
import { inTurns } from "./in-turns.js";

const MOST_TURNS = 5;

/** Labels that were learned in turns, each photograph named by what was learned from others. */
export interface LabelsInTurns {
  readonly turns: number;
  readonly classes: number;
  readonly views: readonly ActivityView[];
  readonly accuracy: Interval;
  readonly findings: Awaited<ReturnType<typeof discoverActivities>>["findings"];
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
  const labels = grouped(photos, ({ label }) => label!);
  const turns = Math.min(MOST_TURNS, ...[...labels.values()].map(({ length }) => length));
  const found = [];
  for (const pictures of inTurns(photos, ({ label }) => [label!], { turns, seed }))
    found.push(await discoverActivities(network, pictures, options));
  const views = found.flatMap(({ findings }) => findings.views);
  return {
    ...{ turns, classes: labels.size, views },
    accuracy: shareOf(views.map(({ picture, predicted }) => picture.label === predicted)),
    findings: { ...found[0].findings, views },
  };
}
