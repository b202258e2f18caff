import type { AnnotatedPicture } from "../../images/picture.js";
import type { LinearSvm } from "../../svm/linear-svm.js";
import type { Discovery } from "../discovery.js";
import type { HeatMap } from "../../cam/heat-map.js";
import type { Box } from "../../images/box.js";
import type { Placement } from "../../images/input/preprocessing.js";

/** A class activation map as plain data: JSON holds it. */
export interface PlainMap {
  readonly width: number;
  readonly height: number;
  /** `width · height` values, row by row, raw and signed, to five significant digits. */
  readonly values: readonly number[];
  readonly placement: Placement;
}

/** An annotated object of a photo, and how much of it lies under the scene's map. */
export interface FoundObject {
  readonly name: string;
  /** In pixels of the photo. */
  readonly box: Box;
  /** Its pixels that the network saw. */
  readonly seen: number;
  /** Those of them that lie in the hot region. */
  readonly hot: number;
}

/** A held-out photo of a scene, looked at with the weights of that scene's SVM. */
export interface ScenePhoto {
  readonly file: string;
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** The SVM's decision value for the scene: above 0 it takes the photo for one. */
  readonly decisionValue: number;
  readonly map: PlainMap;
  /** Share of the seen photo that is hot; 0 when no place speaks for the scene. */
  readonly hotShare: number;
  /** Objects of which the network saw at least a pixel. */
  readonly objects: readonly FoundObject[];
}

/** How often an object occurs in a scene, and how much of it lies under the map. */
export interface SceneObject {
  readonly name: string;
  /** Held-out photos of the scene that show it. */
  readonly photos: number;
  /** `photos` as a share of the scene's held-out photos. */
  readonly frequency: number;
  /** Photos in which at least the share `overlap` of it is hot. */
  readonly under: number;
  /**
   * The share of its pixels that is hot, 0 in photos without it, the mean over the scene's held-out photos: it is at most
   * the frequency, and compares with it.
   */
  readonly informativeness: number;
}

/** The objects of a scene, twice. */
export interface ObjectLists<O = SceneObject> {
  /** By how often they occur at all, most frequent first. */
  readonly frequent: readonly O[];
  /** By how much of them lies under the map, most informative first. */
  readonly informative: readonly O[];
}

/** What was found about one scene. */
export interface SceneFinding extends ObjectLists {
  readonly scene: string;
  /** Average precision of its SVM on all held-out photos. */
  readonly averagePrecision: number;
  /** The held-out photos, those first that the SVM is most sure of. */
  readonly photos: readonly ScenePhoto[];
}

/** What scenes are made of: plain data that JSON holds, enough to draw every figure and to list with other thresholds. */
export interface SceneFindings {
  readonly settings: {
    readonly hot: number;
    readonly overlap: number;
    readonly minImages: number;
    /** Whether hot places are only those that speak more for the scene than for any other. */
    readonly rivals: boolean;
    readonly seed: number;
    /** Folds of the cross-validation; absent when the pictures said what is for training and what for testing. */
    readonly folds?: number;
  };
  /** In the order of the SVM's classes. */
  readonly scenes: readonly SceneFinding[];
  /** Photos that SVMs were trained on; with folds, all. */
  readonly train: number;
  readonly heldOut: number;
}

/** Scenes and what makes them; the model is the SVM of the training part, with folds one of all photos. */
export type SceneDiscovery = Discovery<LinearSvm<string>, SceneFindings, AnnotatedPicture>;

/**
 * A map of a result as `upsample`, `boxOf` and `camGrid` take it.
 *
 * @example
 * boxOf(discover.heatMapOf(scenes.findings.scenes[0].photos[0].map));
 */
export function heatMapOf({ width, height, values, placement }: PlainMap, label?: string): HeatMap {
  return { width, height, data: Float32Array.from(values), placement, ...(label !== undefined && { label }) };
}

/** A map as plain data; values that are not finite, which JSON cannot hold, become 0. */
export function plainMap({ width, height, data }: HeatMap, placement: Placement): PlainMap {
  const values = Array.from(data, (value) => (Number.isFinite(value) ? Number(value.toPrecision(5)) : 0));
  return { width, height, values, placement };
}
