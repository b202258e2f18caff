import { invalid } from "../../support/errors.js";
import { type BootstrapInterval, bootstrapInterval } from "../../svm/metrics/bootstrap-interval.js";
import type { Interval } from "../../support/statistics.js";
import { shareOf } from "../../svm/metrics/share-of.js";
import type { ToolPointing } from "./point-at-tools.js";

/** Where maps of activities peak, over some pictures; shares from 0 to 1, with 95 % intervals over
 * pictures: Wilson's of the share, bootstrap ones of the ratios. */
export interface ActivityPointing {
  /** "all", or an activity. */
  readonly activity: string;
  readonly pictures: number;
  /** Peaks at the activity's object. */
  readonly onTool: Interval;
  /** Peaks on the person, away from the object. */
  readonly onPerson: number;
  /** How often a random pixel of the person is at the object: the mean over pictures. */
  readonly personShare: number;
  /** How often a random pixel of the picture is. */
  readonly pictureShare: number;
  /** onTool / personShare; infinite where no pixel of a person is that near. */
  readonly timesPerson: BootstrapInterval;
  /** onTool / pictureShare. */
  readonly timesPicture: BootstrapInterval;
}

/**
 * How often peaks are at what an activity is done with, over some pictures.
 *
 * @param activity what the pictures are called
 * @param pointings one a picture, at least one
 * @throws CamlabError when there are none
 * @example
 * const { views } = (await discoverActivities(network, pictures)).findings;
 * discover.activityPointing("all", views.flatMap(({ pointing }) => pointing ?? []));
 */
export function activityPointing(activity: string, pointings: readonly ToolPointing[]): ActivityPointing {
  if (pointings.length === 0) throw invalid("pointings", pointings, "at least one picture");
  const meanOf = (of: (pointing: ToolPointing) => number) => {
    const values = pointings.map(of);
    return (rows: readonly number[]) => rows.reduce((sum, row) => sum + values[row], 0) / rows.length;
  };
  const onTool = meanOf((one) => (one.onTool ? 1 : 0));
  const onPerson = meanOf((one) => (one.onPerson ? 1 : 0));
  const person = meanOf((one) => one.personShare);
  const picture = meanOf((one) => one.pictureShare);
  const times = (chance: typeof person) => (rows: readonly number[]) => ratio(onTool(rows), chance(rows));
  const interval = (statistic: typeof person) => bootstrapInterval(pointings.length, statistic);
  const all = [...pointings.keys()];
  return {
    activity,
    pictures: pointings.length,
    onTool: shareOf(pointings.map((one) => one.onTool)),
    onPerson: onPerson(all),
    personShare: person(all),
    pictureShare: picture(all),
    timesPerson: interval(times(person)),
    timesPicture: interval(times(picture)),
  };
}

/** Nothing of nothing is no better than chance. */
function ratio(share: number, chance: number): number {
  return chance > 0 ? share / chance : share > 0 ? Infinity : 1;
}
