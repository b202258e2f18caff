/** Everything that a chart of measures shows, as plain data. */
export interface TrustChartData {
  /** Stands above the chart. */
  readonly title: string;
  /** Under it. */
  readonly subtitle: string;
  /** Ways, from top to bottom. */
  readonly ways: readonly string[];
  readonly panels: readonly TrustPanel[];
  /** What each row of panels is of, where there are several: the pictures, say. */
  readonly of?: readonly string[];
  /** Panels a row. */
  readonly columns: number;
}

/** One measure. */
export interface TrustPanel {
  readonly name: string;
  /** What it is, said when the name is pointed at. */
  readonly definition: string;
  readonly better: "higher" | "lower";
  /** Numbers above 0 that span orders of magnitude. */
  readonly logarithmic?: boolean;
  /** What the control gets that the measure is held against; absent where it has no such number. */
  readonly control?: number;
  /** The ways that have the number. */
  readonly marks: readonly TrustMark[];
}

/** One way's number, with its interval. */
export interface TrustMark {
  /** Which of the ways. */
  readonly row: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Against the control on the same pictures, told apart by the interval of the difference; `plain` without a control. */
  readonly verdict: "better" | "alike" | "worse" | "control" | "plain";
}
