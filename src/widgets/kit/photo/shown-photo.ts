import type { Box } from "../../../kernel-helpers/images/box.js";
import type { ImageSource } from "../../../kernel-helpers/images/image.js";
import { nameOfSource, readableName } from "../../../kernel-helpers/images/files/readable-name.js";
import { thumbnail } from "../../../kernel-helpers/images/files/thumbnail.js";
import { messageOf } from "../../../kernel-helpers/support/errors.js";

/** A small copy of a photo, or of a part of it, in its colours and in muted ones. */
export interface ShownPhoto {
  /** In colour, as a data URI. */
  readonly uri: string;
  /** In grey, to lie under a map: what has colour there is evidence. */
  readonly mutedUri: string;
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
 * const { uri, mutedUri } = await shownPhoto(seen.picture.file, { side: 220 });
 */
export async function shownPhoto(file: ImageSource, { side, region }: ShownPhotoOptions): Promise<ShownPhoto> {
  const maxSide = Math.min(LONGEST_SIDE, Math.ceil(side * SHARPNESS));
  const { dataUri, width, height } = await thumbnail(file, { maxSide, quality: 92, ...(region && { region }) });
  const { default: sharp } = await import("sharp");
  const small = sharp(Buffer.from(dataUri.slice(dataUri.indexOf(",") + 1), "base64"));
  const [colour, muted] = await Promise.all([
    small.clone().jpeg({ quality: QUALITY, mozjpeg: true }).toBuffer(),
    small
      .clone()
      .modulate({ saturation: MUTED.saturation })
      .resize(Math.max(1, Math.round(MUTED.size * width)))
      .jpeg({ quality: MUTED.quality, mozjpeg: true })
      .toBuffer(),
  ]);
  const uriOf = (jpeg: Buffer) => `data:image/jpeg;base64,${jpeg.toString("base64")}`;
  return { uri: uriOf(colour), mutedUri: uriOf(muted), width, height };
}

/** What is lost is not seen at the size at which the copy is drawn. */
const QUALITY = 68;
/** Of the copy under a map: its colours' strength and its size beside the other's. */
const MUTED = { saturation: 0.55, size: 0.85, quality: 56 } as const;

/**
 * As `shownPhoto`, for figures that stand without their photos: one that is gone or broken by now is a blank, and a
 * warning says which.
 */
export function shownPhotoOrBlank(file: ImageSource, options: ShownPhotoOptions): Promise<ShownPhoto | undefined> {
  return orBlank(file, shownPhoto(file, options));
}

/** What is made of a photo, or nothing and a warning that says which photo it was. */
export async function orBlank<T>(file: ImageSource, making: Promise<T>): Promise<T | undefined> {
  try {
    return await making;
  } catch (error) {
    process.emitWarning(`a blank is shown for ${readableName(nameOfSource(file))}: ${messageOf(error)}`);
    return undefined;
  }
}

/** A grey pixel. */
export const BLANK =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGO4BwAA5QDk5mmmagAAAABJRU5ErkJggg==";
