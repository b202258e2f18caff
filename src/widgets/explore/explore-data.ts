import type { Box } from "../../kernel-helpers/images/box.js";
import type { Placement } from "../../kernel-helpers/images/input/preprocessing.js";
import type { ColourMapName } from "../kit/photo/colour-map.js";

/** Everything that the explorer of a photo shows, as plain data. */
export interface ExploreData {
  readonly photo: ExplorePhoto;
  /** In the order in which they are listed. */
  readonly classes: readonly ExploreClass[];
  /** One for each two classes: how much more each place spoke for the first. */
  readonly contrasts: readonly ExploreContrast[];
  /** Columns and rows of the maps. */
  readonly map: { readonly width: number; readonly height: number };
  /** Pictures of maps begin with this, then come a palette and a body. */
  readonly heatHead: string;
  readonly palettes: readonly ExplorePalette[];
  /** How what is asked of this photo is called, such as "in the photo" or "of each map". */
  readonly strongest: string;
  readonly first: ExploreFirst;
  /** Side in pixels of the square whose area each picture has. */
  readonly size: number;
  /** How much larger all is. */
  readonly scale: number;
  /** A rectangle can be drawn on the photo, as the signal `drawn`. */
  readonly drawing: boolean;
}

/** What is seen at first. */
export interface ExploreFirst {
  /** Which class, and which it is held against; −1 for none. */
  readonly pick: number;
  readonly against: number;
  readonly colourMap: ColourMapName;
  readonly show: (typeof EXPLORE_SHOWS)[number];
  readonly opacity: number;
  readonly dimming: number;
  readonly threshold: number;
}

/** How a map is laid over the photo. */
export const EXPLORE_SHOWS = ["heat", "contours", "both"] as const;

/** The photo, or the region of it that was looked at. */
export interface ExplorePhoto {
  readonly name: string;
  /** What it truly shows, where that is known. */
  readonly label?: string;
  readonly uri: string;
  readonly mutedUri: string;
  /** What is shown of it, in its pixels. */
  readonly frame: Box;
  /** The part of the frame that the network saw, as shares of it. */
  readonly seen: Box;
  /** Where the photo lies on the network's input. */
  readonly placement: Placement;
}

/** One class and its map. */
export interface ExploreClass {
  readonly name: string;
  /** Its place among all classes by probability, from 1. */
  readonly rank: number;
  readonly probability: number;
  /** The map: raw values, row by row. */
  readonly values: readonly number[];
  /** The map's maximum where boxes are found; thresholds are shares of it. */
  readonly max: number;
  /** The box at each of `EXPLORE_THRESHOLDS`, as shares of the frame: x, y, width, height; null for none. */
  readonly boxes: readonly (readonly [number, number, number, number] | null)[];
  /** Bodies of the map's pictures: what speaks for it, and both signs. */
  readonly positive: string;
  readonly signed: string;
}

/** Two classes, the first of the lower index, and their difference as the body of a picture of both signs. */
export interface ExploreContrast {
  readonly a: number;
  readonly b: number;
  readonly signed: string;
}

/** A colour map. */
export interface ExplorePalette {
  readonly name: string;
  /** The palette of a picture. */
  readonly chunks: string;
  /** Evenly from the first to the last, for a legend. */
  readonly stops: readonly string[];
  /** Of contours at `EXPLORE_LEVELS`. */
  readonly lines: readonly string[];
  readonly diverging: boolean;
}

/** Per cent of the maximum that the slider offers. */
export const EXPLORE_THRESHOLDS: readonly number[] = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);

/** Where contours are drawn, as shares of the maximum. */
export const EXPLORE_LEVELS: readonly number[] = [0.2, 0.4, 0.6, 0.8];
