// Maps and boxes in detail: other ways to look, grids, components, overlaps, options.

export type { CamOptions, CamSource, CamTarget } from "../kernel-helpers/cam/cam.js";
export {
  cropMaps,
  CROP_MERGINGS,
  type CropMaps,
  type CropMapsOptions,
  type CropMerging,
} from "../kernel-helpers/cam/crop-maps.js";
export { lookWays, type LookWaysOptions, type SeenWays, type WayMap } from "../kernel-helpers/cam/ways/look-ways.js";
export { openWays, type OpenWays } from "../kernel-helpers/cam/ways/open-ways.js";
export type { BehindMaps, Copies, Looking, NetworkQuestions, Total, Way } from "../kernel-helpers/cam/ways/way.js";
export { WAYS } from "../kernel-helpers/cam/ways/ways.js";
export { MEASURES } from "../kernel-helpers/cam/faithfulness/measures.js";
export type { Measure } from "../kernel-helpers/cam/faithfulness/measure.js";
export type { Judged } from "../kernel-helpers/cam/faithfulness/judged.js";
export { trust, type TrustOptions, type TrustReport } from "../kernel-helpers/boxes/trust/trust.js";
export type { TrustedPicture } from "../kernel-helpers/boxes/trust/trusted-picture.js";
export type { TrustRow } from "../kernel-helpers/boxes/trust/trust-rows.js";
export { weightedMap } from "../kernel-helpers/cam/weighted-map.js";
export type { Upsampling } from "../kernel-helpers/cam/resample.js";
export type { UpsampleOptions } from "../kernel-helpers/cam/upsample.js";
export type { Normalisation } from "../kernel-helpers/cam/normalise.js";
export type { BoxGrid } from "../kernel-helpers/boxes/box-grid.js";
export { boxesByThreshold } from "../kernel-helpers/boxes/boxes-by-threshold.js";
export type {
  BoxGridOptions,
  BoxOptions,
  BoxRuleName,
  BoxesOptions,
  FoundBox,
  NoBox,
} from "../kernel-helpers/boxes/box-of.js";
export { classMaps, type ClassMap } from "../kernel-helpers/boxes/class-maps.js";
export {
  boxArea,
  intersectionArea,
  intersectionOf,
  pointInBox,
  type IouConvention,
} from "../kernel-helpers/boxes/box-geometry.js";
export { connectedComponents, type Component, type Components } from "../kernel-helpers/boxes/connected-components.js";
export {
  CONVENTIONS,
  type LocalizationConventions,
  type ProtocolName,
} from "../kernel-helpers/boxes/protocols/conventions.js";
export {
  localizationErrors,
  successOverIou,
  type GuessedPicture,
  type LocalizationErrorOptions,
  type LocalizationErrors,
  type LocalizationGuess,
} from "../kernel-helpers/boxes/protocols/localization-error.js";
export {
  heuristicGuesses,
  type HeuristicOptions,
  type PredictedMap,
} from "../kernel-helpers/boxes/protocols/heuristic-guesses.js";
export {
  bestThreshold,
  overlapsByThreshold,
  successOverThresholds,
  usualThresholds,
  type ThresholdAccuracy,
  type ThresholdOverlaps,
} from "../kernel-helpers/boxes/protocols/max-box-accuracy.js";
export {
  pixelAveragePrecision,
  pixelCounts,
  type PixelCounts,
  type PixelTruth,
} from "../kernel-helpers/boxes/protocols/pixel-precision.js";
export type { AreaMeasure } from "../kernel-helpers/boxes/protocols/threshold-sweep.js";
export { evaluateLocalization, type JudgedPictures } from "../kernel-helpers/boxes/evaluation/evaluate-localization.js";
export type {
  EvaluateLocalizationOptions,
  EvaluationBoxRule,
} from "../kernel-helpers/boxes/evaluation/evaluation-options.js";
export type { JudgedCase } from "../kernel-helpers/boxes/evaluation/judge-case.js";
export type {
  ChosenAccuracy,
  Curve,
  Cvpr2016Report,
  LocalizationReport,
  Wsol2020Report,
} from "../kernel-helpers/boxes/evaluation/localization-report.js";
export type { WayToLook } from "../kernel-helpers/boxes/evaluation/look-for-cases.js";
export { localizationToArrow, saveLocalization } from "../kernel-helpers/boxes/evaluation/save-localization.js";
export { openWay, type OpenWayOptions } from "../kernel-helpers/boxes/evaluation/open-way.js";
export { graphCutBox, type GraphCutOptions } from "../kernel-helpers/boxes/graph-cut/graph-cut-box.js";
