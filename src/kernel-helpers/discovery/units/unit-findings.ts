import type { AnnotatedPicture } from "../../images/picture.js";
import type { Discovery } from "../discovery.js";
import type { ReceptiveField } from "../../graph/shapes/receptive-field.js";
import type { Box } from "../../images/box.js";
import type { PlainMap } from "../scenes/scene-findings.js";

/** An image that excites a unit, and where. */
export interface UnitImage {
  readonly file: string;
  readonly id: string;
  /** Size of the image in pixels. */
  readonly width: number;
  readonly height: number;
  /** The unit's largest activation in the image. */
  readonly peak: number;
  /** The cell of the map that has it: column and row, from 0. */
  readonly cell: { readonly column: number; readonly row: number };
  /** What that cell can see of the image, in its pixels; absent when the network's graph is not at hand. */
  readonly field?: Box;
  /** The unit's map f_k, raw. */
  readonly map: PlainMap;
}

/** How a unit's activation agrees with a concept. */
export interface UnitConcept {
  readonly name: string;
  /** Σ |M_k ∩ L_c| / Σ |M_k ∪ L_c| over all annotated images. */
  readonly iou: number;
  /** Share of the unit's area that is the concept: how pure the unit is. */
  readonly precision: number;
  /** Share of the concept's area that the unit covers. */
  readonly recall: number;
}

/** What is known of one unit, a channel of the last feature maps. */
export interface UnitFinding {
  /** The channel's number, from 0. */
  readonly unit: number;
  /** T_k: the activation that the share `quantile` of all its cells in all images exceed. */
  readonly threshold: number;
  /** Share of all cells above 0: 0 for a dead unit. */
  readonly active: number;
  /** The images that excite it most, strongest first. */
  readonly images: readonly UnitImage[];
  /** The concepts that agree with it best, best first. */
  readonly concepts: readonly UnitConcept[];
  /** The best concept, when its IoU reaches `minIou`. */
  readonly match?: UnitConcept;
  /** Its best IoU with masks of other images, one for each permutation: what chance gives. */
  readonly control: readonly number[];
}

/** A concept that images are annotated with. */
export interface ConceptCount {
  readonly name: string;
  /** Images that show it. */
  readonly images: number;
  /** Its share of all that was seen of the annotated images. */
  readonly area: number;
  /** Units that match it. */
  readonly units: number;
}

/** What the units of a network respond to: plain data that JSON holds, enough to draw every figure again. */
export interface UnitFindings {
  /** The value of the network's graph whose channels the units are. */
  readonly layer: string;
  readonly settings: {
    readonly top: number;
    readonly quantile: number;
    readonly minIou: number;
    readonly minImages: number;
    /** Columns and rows of the grid on which maps meet masks. */
    readonly grid: { readonly width: number; readonly height: number };
    readonly permutations: number;
    readonly seed: number;
  };
  /** What one cell sees, on the network's input grid; absent when the network's graph is not at hand. */
  readonly field?: ReceptiveField;
  /** In the order of the channels. */
  readonly units: readonly UnitFinding[];
  /** Most units first. */
  readonly concepts: readonly ConceptCount[];
  /** Units that match a concept. */
  readonly matched: number;
  /** Units that "match" with the masks of other images, one number for each permutation. */
  readonly control: readonly number[];
  /** Images that were looked at, and those of them with annotations. */
  readonly images: number;
  readonly annotated: number;
}

/** From which activation on each unit counts as on. */
export interface UnitThresholds {
  /** The value of the network's graph whose channels the units are. */
  readonly layer: string;
  /** T_k, one a channel. */
  readonly thresholds: readonly number[];
}

/** What the units of a network respond to. */
export type UnitDiscovery = Discovery<UnitThresholds, UnitFindings, AnnotatedPicture>;
