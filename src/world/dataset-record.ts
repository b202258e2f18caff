import type { Drawing, WorldPart, WorldSplit } from "./drawing.js";

/** What a data set on disk says of itself: `manifest.json`. */
export interface Manifest {
  readonly kind: "camlab world";
  readonly part: WorldPart;
  readonly seed: number;
  /** The version of the drawings. */
  readonly world: number;
  readonly counts: Readonly<Record<WorldSplit, number>>;
  readonly format: "jpeg" | "png";
  /** Files beside this one and their list, `files.csv`; data sets of camlab 0.1 do not say. */
  readonly files?: { readonly count: number; readonly bytes: number };
}

/** Everything about a drawing but its pixels, and where it lies in the data set: a line of `records.jsonl`. */
export interface DrawingRecord extends Omit<Drawing, "image"> {
  /** From 1, in the order of the data set: train, val, test. */
  readonly id: number;
  /** The image's path within `images/`. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
}
