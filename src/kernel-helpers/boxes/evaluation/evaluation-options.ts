import type { ExtractOptions } from "../../features/extract-features.js";
import type { Picture } from "../../images/picture.js";
import { check } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import { wayCalled } from "../../cam/ways/look-ways.js";
import type { BoxOptions } from "../box-of.js";
import { checkedSeeds, type GraphCutOptions } from "../graph-cut/graph-cut-box.js";
import { conventionsOf, type LocalizationConventions, type ProtocolName } from "../protocols/conventions.js";
import type { HeuristicOptions } from "../protocols/heuristic-guesses.js";
import { usualThresholds } from "../protocols/max-box-accuracy.js";
import type { WayToLook } from "./look-for-cases.js";

/**
 * The box rule of an evaluation: one of `boxOf`; GraphCut, which looks at the photo too; or the heuristic of ILSVRC's test
 * part, which gives several boxes.
 */
export type EvaluationBoxRule =
  BoxOptions | ({ readonly rule: "graph-cut" } & GraphCutOptions) | ({ readonly rule: "heuristic" } & HeuristicOptions);

/** How localization is evaluated. */
export interface EvaluateLocalizationOptions extends Pick<
  ExtractOptions,
  "maxPixels" | "maxMemory" | "onProgress" | "signal"
> {
  /** `cvpr2016` unless given. */
  readonly protocol?: ProtocolName;
  /** Conventions over the protocol's own; for `cvpr2016` only `iou` and `upsampling`, since its boxes are a box rule's. */
  readonly conventions?: Partial<LocalizationConventions>;
  /** `cvpr2016` only: how a map becomes a box; the paper's rule at 20 % unless given. */
  readonly boxRule?: EvaluationBoxRule;
  /**
   * How maps are made: the name of a way of `boxes.WAYS`, as `openWay` opens it, or a way of one's own; `cam` unless given.
   */
  readonly way?: WayToLook | string;
  /**
   * The label of each output of the network, in its order, for sets whose labels are not called like the network's
   * classes (WordNet numbers). Unless given, labels are matched by name.
   */
  readonly classes?: readonly string[];
  /** Guesses a picture; 5 unless given. */
  readonly guesses?: number;
  /** The step of the thresholds, which run from 0 to 1; 0.01 unless given. */
  readonly step?: number;
  /** The IoU from which on a box is right: 0.5 unless given. MaxBoxAccV2 takes 0.3, 0.5 and 0.7 in any case. */
  readonly iou?: number;
  /** `wsol2020` only: the split whose pictures choose the threshold; `val` unless given. The others are reported. */
  readonly chooseOn?: string;
  /** Of the bootstrap; 0 unless given. */
  readonly seed?: number;
  /** Pictures in one run of the network; 8 unless given. */
  readonly batchSize?: number;
  /** Whether maps are kept on disk, and taken from there: true unless given; a text is the folder. */
  readonly cache?: boolean | string;
}

/** The options with nothing left open. */
export interface EvaluationSetting {
  readonly protocol: ProtocolName;
  readonly conventions: LocalizationConventions;
  readonly boxRule: EvaluationBoxRule;
  readonly way: WayToLook | string;
  readonly guesses: number;
  readonly thresholds: Float64Array;
  readonly iou: number;
  readonly chooseOn: string;
  readonly seed: number;
}

const NAMES: readonly (keyof EvaluateLocalizationOptions)[] = [
  "protocol",
  "conventions",
  "boxRule",
  "way",
  "classes",
  "guesses",
  "step",
  "iou",
  "chooseOn",
  "seed",
  "batchSize",
  "cache",
  "maxPixels",
  "maxMemory",
  "onProgress",
  "signal",
];

/** @throws CamlabError for an option outside its range, and for one that the protocol does not have */
export function settingOf(options: EvaluateLocalizationOptions): EvaluationSetting {
  const {
    protocol = "cvpr2016",
    way = "cam",
    guesses = 5,
    iou = 0.5,
    chooseOn = "val",
    seed = 0,
  } = check.known(options, NAMES, "evaluateLocalization");
  const conventions = conventionsOf(protocol, options.conventions);
  check.count("guesses", guesses);
  check.number("iou", iou, { above: 0, to: 1 });
  if (protocol === "cvpr2016") {
    if (options.chooseOn !== undefined) throw optionOf("wsol2020", "chooseOn", "cvpr2016 chooses nothing");
    check.known(options.conventions, ["iou", "upsampling"], "cvpr2016, whose boxes come of the option boxRule,");
  } else if (options.boxRule !== undefined) {
    throw optionOf("cvpr2016", "boxRule", "wsol2020 has the box of every threshold");
  }
  if (typeof way === "string") wayCalled(way);
  else if (typeof way?.map !== "function" || typeof way.name !== "string") {
    throw new CamlabError("way needs a name and a function map(seen, index), or is the name of one of boxes.WAYS");
  }
  const { upsampling } = conventions;
  const boxRule = options.boxRule ?? { rule: "paper" };
  if (boxRule.rule === "heuristic") check.known(boxRule, ["rule", "loose", "tight"], "the heuristic box rule");
  if (boxRule.rule === "graph-cut") checkedSeeds(boxRule);
  return {
    protocol,
    conventions,
    boxRule: boxRule.rule === "heuristic" || boxRule.rule === "graph-cut" ? boxRule : { upsampling, ...boxRule },
    way,
    guesses,
    thresholds: usualThresholds(options.step),
    iou,
    chooseOn,
    seed,
  };
}

function optionOf(protocol: ProtocolName, name: string, why: string): CamlabError {
  return new CamlabError(`${name} is an option of the protocol ${protocol}: ${why}`);
}

/** Whether a picture is one of those that choose the threshold. */
export function choosesThreshold({ split }: Picture, { chooseOn }: EvaluationSetting): boolean {
  return split === chooseOn;
}
