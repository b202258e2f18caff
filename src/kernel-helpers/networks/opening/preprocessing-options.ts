import type { Preprocessing } from "../../images/input/preprocessing.js";
import { check } from "../../support/check.js";
import { CamlabError, invalid } from "../../support/errors.js";

/** Any fields of the preprocessing, and two that other tools write it with. */
export interface PreprocessingOptions extends Partial<Preprocessing> {
  /**
   * What pixels from 0 to 255 are brought to before `mean` and `std`: a factor, or the range that 0 and 255 become.
   * `[0, 1]` makes mean and std those of PyTorch and timm. Without mean and std the network takes what comes out.
   */
  readonly scale?: number | readonly [number, number];
  /**
   * What is cut out of the middle: a share of the resized picture, as timm's `crop_pct` (0.875), or the pixels of the
   * input's side (224).
   */
  readonly crop?: number;
}

const KEYS = [
  "width",
  "height",
  "fit",
  "resize",
  "fill",
  "regionFit",
  "channelOrder",
  "mean",
  "std",
  "scale",
  "crop",
] as const;

/**
 * Refuses options that are misspelt or contradict each other, before any file is read.
 *
 * @throws CamlabError naming the option
 */
export function checkPreprocessingOptions(given: PreprocessingOptions): void {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw invalid("preprocessing", given, `an object with any of ${KEYS.join(", ")}`);
  }
  const unknown = Object.keys(given).find((key) => !(KEYS as readonly string[]).includes(key));
  if (unknown !== undefined) {
    throw new CamlabError(`unknown field preprocessing.${JSON.stringify(unknown)} (expected ${KEYS.join(", ")})`);
  }
  const { crop, scale, resize, fit, width, height } = given;
  if (crop !== undefined) {
    check.number("preprocessing.crop", crop, { above: 0 });
    if (crop > 1) check.count("preprocessing.crop", crop);
    if (crop <= 1 && resize !== undefined) {
      throw invalid("preprocessing.crop", crop, "no share where resize says what the middle is cut from");
    }
    const others = [width, height].find((side) => side !== undefined && side !== crop);
    if (crop > 1 && others !== undefined) throw invalid("preprocessing.crop", crop, `the input's size, ${others}`);
  }
  if (fit !== undefined && fit !== "centre-crop") {
    if (crop !== undefined) throw invalid("preprocessing.crop", crop, `nothing, because fit is ${JSON.stringify(fit)}`);
    if (resize !== undefined) {
      throw invalid("preprocessing.resize", resize, `nothing, because fit is ${JSON.stringify(fit)}`);
    }
  }
  if (scale !== undefined) scaleOf(scale);
}

/** The fields that the options mean, on top of what is known: `crop` and `scale` are no fields themselves. */
export function fieldsOf(given: PreprocessingOptions, known: Preprocessing): Partial<Preprocessing> {
  const { scale, crop, ...fields } = given;
  const set = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const sized = {
    ...set,
    ...(crop !== undefined && crop > 1 && { width: crop, height: crop }),
  } as Partial<Preprocessing>;
  const cuts = crop !== undefined || sized.resize !== undefined;
  const { width = known.width, height = known.height } = sized;
  return {
    ...sized,
    ...(cuts && { fit: "centre-crop" as const }),
    ...(crop !== undefined && crop <= 1 && { resize: { shorterSide: Math.floor(Math.max(width, height) / crop) } }),
    ...(crop !== undefined &&
      crop > 1 &&
      sized.resize === undefined &&
      known.fit !== "centre-crop" && { resize: { shorterSide: crop } }),
    ...(scale !== undefined && scaled(scale, fields)),
  };
}

/** (x · factor + lowest − mean) / std, as a mean and a deviation of pixels from 0 to 255. */
function scaled(
  scale: number | readonly [number, number],
  { mean = [0, 0, 0], std = [1, 1, 1] }: Partial<Preprocessing>,
): Pick<Preprocessing, "mean" | "std"> {
  const { factor, lowest } = scaleOf(scale);
  const each = ([a, b, c]: readonly [number, number, number], of: (value: number) => number) =>
    [rounded(of(a)), rounded(of(b)), rounded(of(c))] as const;
  return { mean: each(mean, (m) => (m - lowest) / factor), std: each(std, (s) => s / factor) };
}

function scaleOf(scale: number | readonly [number, number]): { readonly factor: number; readonly lowest: number } {
  if (typeof scale === "number" && scale > 0 && scale < Infinity) return { factor: scale, lowest: 0 };
  if (Array.isArray(scale) && scale.length === 2) {
    const [low, high] = scale as readonly unknown[];
    if (typeof low === "number" && typeof high === "number" && Number.isFinite(high - low) && high > low) {
      return { factor: (high - low) / 255, lowest: low };
    }
  }
  throw invalid("preprocessing.scale", scale, "a factor above 0, or [lowest, highest]");
}

/** Without the last digits that a multiplication by 255 leaves. */
function rounded(value: number): number {
  return Number(value.toPrecision(10)) + 0;
}
