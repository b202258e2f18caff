import type { Normalisation } from "../../cam/normalise.js";
import { UPSAMPLINGS, type Upsampling } from "../../cam/resample.js";
import { check } from "../../support/check.js";
import type { IouConvention } from "../box-geometry.js";
import type { AreaMeasure } from "./threshold-sweep.js";

/** What protocols agree on without saying so, and differ in: bundled under a protocol's name. */
export interface LocalizationConventions {
  /** How a map is stretched onto the grid. */
  readonly upsampling: Upsampling;
  /** How values become shares that thresholds are compared with. */
  readonly normalisation: Normalisation;
  /** Whether it is normalised as it is, or once it was stretched: bicubic overshoots, so the two differ. */
  readonly normalised: "before-upsampling" | "after-upsampling";
  /** `8-bit`: values and thresholds become whole numbers of 0…255, fractions cut off; `exact`: neither does. */
  readonly levels: "exact" | "8-bit";
  /** Whether a value on the threshold is left out (`strict`) or taken in. */
  readonly comparison: "strict" | "inclusive";
  /** What makes a component the largest. */
  readonly area: AreaMeasure;
  /** How sides are measured where boxes are compared. */
  readonly iou: IouConvention;
  /**
   * Where boxes are compared: in the original photo's pixels, as exact as they are; or in whole pixels of the grid, the
   * truth's corners cut to them, a found box's right and bottom edge at most on the last pixel.
   */
  readonly compared: "photo" | "grid";
  /** Columns and rows of a square grid; `input`: those of the network's input. */
  readonly grid: "input" | number;
}

/** The name of a protocol. */
export type ProtocolName = keyof typeof CONVENTIONS;

/**
 * The conventions of each protocol; `docs/localization.md` says which source each is from.
 *
 * @example
 * boxes.CONVENTIONS.wsol2020.upsampling; // "bicubic"
 */
export const CONVENTIONS = {
  /** Zhou et al. 2016, section 3.2, and the evaluation of ILSVRC 2014 that its tables are measured with. */
  cvpr2016: {
    upsampling: "bilinear",
    normalisation: "max",
    normalised: "after-upsampling",
    levels: "exact",
    comparison: "strict",
    area: "pixels",
    iou: "pixel+1",
    compared: "photo",
    grid: "input",
  },
  /** Choe et al. 2020, "Evaluating Weakly Supervised Object Localization Methods Right", and its released code. */
  wsol2020: {
    upsampling: "bicubic",
    normalisation: "minmax",
    normalised: "after-upsampling",
    levels: "8-bit",
    comparison: "strict",
    area: "polygon",
    iou: "pixel+1",
    compared: "grid",
    grid: 224,
  },
} as const satisfies Readonly<Record<string, LocalizationConventions>>;

const CHOICES: { readonly [Name in Exclude<keyof LocalizationConventions, "grid">]: readonly string[] } = {
  upsampling: UPSAMPLINGS,
  normalisation: ["max", "minmax"],
  normalised: ["before-upsampling", "after-upsampling"],
  levels: ["exact", "8-bit"],
  comparison: ["strict", "inclusive"],
  area: ["pixels", "polygon"],
  iou: ["continuous", "pixel+1"],
  compared: ["photo", "grid"],
};

/**
 * A protocol's conventions, with some of one's own.
 *
 * @throws CamlabError for an unknown protocol, an unknown convention or a value that it does not have
 */
export function conventionsOf(
  protocol: ProtocolName,
  own: Partial<LocalizationConventions> = {},
): LocalizationConventions {
  const usual = CONVENTIONS[check.oneOf("protocol", protocol, Object.keys(CONVENTIONS) as ProtocolName[])];
  check.known(own, Object.keys(usual) as (keyof LocalizationConventions)[], "conventions");
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  const all: LocalizationConventions = { ...usual, ...given };
  for (const [name, choices] of Object.entries(CHOICES)) {
    check.oneOf(name, all[name as keyof typeof CHOICES], choices);
  }
  if (all.grid !== "input") check.wholeNumber("grid", all.grid, { from: 1, to: 4096 });
  return all;
}
