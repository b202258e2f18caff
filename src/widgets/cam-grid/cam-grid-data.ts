import type { Box } from "../../kernel-helpers/images/box.js";

/** Everything that a grid of class activation maps shows, as plain data. */
export interface CamGridData {
  readonly photos: readonly CamGridPhoto[];
  /** What the colours mean: from `colours[0]`, evenly, to the last. */
  readonly legend: { readonly colours: readonly string[]; readonly labels: readonly string[] };
  /** How strongly the maps are laid over the photo at first, 0–1. */
  readonly opacity: number;
  /** How much darker the photo is under the maps at first, 0–1. */
  readonly dimming: number;
  /** Offer sliders for these two and the threshold. */
  readonly sliders: boolean;
  /** Side in pixels of the square whose area a panel has. */
  readonly size: number;
  /** Pixels that a row has at most, unless `columns` asks for more. */
  readonly width: number;
  /** Panels a row; by default as many as fit, evenly. */
  readonly columns?: number;
  /** The box rule in words; absent when no boxes are shown. For a rule with a threshold, its first value, 0–1. */
  readonly boxes?: { readonly label: string; readonly threshold?: number };
  readonly colours: { readonly box: string; readonly truth: string };
  /** A curve over thresholds, drawn below; absent when there is none. */
  readonly curve?: ThresholdCurve;
}

/** How something goes with the threshold: shares of the maximum, and a share for each, 0–1. */
export interface ThresholdCurve {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** What `y` is: "boxes that are right". */
  readonly title?: string;
}

/** One photo of the grid. */
export interface CamGridPhoto {
  readonly name: string;
  /** What stands above it in place of its name and size; nothing when it is empty. */
  readonly caption?: string;
  /** What it truly shows, where that is known. */
  readonly label?: string;
  /** The photo, or a thumbnail with its proportions, as a data URI. */
  readonly uri: string;
  /** The same in muted colours, under the maps: evidence is more vivid. */
  readonly mutedUri: string;
  /** Size of the photo in pixels; all boxes below are in these. */
  readonly width: number;
  readonly height: number;
  /** What the network saw of it, when not all. */
  readonly seen?: Box;
  readonly panels: readonly CamGridPanel[];
}

/** One map over the photo. */
export interface CamGridPanel {
  /** What stands above the panel: "1. tench". */
  readonly title: string;
  /** Probability of the class; absent for a map that has none. */
  readonly probability?: number;
  /** What stands beside the title of a map without a probability: a probe's score. */
  readonly note?: string;
  /** The map over the whole photo, as a data URI. */
  readonly heatUri: string;
  /** The box, or the box at each threshold that a reader can choose, 0–1. */
  readonly boxes: readonly { readonly threshold?: number; readonly box: Box }[];
  /** Where the thing truly is, when that is known. */
  readonly truth?: readonly Box[];
}
