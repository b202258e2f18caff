// The one door to sharp: opens a source, checks it, and says what is wrong with it in plain words.
import { access, constants, readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Sharp, SharpOptions } from "sharp";
import { CamlabError, invalid, messageOf } from "../../support/errors.js";
import type { Image, ImageSource } from "../image.js";
import { type Orientation, orientationOf, turnedSize } from "./orientation.js";
import { nameOfSource, readableName } from "./readable-name.js";

/**
 * The most pixels (width × height) that are decoded unless `maxPixels` says otherwise: about 268 megapixels,
 * 0x3FFF × 0x3FFF. A small file can claim to hold far more; this is the guard against it.
 */
export const DEFAULT_MAX_PIXELS = 268_402_689;

/**
 * Files up to so many bytes are read before they are decoded: a fifth less work than when libvips maps a file into
 * memory, once for its header and once for its pixels.
 *
 * @internal
 */
export const SMALL_FILE = 16 * 2 ** 20;

/** What every function that reads images understands. */
export interface ReadImageOptions {
  /** Images of more pixels than this are refused before they are decoded; 268,402,689 unless given. */
  readonly maxPixels?: number;
  /** Aborts between decoding steps, throwing its reason. One image that is being decoded is decoded to its end. */
  readonly signal?: AbortSignal;
  /** What errors call the image; its path unless given. */
  readonly name?: string;
}

/** A source that sharp could open. `stored` is the frame of the file, before its EXIF orientation is applied. */
export interface OpenImage {
  readonly name: string;
  readonly pipeline: Sharp;
  readonly format: ImageFormat;
  readonly stored: { readonly width: number; readonly height: number };
  readonly upright: { readonly width: number; readonly height: number };
  readonly orientation: Orientation;
}

/** The formats that are read; `raw` for pixels that were decoded before. */
export type ImageFormat = (typeof FORMATS)[number] | "raw";

const FORMATS = ["jpeg", "png", "webp", "avif", "tiff", "gif"] as const;
const READABLE = "JPEG, PNG, WebP, AVIF, TIFF or GIF";

/**
 * sharp, set up for streaming: without its operation cache (a setting of the whole process), which would keep pixels
 * alive and show files as they were before they changed.
 *
 * @internal
 */
export async function loadSharp(): Promise<typeof import("sharp").default> {
  const { default: sharp } = await import("sharp");
  if (!configured) {
    sharp.cache(false);
    configured = true;
  }
  return sharp;
}
let configured = false;

/**
 * Reads the header of a source, without decoding it, and checks that it can be decoded.
 *
 * @throws CamlabError naming the source: missing, empty, a folder, not an image, of too many pixels
 */
export async function openImage(source: ImageSource, options: ReadImageOptions = {}): Promise<OpenImage> {
  const { maxPixels = DEFAULT_MAX_PIXELS, signal, name = nameOfSource(source) } = options;
  if (!(maxPixels >= 1)) throw invalid("maxPixels", maxPixels, "a number of pixels, at least 1");
  signal?.throwIfAborted();
  const { input, raw } = await inputOf(source, name);
  if (input.length === 0) throw new CamlabError(`cannot read ${name}: it is empty`);
  const sharp = await loadSharp();
  // "error" refuses files that are cut short or damaged, and lets the small sins of real cameras pass.
  // The pixel limit is checked below, where the message can say how large the image is.
  const pipeline = sharp(input, { failOn: "error", limitInputPixels: false, ...(raw && { raw }) });
  const metadata = await pipeline.metadata().catch((error: unknown) => {
    throw unreadable(name, error);
  });
  signal?.throwIfAborted();

  const format = raw ? "raw" : FORMATS.find((known) => known === (metadata.format as string));
  const found = format ?? (metadata.compression === "av1" ? "avif" : undefined);
  if (!found) {
    throw new CamlabError(`cannot read ${name}: ${metadata.format} is not supported, convert it to ${READABLE}`);
  }
  const stored = { width: metadata.width, height: metadata.height };
  if (stored.width * stored.height > maxPixels) {
    throw new CamlabError(
      `cannot read ${name}: ${stored.width}×${stored.height} pixels are more than the limit of ${maxPixels} ` +
        `(raise maxPixels if the file is to be trusted)`,
    );
  }
  const orientation = orientationOf(metadata.orientation);
  return { name, pipeline, format: found, stored, upright: turnedSize(stored, orientation), orientation };
}

/** What sharp said, in the words of someone who has a file that will not open. */
export function unreadable(name: string, error: unknown): CamlabError {
  const said = messageOf(error);
  let wrong = `it is damaged (${readableName(said.trim().split("\n").at(-1) ?? "")})`;
  if (/unsupported image format/i.test(said)) wrong = `it is not a ${READABLE} image, whatever its name says`;
  else if (
    /premature end|unexpected end|end of file|too small|truncat|read error|unknown error|unable to parse/i.test(said)
  ) {
    wrong = "it is damaged or cut short, get it again from where it came from";
  }
  return new CamlabError(`cannot read ${name}: ${wrong}`, { cause: error });
}

async function inputOf(
  source: ImageSource,
  name: string,
): Promise<{ input: string | Uint8Array; raw?: SharpOptions["raw"] }> {
  if (typeof source === "string") return { input: await pathInput(source, name) };
  if (source instanceof Uint8Array) {
    return { input: source };
  }
  checkImage(source, name);
  return { input: source.data, raw: { width: source.width, height: source.height, channels: 3 } };
}

async function pathInput(path: string, name: string): Promise<string | Uint8Array> {
  if (path === "") throw invalid("image source", path, "a path, the bytes of a file, or pixels");
  const file = resolve(path);
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    const wrong = error.code === "ENOENT" || error.code === "ENOTDIR" ? "there is no such file" : error.code;
    throw new CamlabError(`cannot read ${name}: ${wrong}`, { cause: error });
  });
  if (found.isDirectory()) throw new CamlabError(`cannot read ${name}: it is a folder, list its images first`);
  if (!found.isFile()) throw new CamlabError(`cannot read ${name}: it is not a regular file`);
  if (found.size === 0) throw new CamlabError(`cannot read ${name}: the file is empty (0 bytes)`);
  // libvips takes a last "[…]" of a name for options of its own; such files, too, are handed over as bytes.
  const isRead = found.size <= SMALL_FILE || file.endsWith("]");
  return (isRead ? readFile(file) : access(file, constants.R_OK).then(() => file)).catch(
    (error: NodeJS.ErrnoException) => {
      const wrong =
        error.code === "EACCES" || error.code === "EPERM" ? "you have no permission to read it" : error.code;
      throw new CamlabError(`cannot read ${name}: ${wrong}`, { cause: error });
    },
  );
}

function checkImage(image: Image, name: string): void {
  if (image === null || typeof image !== "object" || !(image.data instanceof Uint8Array)) {
    throw invalid("image source", image, "a path, the bytes of a file, or { width, height, data }");
  }
  const { width, height, data } = image;
  for (const [side, value] of Object.entries({ width, height })) {
    if (!Number.isSafeInteger(value) || value < 1) throw invalid(side, value, "a whole number of pixels, at least 1");
  }
  if (data.length !== width * height * 3) {
    throw new CamlabError(
      `cannot read ${name}: data holds ${data.length} bytes (expected width · height · 3 = ${width * height * 3})`,
    );
  }
}
