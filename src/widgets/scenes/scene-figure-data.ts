import type { Box } from "../../kernel-helpers/images/box.js";
import type { ObjectLists } from "../../kernel-helpers/discovery/scenes/scene-findings.js";
import type { MappedPhotos } from "../kit/sheet/mapped-photos.js";

/** A scene's photos with its maps, and its two lists beside them, as plain data. */
export interface SceneFigureData extends ObjectLists<SceneFigureObject>, MappedPhotos {
  readonly scene: string;
  readonly caption: string;
  readonly photos: readonly SceneFigurePhoto[];
  /** What lies under the map and is boxed, in words. */
  readonly rule: string;
  /** What the shares of the list under the map are of, in a few words. */
  readonly shareOf: string;
  /** Width of the whole in pixels; as its photos ask for unless given. */
  readonly width?: number;
}

/** A line of a list: "wall .99"; shares 0–1. */
export interface SceneFigureObject {
  readonly name: string;
  readonly share: number;
  /** By how many places it stands higher than by frequency; 0 and absent: no higher. */
  readonly rose?: number;
}

/** A photo of the figure. */
export interface SceneFigurePhoto {
  readonly name: string;
  /** The photo, and the same in muted colours under the map, as data URIs. */
  readonly uri: string;
  readonly mutedUri: string;
  /** The map over the whole photo as a data URI. */
  readonly heatUri: string;
  /** Parts of it that the network did not see, as shares. */
  readonly unseen: readonly Box[];
  /** Size of the photo in pixels; boxes are in these. */
  readonly width: number;
  readonly height: number;
  readonly objects: readonly { readonly name: string; readonly box: Box }[];
}
