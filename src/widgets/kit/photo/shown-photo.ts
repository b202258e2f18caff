import type { Box } from "../../../kernel-helpers/images/box.js";
import type { ImageSource } from "../../../kernel-helpers/images/image.js";
import { thumbnail } from "../../../kernel-helpers/images/files/thumbnail.js";
import { messageOf } from "../../../kernel-helpers/support/errors.js";

/** A small copy of a photo, or of a part of it, in colour and in grey. */
export interface ShownPhoto {
  /** In colour, as a data URI. */
  readonly uri: string;
  /** In grey, to lie under a map: what has colour there is evidence. */
  readonly greyUri: string;
  /** Of the copy, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** How a photo is shown. */
export interface ShownPhotoOptions {
  /** The longer side at which it will be drawn, in pixels; the copy has more, for sharp screens. */
  readonly side: number;
  /** This part of it only. */
  readonly region?: Box;
}

/** The copy's pixels for each pixel that is drawn. */
const SHARPNESS = 1.5;
const LONGEST_SIDE = 1200;

/**
 * Reads a photo as widgets show it.
 *
 * @throws CamlabError when it cannot be read
 * @example
 * const { uri, greyUri } = await shownPhoto(seen.picture.file, { side: 220 });
 */
export async function shownPhoto(file: ImageSource, { side, region }: ShownPhotoOptions): Promise<ShownPhoto> {
  const maxSide = Math.min(LONGEST_SIDE, Math.ceil(side * SHARPNESS));
  const { dataUri, width, height } = await thumbnail(file, { maxSide, quality: 80, ...(region && { region }) });
  return { uri: dataUri, greyUri: await inGrey(dataUri), width, height };
}

/**
 * As `shownPhoto`, for figures that stand without their photos: one that is gone or broken by now is a blank, and a
 * warning says which.
 */
export async function shownPhotoOrBlank(file: string, options: ShownPhotoOptions): Promise<ShownPhoto | undefined> {
  try {
    return await shownPhoto(file, options);
  } catch (error) {
    process.emitWarning(`a blank is shown for ${file}: ${messageOf(error)}`);
    return undefined;
  }
}

/** A grey pixel. */
export const BLANK =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGO4BwAA5QDk5mmmagAAAABJRU5ErkJggg==";

async function inGrey(dataUri: string): Promise<string> {
  const { default: sharp } = await import("sharp");
  const jpeg = Buffer.from(dataUri.slice(dataUri.indexOf(",") + 1), "base64");
  const grey = await sharp(jpeg).greyscale().jpeg({ quality: 76 }).toBuffer();
  return `data:image/jpeg;base64,${grey.toString("base64")}`;
}
