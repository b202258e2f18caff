import type { FoundSettings } from "../formats/format.js";
import { checkPreprocessing } from "../images/input/check-preprocessing.js";
import { CamlabError, invalid } from "../support/errors.js";
import type { Preprocessing } from "../images/input/preprocessing.js";
import {
  checkInputSize,
  scaledResize,
  sizedPreprocessing,
  type ImageInput,
  type InputSize,
} from "./opening/image-input.js";
import { checkPreprocessingOptions, fieldsOf, type PreprocessingOptions } from "./opening/preprocessing-options.js";

/** Where each field of a preprocessing was read: a file's name, `options`, `the graph`, `assumed`. */
export type PreprocessingSources = Readonly<Partial<Record<keyof Preprocessing, string>>>;

/** What is known of a network's preprocessing, besides what its graph fixes. */
export interface PreprocessingSettings {
  /** The card's preprocessing, whole; absent for a bare model. */
  readonly card?: { readonly settings: unknown; readonly from: string };
  /** For a network without a card: what else says some fields, the first that says one before the others. */
  readonly found?: readonly FoundSettings[];
  /** What the caller asked for. */
  readonly given?: PreprocessingOptions;
  /** The size that pictures are brought to instead of the network's own. */
  readonly size?: InputSize;
}

/**
 * The preprocessing that a network is opened with, field by field from the first that says it: the caller; the card, which
 * is whole; what was found beside the network or in its file; or what networks trained on ImageNet with torchvision expect.
 *
 * @param input the input's height and width, where the graph fixes them
 * @returns the settings, where each was read, and a sentence about what was assumed, found or overridden
 * @throws CamlabError naming a field that is wrong, and for a mean and std that are meant for pixels from 0 to 1
 */
export function choosePreprocessing(
  input: Omit<ImageInput, "name">,
  { card, found = [], given = {}, size }: PreprocessingSettings,
): { preprocessing: Preprocessing; sources: PreprocessingSources; notes: string[] } {
  checkPreprocessingOptions(given);
  const own = card ? cardSettings(card) : foundSettings(input, found);
  checkInputSize(input, own.preprocessing, given);
  const to = size === undefined ? own.preprocessing : sizedPreprocessing(own.preprocessing, size);
  const fields = fieldsOf(given, to);
  const sizes = size === undefined ? {} : { width: to.width, height: to.height };
  for (const side of ["width", "height"] as const) {
    const asked = fields[side];
    if (size !== undefined && asked !== undefined && asked !== to[side]) {
      throw invalid(`preprocessing.${side}`, asked, `${to[side]}, the size that was asked for`);
    }
  }
  const preprocessing = checkPreprocessing(merged(to, fields));
  checkScale(preprocessing);
  if (size === undefined) checkInputSize(input, preprocessing);
  const asked = Object.keys({ ...sizes, ...fields }) as (keyof Preprocessing)[];
  const sources = sourcesOf(preprocessing, { ...own.sources, ...sourceOf(asked, "options") });
  return { preprocessing, sources, notes: notesOn(preprocessing, sources, card?.from, Object.keys(fields)) };
}

interface Chosen {
  readonly preprocessing: Preprocessing;
  readonly sources: PreprocessingSources;
}

function cardSettings({ settings, from }: { readonly settings: unknown; readonly from: string }): Chosen {
  const preprocessing = checkPreprocessing(settings);
  return { preprocessing, sources: sourceOf(Object.keys(preprocessing) as (keyof Preprocessing)[], from) };
}

function foundSettings(input: Omit<ImageInput, "name">, found: readonly FoundSettings[]): Chosen {
  let preprocessing: Preprocessing = torchvisionDefault(input);
  let sources: PreprocessingSources = sourceOf(Object.keys(preprocessing) as (keyof Preprocessing)[], "assumed");
  const own = { width: input.width, height: input.height };
  for (const { settings, from } of [...found].reverse()) {
    preprocessing = checkPreprocessing(sizedFor(merged(preprocessing, settings), own));
    sources = { ...sources, ...sourceOf(Object.keys(settings) as (keyof Preprocessing)[], from) };
  }
  const fixed = (["width", "height"] as const).filter((side) => input[side] !== undefined);
  return { preprocessing, sources: { ...sources, ...sourceOf(fixed, "the graph") } };
}

/** On the grid that the graph fixes: what is cut from keeps its share of the input. */
function sizedFor(settings: Preprocessing, own: { readonly width?: number; readonly height?: number }): Preprocessing {
  const { resize, width, height } = settings;
  const to = { width: own.width ?? width, height: own.height ?? height };
  if (to.width === width && to.height === height) return settings;
  return { ...settings, ...to, ...(resize && { resize: scaledResize(resize, { width, height }, to) }) };
}

function sourceOf(fields: readonly (keyof Preprocessing)[], from: string): PreprocessingSources {
  return Object.fromEntries(fields.map((field) => [field, from]));
}

function sourcesOf(preprocessing: Preprocessing, sources: PreprocessingSources): PreprocessingSources {
  const fields = Object.keys(preprocessing) as (keyof Preprocessing)[];
  return Object.fromEntries(fields.map((field) => [field, sources[field] ?? sources.fit]));
}

/** What a note names: the two sides are one size, and what a fit is cut from goes with it. */
const NOTED = ["size", "fit", "channelOrder", "mean", "std"] as const;

function notesOn(
  preprocessing: Preprocessing,
  sources: PreprocessingSources,
  card: string | undefined,
  given: readonly string[],
): string[] {
  if (card !== undefined) {
    return given.length > 0 ? [`preprocessing: ${given.join(", ")} as given, the rest from the card`] : [];
  }
  const sourceAt = (field: (typeof NOTED)[number]) => sources[field === "size" ? "width" : field];
  const by = new Map<string, string[]>();
  for (const field of NOTED) {
    const from = sourceAt(field) ?? "assumed";
    if (from !== "options" && from !== "the graph") by.set(from, [...(by.get(from) ?? []), field]);
  }
  const assumed = by.get("assumed");
  by.delete("assumed");
  const described = describePreprocessing(preprocessing);
  const read = [...by].map(([from, fields]) => `${fields.join(", ")} from ${from}`).join("; ");
  return [
    ...(read ? [`preprocessing: ${read} (${described})`] : []),
    ...(assumed
      ? [
          `preprocessing: ${read ? "" : "no card, so "}${assumed.join(", ")} assumed as for torchvision's ImageNet networks ` +
            `(${described}); pass { preprocessing } if the network expects another`,
        ]
      : []),
  ];
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
  if (fit === "whole") {
    const { stride } = preprocessing;
    return `whole, about ${width}×${height} in steps of ${stride}, ${channelOrder}, (x − [${mean.join(" ")}]) / [${std.join(" ")}]`;
  }
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
      `gives them; camlab's pixels run from 0 to 255. Multiply both by 255: mean [${scaled(mean)}], std [${scaled(std)}]; ` +
      "or give scale: [0, 1] (--scale 0..1) with them",
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

/** A change of fit takes along only what belongs to it; a change of size what is cut from. */
function merged(base: Preprocessing, changes: Partial<Preprocessing>): Preprocessing {
  const { resize: known, fill, ...rest } = { ...base, ...changes };
  const resize = changes.resize ?? (known && scaledResize(known, base, rest));
  if (rest.fit === "centre-crop") return { ...rest, resize };
  return rest.fit === "contain" && fill ? { ...rest, fill } : rest;
}
