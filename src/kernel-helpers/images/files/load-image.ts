import { check } from "../../support/check.js";
import type { Image, ImageSource } from "../image.js";
import { READ_OPTIONS, type ReadImageOptions, usingImage } from "./open-image.js";
import { readPixels } from "./read-pixels.js";

/**
 * Decodes an image to 8-bit sRGB, the whole of it, upright.
 *
 * Reads JPEG, PNG, WebP, AVIF, TIFF, GIF (the first frame), BMP, and with the optional package `heic-decode` HEIC. The
 * orientation that EXIF or XMP gives is applied, embedded colour profiles
 * and CMYK are converted to sRGB, grey and palette images become RGB, 16 bits become 8, and transparent pixels show
 * white. A file that is damaged or cut short is an error, never half a picture.
 *
 * @throws CamlabError naming the source and what is wrong with it: missing, empty, not an image, cut short, of more
 * than `maxPixels` pixels
 * @example
 * const { width, height, data } = await loadImage("street.jpg"); // data: width · height · 3 bytes
 */
export async function loadImage(source: ImageSource, options: ReadImageOptions = {}): Promise<Image> {
  check.known(options, READ_OPTIONS, "loadImage");
  return usingImage(source, options, async (image) => ({
    ...image.upright,
    data: await readPixels(image, {}, options.signal),
  }));
}
