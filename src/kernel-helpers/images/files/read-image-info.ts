import type { ImageSource } from "../image.js";
import { type ImageFormat, type ReadImageOptions, usingImage } from "./open-image.js";

/** What the header of an image says. */
export interface ImageInfo {
  /** Columns, after EXIF orientation. */
  readonly width: number;
  /** Rows, after EXIF orientation. */
  readonly height: number;
  readonly format: ImageFormat;
}

/**
 * The size and format of an image, from its header alone: nothing is decoded.
 *
 * @throws CamlabError naming the source: missing, empty, not an image, of more than `maxPixels` pixels
 * @example
 * await images.readImageInfo("street.jpg"); // { width: 3024, height: 4032, format: "jpeg" }
 */
export async function readImageInfo(source: ImageSource, options: ReadImageOptions = {}): Promise<ImageInfo> {
  return usingImage(source, options, ({ upright, format }) => Promise.resolve({ ...upright, format }));
}
