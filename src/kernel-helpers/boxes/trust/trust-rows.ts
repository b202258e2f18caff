import type { Measure } from "../../cam/faithfulness/measure.js";
import type { Way } from "../../cam/ways/way.js";
import { mean } from "../../support/statistics.js";
import { type BootstrapInterval, bootstrapInterval } from "../../svm/metrics/bootstrap-interval.js";
import type { TrustedPicture } from "./trusted-picture.js";

/** One way's figures. */
export interface TrustRow {
  /** The way's name; `random` and `centre` are the controls. */
  readonly way: string;
  readonly title: string;
  readonly control: boolean;
  /** Means over the pictures that have the figure, by measure; NaN where none has, and the ends of the interval where one has. */
  readonly values: Readonly<Record<string, BootstrapInterval>>;
  /**
   * How much better than the measure's control (a random map, or a centred blob) on the same pictures, on average: above 0
   * is better, whichever way the measure reads; NaN where the control has no such number.
   */
  readonly overControl: Readonly<Record<string, BootstrapInterval>>;
  /** How many pictures have the figure, by measure. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Pictures' figures as means, a row a way. */
export function summarised(
  ways: readonly Way[],
  measures: readonly Measure[],
  pictures: readonly TrustedPicture[],
  seed: number,
): TrustRow[] {
  return ways.map(({ name: way, title }) => {
    const values: Record<string, BootstrapInterval> = {};
    const overControl: Record<string, BootstrapInterval> = {};
    const counts: Record<string, number> = {};
    for (const { name, better, control = "random" } of measures) {
      const own = pictures.map((picture) => picture.values[way][name]);
      const sign = better === "higher" ? 1 : -1;
      const differences = pictures.map((picture) => sign * (picture.values[way][name] - picture.values[control][name]));
      values[name] = meanInterval(own, seed);
      overControl[name] = meanInterval(differences, seed);
      counts[name] = own.filter(Number.isFinite).length;
    }
    return { way, title, control: way === "random" || way === "centre", values, overControl, counts };
  });
}

/** Of the numbers that are finite; of a single one there is no interval. */
function meanInterval(all: readonly number[], seed: number): BootstrapInterval {
  const numbers = all.filter(Number.isFinite);
  if (numbers.length < 2) return { value: numbers[0] ?? NaN, low: NaN, high: NaN, confidence: 0.95, resamples: 0 };
  return bootstrapInterval(numbers.length, (rows) => mean(rows.map((row) => numbers[row])), { seed });
}
