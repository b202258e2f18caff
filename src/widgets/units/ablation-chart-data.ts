/** Everything that a chart of silenced units shows, as plain data. */
export interface AblationChartData {
  readonly title: string;
  /** What goes up: "accuracy", "mean score". */
  readonly measure: string;
  /** Whether values are shares, shown in percent from 0 to 1. */
  readonly isShare: boolean;
  /** Side by side: all classes, or one each. */
  readonly panels: readonly { readonly name: string; readonly lines: readonly AblationLine[] }[];
  /** Panels a row. */
  readonly columns: number;
}

/** What is left as more and more units are silent. */
export interface AblationLine {
  /** Whose units are silent, or who is watched: the same in all panels. */
  readonly kind: AblationKind;
  /** From no unit on; `share` of all units. */
  readonly points: readonly {
    readonly share: number;
    readonly value: number;
    readonly low?: number;
    readonly high?: number;
  }[];
}

export type AblationKind = "top" | "random" | "others";
