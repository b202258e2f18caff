// What is measured about regions, and what is chosen by it.
import { bootstrapInterval, type BootstrapInterval } from "../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";
import { mean } from "../../src/kernel-helpers/support/statistics.js";

/** A deal of the pictures into training and test ones, as rows of the data set. */
export interface Deal {
  readonly seed: number | "official";
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** How a picture is looked at: all of it, the crop that the SVM's own map finds, the true box. */
export type View = "full" | "crop" | "box";

/** One SVM on one deal. */
export interface Trial {
  readonly view: View;
  /** How far regions were grown; absent for full pictures. */
  readonly growth?: number;
  readonly deal: Deal;
  /** Of each test picture of the deal, in order, whether its species was named right. */
  readonly right: readonly boolean[];
}

/** All trials of one network. */
export interface NetworkTrials {
  readonly network: string;
  readonly trials: readonly Trial[];
}

/** The mean accuracy over trials. */
export function accuracyOf(trials: readonly Trial[]): number {
  return mean(trials.map(({ right }) => right.filter(Boolean).length / right.length));
}

/** The mean accuracy of crops and boxes with one growth, over deals and networks. */
export function meritOf(growth: number, all: readonly NetworkTrials[]): number {
  return mean(
    all.flatMap(({ trials }) =>
      (["crop", "box"] as const).map((view) =>
        accuracyOf(trials.filter((trial) => trial.view === view && trial.growth === growth)),
      ),
    ),
  );
}

/**
 * How much more often one view is right than another, over the pictures that both were tested on; pictures are drawn for
 * the interval, with all the deals that they were tested in.
 */
export function gainOf(more: readonly Trial[], less: readonly Trial[]): BootstrapInterval {
  const gains = new Map<number, number[]>();
  more.forEach(({ deal, right }, i) =>
    deal.test.forEach((row, k) => {
      const gain = Number(right[k]) - Number(less[i].right[k]);
      gains.set(row, [...(gains.get(row) ?? []), gain]);
    }),
  );
  const groups = [...gains.values()];
  return bootstrapInterval(groups.length, (rows) => mean(rows.flatMap((row) => groups[row])));
}
