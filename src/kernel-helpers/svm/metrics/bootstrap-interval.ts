import { invalid } from "../../support/errors.js";
import { check, optionNames } from "../../support/check.js";
import { seededRandom } from "../../support/random.js";
import { ascending, type Interval, quantile } from "../../support/statistics.js";

/** A statistic of a sample, and the interval it would likely fall in with another sample. */
export interface BootstrapInterval extends Interval {
  /** The samples that were drawn. */
  readonly resamples: number;
  /** Those of them whose statistic was not a number, as the mean of nothing, if any: the interval is of the others. */
  readonly undefinedResamples?: number;
}

/** How the interval is found. */
export interface BootstrapOptions {
  /** 0.95 unless given. */
  readonly confidence?: number;
  /** 1,000 unless given. */
  readonly resamples?: number;
  /** 0 unless given. */
  readonly seed?: number;
}

const OPTIONS = optionNames<BootstrapOptions>({ confidence: true, resamples: true, seed: true });

/**
 * The percentile bootstrap: the statistic of many samples of the rows drawn with replacement, and the quantiles that
 * leave half of `1 − confidence` on each side (linear interpolation, as NumPy's).
 *
 * A sample whose statistic is NaN says nothing about where the statistic lies: it is counted and left out. When all
 * are, the ends are NaN. For a plain share take `shareOf`, which has a width where everything was right.
 *
 * @param rows the number of rows
 * @param statistic a score of some rows, by their numbers; a row may come several times
 * @throws CamlabError for options outside their range, and for a statistic that gives no number
 * @example
 * svm.bootstrapInterval(truth.length, (rows) => svm.meanClassAccuracy(rows.map((i) => predicted[i]), rows.map((i) => truth[i])));
 */
export function bootstrapInterval(
  rows: number,
  statistic: (rows: readonly number[]) => number,
  options: BootstrapOptions = {},
): BootstrapInterval {
  const { confidence = 0.95, resamples = 1000, seed = 0 } = check.known(options, OPTIONS, "bootstrapInterval");
  check.counts({ rows, resamples });
  check.number("confidence", confidence, { above: 0, below: 1 });
  const random = seededRandom(`bootstrap ${seed}`);
  const all = Array.from({ length: rows }, (_, row) => row);
  const statisticOf = (drawn: readonly number[]) => {
    const value: unknown = statistic(drawn);
    if (typeof value === "number") return value;
    throw invalid("statistic", value, "a number; NaN where some rows have none");
  };
  const values = Array.from({ length: resamples }, () => statisticOf(all.map(() => Math.floor(random() * rows))))
    .filter((value) => !Number.isNaN(value))
    .sort(ascending);
  const tail = (1 - confidence) / 2;
  return {
    value: statisticOf(all),
    low: quantile(values, tail),
    high: quantile(values, 1 - tail),
    confidence,
    resamples,
    ...(values.length < resamples && { undefinedResamples: resamples - values.length }),
  };
}
