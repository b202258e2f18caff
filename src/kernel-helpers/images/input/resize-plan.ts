// The geometry of preprocessing, in whole pixels of the upright image and of the input grid.
import { invalid } from "../../support/errors.js";
import type { Box } from "../box.js";
import type { Preprocessing } from "./preprocessing.js";
import { wholeInput } from "./whole-input.js";

/** Cut `region` out of the image, resize it to `resized`, cut `crop` out of that, and lay it down at `left`, `top`. */
export interface ResizePlan {
  readonly region: Box;
  /** The size of the input grid. */
  readonly input: { readonly width: number; readonly height: number };
  readonly resized: { readonly width: number; readonly height: number };
  readonly crop: Box;
  /** Where the crop lies on the input grid; above 0 only for `contain`. */
  readonly left: number;
  readonly top: number;
}

/**
 * How an image of a size (or a region of it) is brought to the input grid. The longer side of an intermediate size is
 * rounded down and a centre is rounded half to even, as torchvision's Resize and CenterCrop do.
 *
 * @throws CamlabError when the region does not touch the image
 */
export function resizePlan(preprocessing: Preprocessing, width: number, height: number, region?: Box): ResizePlan {
  const asked = wholeRegion(width, height, region);
  const input = wholeInput(preprocessing, asked);
  const regionFit = region ? regionFitOf(preprocessing) : "card";
  const cut = grownRegion(asked, input, { width, height }, GROWTH[regionFit]);
  const resized = regionFit === "card" ? intermediateSize(preprocessing, cut) : input;
  const crop = {
    x: Math.max(0, centred(resized.width - input.width)),
    y: Math.max(0, centred(resized.height - input.height)),
    width: Math.min(resized.width, input.width),
    height: Math.min(resized.height, input.height),
  };
  return {
    region: cut,
    input,
    resized,
    crop,
    left: Math.max(0, centred(input.width - resized.width)),
    top: Math.max(0, centred(input.height - resized.height)),
  };
}

/** What a fit does to regions unless the preprocessing says so itself: a fit that would cut them is not applied. */
function regionFitOf({ fit, regionFit }: Preprocessing): NonNullable<Preprocessing["regionFit"]> {
  return regionFit ?? (fit === "cover" || fit === "centre-crop" ? "partly" : "card");
}

/**
 * How much of the way to the input's proportions a region is grown, as a power of what is missing; the rest is stretched.
 * Measured on birds with the networks' own fits: grown all the way, their boxes hold much that is no bird; stretched all
 * the way, long birds become round ones. From 0.15 to 0.5 nothing tells the shares apart (bench/regions/growth.ts).
 */
const GROWTH = { widen: 1, partly: 0.3, squash: 0, card: 0 } as const;

/**
 * The box grown along one axis towards the proportions of `input`, around its centre as far as the image reaches.
 *
 * @param box in whole pixels, inside the image
 * @param share 0: as it is; 1: all the way; between them, a power of what is missing
 */
export function grownRegion(box: Box, input: Size, image: Size, share: number): Box {
  if (share === 0) return box;
  const missing = (input.width * box.height) / (input.height * box.width);
  const x = grown(box.x, box.width, box.width * Math.max(1, missing) ** share, image.width);
  const y = grown(box.y, box.height, box.height * Math.max(1, 1 / missing) ** share, image.height);
  return { x: x.start, y: y.start, width: x.length, height: y.length };
}

function grown(start: number, size: number, wanted: number, limit: number): { start: number; length: number } {
  const length = Math.min(Math.max(size, Math.round(wanted)), limit);
  return { start: Math.min(Math.max(0, start - centred(length - size)), limit - length), length };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * A region in whole pixels: edges rounded to the nearest pixel edge, at least one pixel, clamped to the image.
 *
 * @param name what messages call it
 * @throws CamlabError when it has no area or does not touch the image
 */
export function wholeRegion(width: number, height: number, region?: Box, name = "region"): Box {
  if (!region) return { x: 0, y: 0, width, height };
  const right = region.x + region.width;
  const bottom = region.y + region.height;
  const usable = region.width > 0 && region.height > 0 && Number.isFinite(right) && Number.isFinite(bottom);
  if (!usable || right <= 0 || bottom <= 0 || region.x >= width || region.y >= height) {
    throw invalid(name, region, `a box with area inside the image of ${width}×${height} pixels`);
  }
  const x = Math.min(Math.max(Math.round(region.x), 0), width - 1);
  const y = Math.min(Math.max(Math.round(region.y), 0), height - 1);
  return {
    x,
    y,
    width: Math.min(Math.max(Math.round(right), x + 1), width) - x,
    height: Math.min(Math.max(Math.round(bottom), y + 1), height) - y,
  };
}

function intermediateSize(preprocessing: Preprocessing, cut: Box): { width: number; height: number } {
  const { width, height, fit, resize } = preprocessing;
  const wider = cut.width * height >= cut.height * width;
  switch (fit) {
    case "whole":
      return wholeInput(preprocessing, cut);
    case "squash":
      return { width, height };
    case "cover":
      return wider
        ? { width: Math.max(width, Math.floor((cut.width * height) / cut.height)), height }
        : { width, height: Math.max(height, Math.floor((cut.height * width) / cut.width)) };
    case "contain":
      return wider
        ? { width, height: Math.min(height, Math.max(1, Math.round((cut.height * width) / cut.width))) }
        : { width: Math.min(width, Math.max(1, Math.round((cut.width * height) / cut.height))), height };
    case "centre-crop": {
      if (!resize) throw invalid("preprocessing.resize", resize, 'a size, because fit is "centre-crop"');
      if (!("shorterSide" in resize)) return { width: resize.width, height: resize.height };
      const side = resize.shorterSide;
      return cut.width <= cut.height
        ? { width: side, height: Math.floor((side * cut.height) / cut.width) }
        : { width: Math.floor((side * cut.width) / cut.height), height: side };
    }
  }
}

/** Half of a number of pixels, rounded half to even. */
function centred(pixels: number): number {
  const half = Math.floor(pixels / 2);
  return pixels % 2 !== 0 && half % 2 !== 0 ? half + 1 : half;
}
