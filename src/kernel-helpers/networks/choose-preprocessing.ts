import { checkPreprocessing } from "../images/input/check-preprocessing.js";
import { CamlabError } from "../support/errors.js";
import type { Preprocessing } from "../images/input/preprocessing.js";

/**
 * The preprocessing that a network is opened with: its card's, or what networks trained on ImageNet with torchvision
 * expect; then whatever the caller overrides.
 *
 * @param inputSize the input's height and width, where the graph fixes them
 * @param fromCard the card's preprocessing, absent for a bare model
 * @param found what lies beside the network or in its file says, for a network without a card; and where that was read
 * @param overrides what the caller asked for; for a bare model its guesses are only the fields left open here
 * @returns the settings, and a sentence about each thing that was assumed or overridden
 * @throws CamlabError naming a field that is wrong, and for a mean and std that are meant for pixels from 0 to 1
 */
export function choosePreprocessing(
  inputSize: { readonly height?: number; readonly width?: number },
  fromCard: unknown,
  overrides: Partial<Preprocessing> = {},
  found?: { readonly settings: Partial<Preprocessing>; readonly from: string },
): { preprocessing: Preprocessing; notes: string[] } {
  const given = Object.keys(overrides).join(", ");
  if (fromCard !== undefined) {
    const base = checkPreprocessing(fromCard);
    const preprocessing = given ? checkPreprocessing(merged(base, overrides)) : base;
    checkScale(preprocessing);
    return { preprocessing, notes: given ? [`preprocessing: ${given} as given, the rest from the card`] : [] };
  }
  const known = found?.settings ?? {};
  const base = merged(torchvisionDefault(inputSize), known);
  const preprocessing = checkPreprocessing(merged(base, overrides));
  checkScale(preprocessing);
  const fields = ["fit", "channelOrder", "mean", "std"];
  const read = fields.filter((field) => field in known && !(field in overrides));
  const assumed = fields.filter((field) => !(field in known) && !(field in overrides));
  const notes: string[] = [];
  if (read.length > 0)
    notes.push(`preprocessing: ${read.join(", ")} from ${found?.from} (${describePreprocessing(preprocessing)})`);
  if (assumed.length > 0) {
    notes.push(
      `preprocessing: ${read.length > 0 ? "" : "no card, so "}${assumed.join(", ")} assumed as for torchvision's ImageNet networks ` +
        `(${describePreprocessing(preprocessing)}); pass { preprocessing } if the network expects another`,
    );
  }
  return { preprocessing, notes };
}

/**
 * Preprocessing on one line, for people.
 *
 * @example
 * networks.describePreprocessing(network.preprocessing); // "cover 224×224, RGB, (x − [127.5 127.5 127.5]) / [127.5 127.5 127.5]"
 */
export function describePreprocessing(preprocessing: Preprocessing): string {
  const { width, height, fit, regionFit, resize, channelOrder, mean, std } = preprocessing;
  const from =
    resize && ("shorterSide" in resize ? `shorter side ${resize.shorterSide}` : `${resize.width}×${resize.height}`);
  const fitted = from ? `${fit} ${width}×${height} of ${from}` : `${fit} ${width}×${height}`;
  const regions = regionFit ? `, regions ${regionFit}` : "";
  return `${fitted}${regions}, ${channelOrder}, (x − [${mean.join(" ")}]) / [${std.join(" ")}]`;
}

/**
 * PyTorch's numbers are for pixels from 0 to 1. Obeyed, they would multiply pixels from 0 to 255 rather than divide them,
 * and every class score would be noise without a word.
 */
function checkScale({ mean, std }: Preprocessing): void {
  if (mean.some((value) => Math.abs(value) > 1) || std.some((value) => value >= 1)) return;
  const scaled = (values: readonly number[]) => values.map((value) => Number((value * 255).toPrecision(6))).join(", ");
  throw new CamlabError(
    `invalid preprocessing: mean [${mean.join(", ")}] and std [${std.join(", ")}] are for pixels from 0 to 1, as PyTorch ` +
      `gives them; camlab's pixels run from 0 to 255. Multiply both by 255: mean [${scaled(mean)}], std [${scaled(std)}]`,
  );
}

/** The centre 224 of the shorter side at 256, RGB, ImageNet's mean and standard deviation a channel. */
function torchvisionDefault({ height = 224, width = 224 }: { readonly height?: number; readonly width?: number }) {
  return {
    width,
    height,
    fit: "centre-crop",
    resize: { shorterSide: Math.round((Math.max(width, height) * 256) / 224) },
    channelOrder: "RGB",
    mean: [123.675, 116.28, 103.53],
    std: [58.395, 57.12, 57.375],
  } as const;
}

/** A change of fit takes along only what belongs to it. */
function merged(base: Partial<Preprocessing>, overrides: Partial<Preprocessing>): Partial<Preprocessing> {
  const { resize, fill, ...rest } = { ...base, ...overrides };
  if (rest.fit === "centre-crop") return { ...rest, resize };
  return rest.fit === "contain" && fill ? { ...rest, fill } : rest;
}
