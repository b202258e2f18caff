import type { Picture, SkippedPicture } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { mean, type Interval, wilsonInterval } from "../../support/statistics.js";
import { bootstrapInterval } from "../../svm/metrics/bootstrap-interval.js";
import type { LocalizationConventions } from "../protocols/conventions.js";
import { localizationErrors, type LocalizationErrors, successOverIou } from "../protocols/localization-error.js";
import { bestThreshold, successOverThresholds, type ThresholdAccuracy } from "../protocols/max-box-accuracy.js";
import { pixelAveragePrecision } from "../protocols/pixel-precision.js";
import { choosesThreshold, type EvaluationBoxRule, type EvaluationSetting } from "./evaluation-options.js";
import type { JudgedCase } from "./judge-case.js";

/** A curve: y for each x. */
export interface Curve {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** What both protocols report. Shares are fractions, each with its 95 % interval. */
interface ReportBase<P extends Picture> {
  /** The network's name, the way it was looked through and the conventions of the protocol. */
  readonly network: string;
  readonly way: string;
  readonly conventions: LocalizationConventions;
  /** Pictures with a true box that the figures of places rest on, and their classes: a picture of two counts twice. */
  readonly pictures: number;
  readonly cases: number;
  /** The true class's map is highest within a true box: the pointing game, without a margin. */
  readonly pointing: Interval;
  /** Mean IoU of the true class's box. */
  readonly meanIou: Interval;
  /** Share of the true class's boxes that reach an IoU. */
  readonly overIou: Curve;
  /** Share of the true class's boxes that are right at each threshold. */
  readonly overThresholds: Curve;
  readonly skipped: readonly SkippedPicture<P>[];
  readonly notes: readonly string[];
  /** Every figure can be traced to these. */
  readonly judged: readonly JudgedCase<P>[];
}

/** Localization as the paper and ILSVRC measure it. */
export interface Cvpr2016Report<P extends Picture = Picture> extends ReportBase<P>, LocalizationErrors {
  readonly protocol: "cvpr2016";
  readonly boxRule: EvaluationBoxRule;
  /** The true class's box is right (GT-known localization accuracy). */
  readonly knownClass: Interval;
}

/** A threshold that was chosen on some pictures, and what it gives on others. */
export interface ChosenAccuracy {
  /** Chosen on the pictures that are for choosing; where there are none, on the ones that are reported. */
  readonly threshold: number;
  /** The share of the reported pictures whose box is right at it. */
  readonly accuracy: Interval;
  /** The best threshold for the reported pictures themselves: what nobody could have known beforehand. */
  readonly bestOnReported: ThresholdAccuracy;
}

/** Localization as "Evaluating Weakly Supervised Object Localization Methods Right" measures it. */
export interface Wsol2020Report<P extends Picture = Picture> extends ReportBase<P> {
  readonly protocol: "wsol2020";
  /** How many cases chose the threshold; 0 where it was chosen on the reported ones. */
  readonly chosenOn: number;
  /** The largest contour's box, IoU ≥ 0.5. */
  readonly maxBoxAcc: ChosenAccuracy;
  /** The best of all contours' boxes at IoU 0.3, 0.5 and 0.7, each with its own threshold, and their mean. */
  readonly maxBoxAccV2: {
    readonly mean: number;
    readonly bestOnReported: number;
    readonly at: readonly (ChosenAccuracy & { readonly iou: number })[];
  };
  /** Area under the pixels' precision–recall curve; absent without masks. */
  readonly pxAP?: Interval;
}

/** What `evaluateLocalization` found. */
export type LocalizationReport<P extends Picture = Picture> = Cvpr2016Report<P> | Wsol2020Report<P>;

/** What a report is made of beside its cases. */
export interface ReportParts<P extends Picture> {
  readonly network: string;
  readonly setting: EvaluationSetting;
  readonly judged: readonly JudgedCase<P>[];
  readonly skipped: readonly SkippedPicture<P>[];
  readonly notes: readonly string[];
}

const V2_IOUS = [0.3, 0.5, 0.7];

/** @throws CamlabError when no picture with a true box was judged */
export function reportOf<P extends Picture>(parts: ReportParts<P>): LocalizationReport<P> {
  const { judged, skipped } = parts;
  const withoutBox = judged.length - judged.filter(isPlaced).length;
  if (withoutBox === judged.length) {
    const first = skipped.length > 0 ? `; the first picture was skipped: ${skipped[0].error}` : "";
    throw new CamlabError(`no picture with a true box could be judged${first}`);
  }
  const notes = [...parts.notes];
  if (withoutBox > 0) notes.push(`${withoutBox} cases have no true box: they count for classification alone`);
  return parts.setting.protocol === "cvpr2016"
    ? cvpr2016Report({ ...parts, notes })
    : wsol2020Report({ ...parts, notes });
}

type PlacedCase<P extends Picture> = JudgedCase<P> & { readonly largest: Float32Array };

function isPlaced<P extends Picture>(one: JudgedCase<P>): one is PlacedCase<P> {
  return one.largest !== undefined;
}

function cvpr2016Report<P extends Picture>({ setting, judged, ...parts }: ReportParts<P>): Cvpr2016Report<P> {
  const { boxRule, iou: least, guesses, conventions } = setting;
  const placed = judged.filter(isPlaced);
  const overlaps = placed.map(({ overlap = 0 }) => overlap);
  const errors = localizationErrors(
    judged.map((one) => ({ ...one, boxes: one.truth, blacklisted: !isPlaced(one) })),
    { guesses, iou: least, convention: conventions.iou },
  );
  return {
    protocol: "cvpr2016",
    boxRule,
    ...errors,
    knownClass: wilsonInterval(countFrom(overlaps, least), overlaps.length),
    ...placesOf(placed, overlaps, setting),
    judged,
    ...parts,
  };
}

function wsol2020Report<P extends Picture>({ setting, judged, ...parts }: ReportParts<P>): Wsol2020Report<P> {
  const placed = judged.filter(isPlaced);
  const choosing = placed.filter(({ picture }) => choosesThreshold(picture, setting));
  const others = placed.filter(({ picture }) => !choosesThreshold(picture, setting));
  const isChosen = choosing.length > 0 && others.length > 0;
  const [chosenOn, reported] = isChosen ? [choosing, others] : [placed, placed];
  const { thresholds, iou: least, seed, chooseOn } = setting;
  const chosen = (of: (one: PlacedCase<P>) => Float32Array, from: number) =>
    chosenAccuracy(chosenOn.map(of), reported.map(of), thresholds, from);
  const maxBoxAcc = chosen(({ largest }) => largest, least);
  const at = V2_IOUS.map((iou) => ({ iou, ...chosen(({ best }) => best!, iou) }));
  const place = thresholds.indexOf(maxBoxAcc.threshold);
  const counts = reported.flatMap(({ pixels }) => (pixels ? [pixels] : []));
  const notes = [...parts.notes];
  if (!isChosen) {
    notes.push(
      `no pictures of the split ${JSON.stringify(chooseOn)} beside others: thresholds were chosen on the very pictures that are reported, which flatters`,
    );
  }
  return {
    protocol: "wsol2020",
    chosenOn: isChosen ? choosing.length : 0,
    maxBoxAcc,
    maxBoxAccV2: {
      mean: mean(at.map(({ accuracy }) => accuracy.value)),
      bestOnReported: mean(at.map(({ bestOnReported }) => bestOnReported.accuracy)),
      at,
    },
    ...(counts.length > 0 && {
      pxAP: bootstrapInterval(counts.length, (rows) => pixelAveragePrecision(rows.map((row) => counts[row])), {
        seed,
        resamples: 200,
      }),
    }),
    ...placesOf(
      reported,
      reported.map(({ largest }) => largest[place]),
      setting,
    ),
    judged,
    ...parts,
    notes,
  };
}

function chosenAccuracy(
  chosenOn: readonly Float32Array[],
  reported: readonly Float32Array[],
  thresholds: Float64Array,
  least: number,
): ChosenAccuracy {
  const { threshold } = bestThreshold(successOverThresholds(chosenOn, least), thresholds);
  const place = thresholds.indexOf(threshold);
  const overlaps = reported.map((one) => one[place]);
  return {
    threshold,
    accuracy: wilsonInterval(countFrom(overlaps, Math.fround(least)), overlaps.length),
    bestOnReported: bestThreshold(successOverThresholds(reported, least), thresholds),
  };
}

function placesOf<P extends Picture>(
  placed: readonly PlacedCase<P>[],
  overlaps: readonly number[],
  { thresholds, iou: least, seed, way, conventions }: EvaluationSetting,
) {
  const ious = Float64Array.from({ length: 101 }, (_, i) => i / 100);
  return {
    way: typeof way === "string" ? way : way.name,
    conventions,
    pictures: new Set(placed.map(({ picture }) => picture)).size,
    cases: placed.length,
    pointing: wilsonInterval(placed.filter(({ pointed }) => pointed).length, placed.length),
    meanIou: bootstrapInterval(overlaps.length, (rows) => mean(rows.map((row) => overlaps[row])), { seed }),
    overIou: { x: ious, y: successOverIou(overlaps, ious) },
    overThresholds: {
      x: thresholds,
      y: successOverThresholds(
        placed.map(({ largest }) => largest),
        least,
      ),
    },
  };
}

function countFrom(values: readonly number[], least: number): number {
  return values.filter((value) => value >= least).length;
}
