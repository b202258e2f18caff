import { invalid } from "../../support/errors.js";
import { seededRandom } from "../../support/random.js";

/** A statistic of a sample, and the interval it would likely fall in with another sample. */
export interface BootstrapInterval {
  /** The statistic of the rows as they are. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
  readonly resamples: number;
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

/**
 * The percentile bootstrap: the statistic of many samples of the rows drawn with replacement, and the quantiles that
 * leave half of `1 − confidence` on each side (linear interpolation, as NumPy's).
 *
 * @param rows the number of rows
 * @param statistic a score of some rows, by their numbers; a row may come several times
 * @throws CamlabError for options outside their range
 * @example
 * bootstrapInterval(truth.length, (rows) => accuracy(rows.map((i) => predicted[i]), rows.map((i) => truth[i])));
 */
export function bootstrapInterval(
  rows: number,
  statistic: (rows: readonly number[]) => number,
  options: BootstrapOptions = {},
): BootstrapInterval {
  const { confidence = 0.95, resamples = 1000, seed = 0 } = options;
  if (!Number.isInteger(rows) || rows < 1) throw invalid("rows", rows, "at least 1");
  if (!(confidence > 0 && confidence < 1)) throw invalid("confidence", confidence, "0 < confidence < 1");
  if (!Number.isInteger(resamples) || resamples < 1) throw invalid("resamples", resamples, "at least 1");
  const random = seededRandom(`bootstrap ${seed}`);
  const all = Array.from({ length: rows }, (_, row) => row);
  const values = Array.from({ length: resamples }, () => statistic(all.map(() => Math.floor(random() * rows)))).sort(
    (a, b) => (a === b ? 0 : a - b), // two infinite ones have no difference
  );
  const tail = (1 - confidence) / 2;
  return {
    value: statistic(all),
    low: quantile(values, tail),
    high: quantile(values, 1 - tail),
    confidence,
    resamples,
  };
}

function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  const [low, high] = [sorted[below], sorted[above]];
  return low === high || position === below ? low : low + (position - below) * (high - low);
}
