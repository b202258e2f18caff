import type { Picture, SkippedPicture } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { mean, type Interval, wilsonInterval } from "../../support/statistics.js";
import { bootstrapInterval } from "../../svm/metrics/bootstrap-interval.js";
import type { LocalizationConventions } from "../protocols/conventions.js";
import {
  type GuessedPicture,
  localizationErrors,
  type LocalizationErrors,
  successOverIou,
} from "../protocols/localization-error.js";
import { bestThreshold, type ThresholdAccuracy } from "../protocols/max-box-accuracy.js";
import { CountedPictures } from "../protocols/pixel-precision.js";
import { ThresholdSuccesses } from "../protocols/threshold-successes.js";
import { choosesThreshold, type EvaluationBoxRule, type EvaluationSetting } from "./evaluation-options.js";
import type { JudgedCase } from "./judge-case.js";
import type { JudgedCases } from "./judged-cases.js";

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
  /** Every figure can be traced to these. Many are read from a temporary file when they are asked for, each time anew. */
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
  readonly judged: JudgedCases<P>;
  readonly skipped: readonly SkippedPicture<P>[];
  readonly notes: readonly string[];
}

const V2_IOUS = [0.3, 0.5, 0.7];

/** @throws CamlabError when no picture with a true box was judged */
export function reportOf<P extends Picture>(parts: ReportParts<P>): LocalizationReport<P> {
  const { judged, skipped } = parts;
  let withoutBox = 0;
  for (const one of judged) if (!isPlaced(one)) withoutBox += 1;
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

function* placedOf<P extends Picture>(judged: Iterable<JudgedCase<P>>): IterableIterator<PlacedCase<P>> {
  for (const one of judged) if (isPlaced(one)) yield one;
}

function* guessedOf<P extends Picture>(judged: Iterable<JudgedCase<P>>): IterableIterator<GuessedPicture> {
  for (const one of judged) yield { ...one, boxes: one.truth, blacklisted: !isPlaced(one) };
}

function cvpr2016Report<P extends Picture>({ setting, judged, ...parts }: ReportParts<P>): Cvpr2016Report<P> {
  const { boxRule, iou, guesses, conventions, thresholds } = setting;
  const successes = new ThresholdSuccesses(thresholds.length, iou);
  const places = new Places();
  for (const one of placedOf(judged)) {
    successes.add(one.largest);
    places.add(one, one.overlap ?? 0);
  }
  return {
    protocol: "cvpr2016",
    boxRule,
    ...localizationErrors(guessedOf(judged), { guesses, iou, convention: conventions.iou }),
    knownClass: wilsonInterval(countFrom(places.overlaps, iou), places.overlaps.length),
    ...places.report(successes, setting),
    judged: judged.list,
    ...parts,
  };
}

function wsol2020Report<P extends Picture>({ setting, judged, ...parts }: ReportParts<P>): Wsol2020Report<P> {
  const { thresholds, seed, chooseOn } = setting;
  const [choosing, others] = [new Part(setting), new Part(setting)];
  for (const one of placedOf(judged)) (choosesThreshold(one.picture, setting) ? choosing : others).add(one);
  const isChosen = choosing.cases > 0 && others.cases > 0;
  const reported = others.cases > 0 ? others : choosing;
  const chosenOn = isChosen ? choosing : reported;
  const maxBoxAcc = chosenAccuracy(chosenOn.largest, reported.largest, thresholds);
  const at = V2_IOUS.map((iou, i) => ({ iou, ...chosenAccuracy(chosenOn.best[i], reported.best[i], thresholds) }));
  const place = thresholds.indexOf(maxBoxAcc.threshold);
  const places = new Places();
  const pixels = new CountedPictures(reported.withMasks, thresholds.length);
  for (const one of placedOf(judged)) {
    if (isChosen && choosesThreshold(one.picture, setting)) continue;
    places.add(one, one.largest[place]);
    if (one.pixels) pixels.add(one.pixels);
  }
  const notes = [...parts.notes];
  if (!isChosen) {
    notes.push(
      `no pictures of the split ${JSON.stringify(chooseOn)} beside others: thresholds were chosen on the very pictures that are reported, which flatters`,
    );
  }
  return {
    protocol: "wsol2020",
    chosenOn: isChosen ? choosing.cases : 0,
    maxBoxAcc,
    maxBoxAccV2: {
      mean: mean(at.map(({ accuracy }) => accuracy.value)),
      bestOnReported: mean(at.map(({ bestOnReported }) => bestOnReported.accuracy)),
      at,
    },
    ...(pixels.length > 0 && {
      pxAP: bootstrapInterval(pixels.length, (rows) => pixels.averagePrecision(rows), { seed, resamples: 200 }),
    }),
    ...places.report(reported.largest, setting),
    judged: judged.list,
    ...parts,
    notes,
  };
}

/** What the pictures that choose thresholds, or those that are reported, add up to. */
class Part {
  cases = 0;
  withMasks = 0;
  readonly largest: ThresholdSuccesses;
  readonly best: readonly ThresholdSuccesses[];

  constructor({ thresholds, iou }: EvaluationSetting) {
    this.largest = new ThresholdSuccesses(thresholds.length, iou);
    this.best = V2_IOUS.map((least) => new ThresholdSuccesses(thresholds.length, least));
  }

  add({ largest, best, pixels }: PlacedCase<Picture>): void {
    this.cases += 1;
    if (pixels) this.withMasks += 1;
    this.largest.add(largest);
    for (const successes of this.best) successes.add(best!);
  }
}

function chosenAccuracy(
  chosenOn: ThresholdSuccesses,
  reported: ThresholdSuccesses,
  thresholds: Float64Array,
): ChosenAccuracy {
  const { threshold } = bestThreshold(chosenOn.shares, thresholds);
  return {
    threshold,
    accuracy: wilsonInterval(reported.right[thresholds.indexOf(threshold)], reported.total),
    bestOnReported: bestThreshold(reported.shares, thresholds),
  };
}

/** Figures of places that both protocols report, picture by picture. */
class Places {
  readonly overlaps: number[] = [];
  readonly #pictures = new Set<Picture>();
  #pointed = 0;

  add({ picture, pointed }: JudgedCase, overlap: number): void {
    this.overlaps.push(overlap);
    this.#pictures.add(picture);
    if (pointed) this.#pointed += 1;
  }

  report(successes: ThresholdSuccesses, { thresholds, seed, way, conventions }: EvaluationSetting) {
    const { overlaps } = this;
    const ious = Float64Array.from({ length: 101 }, (_, i) => i / 100);
    return {
      way: typeof way === "string" ? way : way.name,
      conventions,
      pictures: this.#pictures.size,
      cases: overlaps.length,
      pointing: wilsonInterval(this.#pointed, overlaps.length),
      meanIou: bootstrapInterval(overlaps.length, (rows) => mean(rows.map((row) => overlaps[row])), { seed }),
      overIou: { x: ious, y: successOverIou(overlaps, ious) },
      overThresholds: { x: thresholds, y: successes.shares },
    };
  }
}

function countFrom(values: readonly number[], least: number): number {
  return values.filter((value) => value >= least).length;
}
