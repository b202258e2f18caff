import type { Box } from "../box.js";
import type { ImageSource } from "../image.js";
import { type ReadImageOptions, usingImage } from "../files/open-image.js";
import { mirrored } from "../files/orientation.js";
import { mirroredPlacement, placementOf } from "./placement.js";
import type { Placement, Preprocessing } from "./preprocessing.js";
import { readPixels } from "../files/read-pixels.js";
import { type ResizePlan, resizePlan } from "./resize-plan.js";

/** An image brought to the size of a network's input, still 0–255. */
export interface PreparedImage {
  /** 8-bit sRGB, interleaved: `placement.inputWidth · placement.inputHeight · 3` bytes. */
  readonly pixels: Uint8Array;
  /** Where the original image lies on these pixels. */
  readonly placement: Placement;
  /** Columns of the original image, after EXIF orientation. */
  readonly imageWidth: number;
  /** Rows of the original image, after EXIF orientation. */
  readonly imageHeight: number;
}

/** Options of `prepareImage`. */
export interface PrepareImageOptions extends ReadImageOptions {
  /** Look at this part of the original image only; rounded to whole pixels and clamped to the image. */
  readonly region?: Box;
  /** Mirror the input left to right; the placement then has a negative `scaleX`. */
  readonly flip?: boolean;
}

/**
 * Decodes an image straight to a network's input size, in one pass, without holding all of a large image in memory.
 * Colours, orientation and errors as for `loadImage`; a file that is cut short is an error when the missing part would
 * have been looked at.
 *
 * @throws CamlabError as `loadImage`, and when the region has no area in the image
 * @example
 * const { pixels, placement } = await images.prepareImage("street.jpg", network.preprocessing);
 */
export async function prepareImage(
  source: ImageSource,
  preprocessing: Preprocessing,
  options: PrepareImageOptions = {},
): Promise<PreparedImage> {
  const { region, flip = false, signal } = options;
  return usingImage(source, options, async (image) => {
    const { width, height } = image.upright;
    const plan = resizePlan(preprocessing, width, height, region);
    const placement = placementOf(preprocessing, width, height, region);
    const input = onGrid(await readPixels(image, plan, signal), plan, preprocessing.fill);
    return {
      pixels: flip ? mirrored(input, plan.input) : input,
      placement: flip ? mirroredPlacement(placement) : placement,
      imageWidth: width,
      imageHeight: height,
    };
  });
}

/** Lays the crop down on a grid of `fill`; the crop itself when it covers the grid. */
function onGrid(
  pixels: Uint8Array,
  { input: { width, height }, crop, left, top }: ResizePlan,
  fill: Preprocessing["fill"] = [0, 0, 0],
): Uint8Array {
  if (crop.width === width && crop.height === height) return pixels;
  const grid = new Uint8Array(width * height * 3);
  for (let i = 0; i < grid.length; i += 3) grid.set(fill, i);
  for (let row = 0; row < crop.height; row++) {
    const line = pixels.subarray(row * crop.width * 3, (row + 1) * crop.width * 3);
    grid.set(line, ((top + row) * width + left) * 3);
  }
  return grid;
}
