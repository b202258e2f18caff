import { CamlabError } from "../support/errors.js";
import type { Box } from "./box.js";
import { type OpenImage, unreadable } from "./open-image.js";
import { storedBox, turnUpright, turnedSize } from "./orientation.js";

/** What to take of an upright image: cut `region`, resize it to `resized`, cut `crop` out of that. Whole pixels. */
export interface PixelPlan {
  readonly region?: Box;
  readonly resized?: { readonly width: number; readonly height: number };
  readonly crop?: Box;
}

/**
 * Decodes, cuts, resizes and cuts again in one pass of sharp, in the frame that the file is stored in, and turns the
 * result upright: 8-bit sRGB, three interleaved channels.
 *
 * @throws CamlabError when the file is damaged or cut short
 */
export async function readPixels(image: OpenImage, plan: PixelPlan, signal?: AbortSignal): Promise<Uint8Array> {
  const { stored, orientation, name } = image;
  const pipeline = image.pipeline;
  const region = plan.region && storedBox(plan.region, stored, orientation);
  const resized = plan.resized && turnedSize(plan.resized, orientation);
  const crop = plan.crop && storedBox(plan.crop, resized ?? region ?? stored, orientation);

  if (region && !(resized && mayShrinkOnLoad(image, region))) pipeline.extract(rectangle(region));
  if (resized) pipeline.resize({ ...resized, fit: "fill", kernel: RESIZE_KERNEL, fastShrinkOnLoad: false });
  if (crop && resized) pipeline.extract(rectangle(crop));
  const { data, info } = await pipeline
    .flatten({ background: PAPER })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw unreadable(name, error);
    });
  signal?.throwIfAborted();
  if (info.channels !== 3) throw new CamlabError(`cannot read ${name}: it has ${info.channels} channels, not 3`);
  return turnUpright(data, info, orientation);
}

/**
 * A triangle filter widened to the scale of the reduction: what Pillow calls BILINEAR and torchvision's
 * `Resize(antialias=True)` uses, so what most networks saw when they were trained.
 */
export const RESIZE_KERNEL = "linear";

/** Transparent pixels show white, as on the page that such images are made for. */
const PAPER = "#ffffff";

/**
 * A JPEG decoder can halve an image while decoding, up to three times, and saves most of the work of large photographs.
 * It rounds odd sides up, which would shift the picture by a fraction of a pixel: allowed where both sides divide by 8.
 * (sharp does so unless something is extracted first, and always leaves a factor of 2 to the filter.)
 */
function mayShrinkOnLoad({ format, stored }: OpenImage, region: Box): boolean {
  if (region.width !== stored.width || region.height !== stored.height) return false;
  return format !== "jpeg" || (stored.width % 8 === 0 && stored.height % 8 === 0);
}

function rectangle({ x, y, width, height }: Box): { left: number; top: number; width: number; height: number } {
  return { left: x, top: y, width, height };
}
