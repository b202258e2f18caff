import type { Box } from "../../kernel-helpers/images/box.js";
import type { Ramp } from "../kit/sheet/legend.js";

/** A scene's photos with its maps, and its two lists beside them, as plain data. */
export interface SceneFigureData {
  readonly scene: string;
  readonly caption: string;
  /** Best first; shares 0–1. */
  readonly frequent: readonly SceneFigureObject[];
  readonly informative: readonly SceneFigureObject[];
  readonly photos: readonly SceneFigurePhoto[];
  /** What the colours mean. */
  readonly ramp: Ramp;
  /** What lies under the map and is named, in words. */
  readonly rule: string;
  /** Side in pixels of the square whose area a photo has. */
  readonly size: number;
  /** How strongly the maps are laid over the photos, 0–1. */
  readonly opacity: number;
  /** How much darker the photos are under them, 0–1. */
  readonly dimming: number;
}

/** A line of a list: "wall .99". */
export interface SceneFigureObject {
  readonly name: string;
  readonly share: number;
}

/** A photo of the figure. */
export interface SceneFigurePhoto {
  readonly name: string;
  /** The photo, and the same in grey under the map, as data URIs. */
  readonly uri: string;
  readonly greyUri: string;
  /** The map over the whole photo as a data URI. */
  readonly heatUri: string;
  /** Parts of it that the network did not see, as shares. */
  readonly unseen: readonly Box[];
  /** Size of the photo in pixels; boxes are in these. */
  readonly width: number;
  readonly height: number;
  readonly objects: readonly { readonly name: string; readonly box: Box }[];
}
