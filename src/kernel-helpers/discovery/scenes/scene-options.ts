import type { ExtractOptions } from "../../features/extract-features.js";
import type { TrainOptions } from "../../svm/train-options.js";

/** How features of scenes are made: of whole photos, of the maps that are drawn. */
export type SceneExtraction = Omit<ExtractOptions, "layer" | "pooling" | "crops" | "cropRows">;

/** How informative objects are found. */
export interface DiscoverScenesOptions extends SceneExtraction {
  /** The hot region of a map: where it is above this share of its maximum, 0 ≤ s < 1; 0.2, as for boxes, unless given here or in the network's card. */
  readonly hot?: number;
  /** Whether a place must also speak more for the scene than for any other scene to be hot; true unless given here or in the network's card. */
  readonly rivals?: boolean;
  /** An object lies under the map when at least this share of its pixels is hot, 0 < s ≤ 1; 0.75 unless given. */
  readonly overlap?: number;
  /** Held-out photos that a scene must have to be listed, and that an object must occur in; 5 unless given. */
  readonly minImages?: number;
  /** The scenes to look into, all against all others; all of them unless given. */
  readonly scenes?: readonly string[];
  /** For images without a split: parts of the cross-validation; 5 unless given. */
  readonly folds?: number;
  /** Of the folds and of the SVMs; 0 unless given. */
  readonly seed?: number;
  /** How the SVMs are trained; as `usualSvm` says unless given: up to 256 channels standardised, C 0.003; more L2-normalised, C 1. */
  readonly svm?: TrainOptions;
}
