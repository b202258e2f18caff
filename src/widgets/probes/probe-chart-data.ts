/** Everything that a chart of tasks shows, as plain data. */
export interface ProbeChartData {
  /** Stands above the chart. */
  readonly title: string;
  /** From top to bottom. */
  readonly bars: readonly ProbeBar[];
}

/** One task. All shares are percent. */
export interface ProbeBar {
  readonly name: string;
  /** What else is to be known of it, e.g. "15 classes, 2,985 test images". */
  readonly note: string;
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  readonly chance: number;
}
