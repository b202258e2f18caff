/** All phrases of a report at a glance, as plain data. */
export interface PhraseOverviewData {
  readonly rows: readonly PhraseOverviewRow[];
  /** Precision is taken among the first so many, where a row does not say fewer. */
  readonly at: number;
}

/** A phrase as the overview shows it: shares from 0 to 1. */
export interface PhraseOverviewRow {
  readonly phrase: string;
  readonly before: number;
  /** Among how many of the ranking, where few images say the phrase. */
  readonly at?: number;
  readonly after: number;
  /** Maps whose peak lies in the true box, with its interval, and what a random point would reach. */
  readonly pointing?: { readonly value: number; readonly low: number; readonly high: number; readonly chance: number };
}
