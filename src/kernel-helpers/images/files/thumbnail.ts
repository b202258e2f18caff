import type { Box } from "../box.js";
import { encodeJpeg } from "./encode.js";
import type { ImageSource } from "../image.js";
import { type ReadImageOptions, usingImage } from "./open-image.js";
import { readPixels } from "./read-pixels.js";
import { wholeRegion } from "../input/resize-plan.js";
import { check } from "../../support/check.js";

/** A small copy of an image that can stand in a page. */
export interface Thumbnail {
  /** `data:image/jpeg;base64,…` */
  readonly dataUri: string;
  /** Columns of the thumbnail. */
  readonly width: number;
  /** Rows of the thumbnail. */
  readonly height: number;
  /** Columns of the original image, after EXIF orientation. */
  readonly imageWidth: number;
  /** Rows of the original image, after EXIF orientation. */
  readonly imageHeight: number;
}

/** Options of `thumbnail`. */
export interface ThumbnailOptions extends ReadImageOptions {
  /** The longer side of the thumbnail, in pixels; an image that is smaller keeps its size. 320 unless given. */
  readonly maxSide?: number;
  /** Show this part of the original image only; rounded to whole pixels and clamped to the image. */
  readonly region?: Box;
  /** JPEG quality, 1–100; 85 unless given. */
  readonly quality?: number;
}

/**
 * A small upright JPEG of an image, as a data URI. A large image is never held in memory whole.
 *
 * @throws CamlabError as `loadImage`, and when the region has no area in the image
 * @example
 * const { dataUri, width, height } = await images.thumbnail("street.jpg", { maxSide: 320 });
 */
export async function thumbnail(source: ImageSource, options: ThumbnailOptions = {}): Promise<Thumbnail> {
  const { maxSide = 320, quality = 85, signal } = options;
  check.count("maxSide", maxSide);
  const small = await usingImage(source, options, async (image) => {
    const region = wholeRegion(image.upright.width, image.upright.height, options.region);
    const scale = Math.min(1, maxSide / Math.max(region.width, region.height));
    const width = Math.max(1, Math.round(region.width * scale));
    const height = Math.max(1, Math.round(region.height * scale));
    const data = await readPixels(image, { region, resized: { width, height } }, signal);
    return { width, height, data, upright: image.upright };
  });
  const { width, height, upright } = small;
  const jpeg = await encodeJpeg(small, { quality });
  const dataUri = `data:image/jpeg;base64,${Buffer.from(jpeg).toString("base64")}`;
  return { dataUri, width, height, imageWidth: upright.width, imageHeight: upright.height };
}
