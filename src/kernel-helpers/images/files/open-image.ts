// The one door to sharp: opens a source, checks it, and says what is wrong with it in plain words.
import { optionNames } from "../../support/check.js";
import type { Metadata, Sharp, SharpOptions } from "sharp";
import { CamlabError, invalid } from "../../support/errors.js";
import { memoryLimit } from "../decode/decode-memory.js";
import { inTurn } from "../decode/picture-gate.js";
import type { DecodedFile } from "../formats/decoded-file.js";
import { firstBytes, type ReadFormat } from "../formats/first-bytes.js";
import { openBmp } from "../formats/bmp.js";
import { decodeHeic } from "../formats/heic.js";
import { pngOrientation } from "../formats/png-orientation.js";
import { isSrgbProfile } from "../formats/srgb-profile.js";
import { type PlainJpeg, plainJpeg } from "../jpeg/plain-jpeg.js";
import { isSmall, plainMemory } from "../jpeg/plain-pixels.js";
import { openTiff } from "../formats/tiff/open-tiff.js";
import { tiffOrientation } from "../formats/tiff/tiff-header.js";
import { xmpOrientation } from "../formats/xmp-orientation.js";
import type { Image, ImageSource } from "../image.js";
import { isPacked } from "../packed/packed-image.js";
import { type Orientation, orientationOf, turnedSize } from "./orientation.js";
import { allBytes, type EncodedInput, LOOKED_INTO, readInput } from "./read-input.js";
import { nameOfSource } from "./readable-name.js";
import { unreadable } from "./unreadable.js";
import { type DecodedHeader, decodingMemory } from "../decode/decoding-memory.js";

/**
 * The most pixels (width × height) that are decoded unless `maxPixels` says otherwise: about 268 megapixels,
 * 0x3FFF × 0x3FFF. A small file can claim to hold far more; this is the guard against it.
 *
 * @example
 * await loadImage("map.tif", { maxPixels: 2 * images.DEFAULT_MAX_PIXELS });
 */
export const DEFAULT_MAX_PIXELS = 268_402_689;

/** What every function that reads images understands. */
export interface ReadImageOptions {
  /** Images of more pixels than this are refused before they are decoded; 268,402,689 unless given. */
  readonly maxPixels?: number;
  /**
   * The memory, in bytes, that pictures may take together while they are decoded, in whatever calls and threads: one
   * that does not fit waits for the others, one that alone needs more is refused. The environment's
   * `CAMLAB_MAX_MEMORY` unless given, and 1 GB without it.
   */
  readonly maxMemory?: number;
  /** Aborts between decoding steps, throwing its reason. One image that is being decoded is decoded to its end. */
  readonly signal?: AbortSignal;
  /** What errors call the image; its path unless given. */
  readonly name?: string;
}

/** The names of all options of reading. */
export const READ_OPTIONS = optionNames<ReadImageOptions>({
  maxPixels: true,
  maxMemory: true,
  signal: true,
  name: true,
});

/** A source that sharp could open. `stored` is the frame of the file, before its orientation is applied. */
export interface OpenImage {
  readonly name: string;
  readonly format: ImageFormat;
  readonly stored: { readonly width: number; readonly height: number };
  readonly upright: { readonly width: number; readonly height: number };
  readonly orientation: Orientation;
  /** Whether its samples have 16 bits. */
  readonly isDeep?: boolean;
  /** Absent for pixels. */
  readonly input?: EncodedInput;
  /** For a JPEG that need not go to sharp, unless its data turn out to be odd. */
  readonly plain?: PlainJpeg;
  /** Starts decoding, or decoding other bytes in its place. */
  readonly start: (bytes?: Uint8Array) => Sharp | Promise<Sharp>;
  /** Bytes that decoding takes beside what it gives. */
  readonly memory: number;
  /** What all pictures may take together. */
  readonly maxMemory: number;
}

/** The formats that are read; `raw` for pixels that were decoded before. */
export type ImageFormat = ReadFormat | "raw";

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
 * Opens a source once its turn comes, for as long as `use` takes: few are open at once.
 *
 * @throws CamlabError naming the source: missing, empty, a folder, not an image, of too many pixels
 */
export async function usingImage<T>(
  source: ImageSource,
  options: ReadImageOptions,
  use: (image: OpenImage) => Promise<T>,
): Promise<T> {
  const isPixels = typeof source === "object" && !(source instanceof Uint8Array) && !isPacked(source);
  if (isPixels) return use(await openImage(source, options));
  return inTurn(options.signal, async () => use(await openImage(source, options)));
}

/** Reads the header of a source, without decoding it, and checks that it can be decoded. */
async function openImage(source: ImageSource, options: ReadImageOptions): Promise<OpenImage> {
  const { maxPixels = DEFAULT_MAX_PIXELS, signal, name = nameOfSource(source) } = options;
  if (!(maxPixels >= 1)) throw invalid("maxPixels", maxPixels, "a number of pixels, at least 1");
  const maxMemory = memoryLimit(options.maxMemory);
  signal?.throwIfAborted();
  const input = await readInput(source, name);
  const opened = "image" in input ? await openPixels(input.image) : await openEncoded(input, name);
  signal?.throwIfAborted();
  const { width, height } = opened.stored;
  if (width * height > maxPixels) {
    throw new CamlabError(
      `cannot read ${name}: ${width}×${height} pixels are more than the limit of ${maxPixels} ` +
        `(raise maxPixels if the file is to be trusted)`,
    );
  }
  return { name, maxMemory, upright: turnedSize(opened.stored, opened.orientation), ...opened };
}

type Opened = Omit<OpenImage, "name" | "maxMemory" | "upright">;

async function openPixels({ width, height, data }: Image): Promise<Opened> {
  const sharp = await loadSharp();
  const stored = { width, height };
  const settings: SharpOptions = { limitInputPixels: false, raw: { ...stored, channels: 3 } };
  return { format: "raw", stored, orientation: orientationOf(1), memory: 0, start: () => sharp(data, settings) };
}

async function openEncoded(input: EncodedInput, name: string): Promise<Opened> {
  const found = firstBytes(input.head);
  if ("isOther" in found) throw new CamlabError(`cannot read ${name}: it is ${found.isOther}; ${found.advice}`);
  const { format } = found;
  const decoded = await openDecoded(format, input, name);
  if (decoded) return openWithPixels(format, input, decoded);
  const plain = format === "jpeg" && input.bytes ? plainJpeg(input.bytes) : undefined;
  const hasAll = plain !== undefined && !plain.isTagged;
  const sharp = new OpenedBySharp(format, input, name);
  const metadata: Header = hasAll ? headerOf(plain) : await sharp.metadata();
  // Converting from sRGB to sRGB changes nothing, and takes as long as decoding.
  const ignoreIcc = metadata.icc !== undefined && metadata.channels === 3 && isSrgbProfile(metadata.icc);
  const isPlain = plain !== undefined && (metadata.icc === undefined || ignoreIcc) && isSmall(plain);
  return {
    format,
    stored: { width: metadata.width, height: metadata.height },
    orientation: orientationOf(await toldOrientation(format, input, metadata)),
    isDeep: metadata.depth === "ushort",
    input,
    memory: (isPlain ? plainMemory(plain) : decodingMemory(format, metadata)) + Math.min(input.size, LOOKED_INTO),
    start: (bytes) => sharp.start(ignoreIcc, bytes),
    ...(isPlain && { plain }),
  };
}

interface Header extends DecodedHeader, Pick<Metadata, "orientation" | "xmp"> {
  readonly icc?: Uint8Array;
}

/** What sharp would say of a plain JPEG. */
function headerOf({ width, height, components, icc }: PlainJpeg): Header {
  return { width, height, channels: components.length === 1 ? 1 : 3, depth: "uchar", isProgressive: false, icc };
}

/** A source that sharp reads: the header, then the pixels. */
class OpenedBySharp {
  #opened: Sharp | undefined;

  constructor(
    private readonly format: ReadFormat,
    private readonly input: EncodedInput,
    private readonly name: string,
  ) {}

  async metadata(): Promise<Metadata> {
    this.#opened = await this.#open(false);
    return this.#opened.metadata().catch((error: unknown) => {
      throw unreadable(this.name, error);
    });
  }

  async start(ignoreIcc: boolean, bytes?: Uint8Array): Promise<Sharp> {
    const opened = this.#opened;
    this.#opened = undefined;
    // What read the header reads the pixels, too, the first time.
    return opened && !bytes && !ignoreIcc ? opened : this.#open(ignoreIcc, bytes);
  }

  async #open(ignoreIcc: boolean, bytes?: Uint8Array): Promise<Sharp> {
    const sharp = await loadSharp();
    // "error" refuses files that are cut short or damaged, and lets the small sins of real cameras pass; libjpeg calls
    // half a picture a warning. The pixel limit is checked where the message can say how large the image is.
    const failOn = this.format === "jpeg" ? "warning" : "error";
    return sharp(bytes ?? this.input.bytes ?? this.input.path!, { failOn, limitInputPixels: false, ignoreIcc });
  }
}

/** By EXIF, else by XMP, where the format or its decoder does not say. */
async function toldOrientation(
  format: ReadFormat,
  input: EncodedInput,
  { orientation, xmp }: { readonly orientation?: number; readonly xmp?: Uint8Array },
): Promise<number | undefined> {
  // libvips calls a TIFF file upright that says nothing.
  if (format === "tiff" && xmp && input.size <= LOOKED_INTO) {
    return tiffOrientation(await allBytes(input)) ?? xmpOrientation(xmp);
  }
  if (orientation !== undefined) return orientation;
  if (format === "png" && input.size <= LOOKED_INTO) return pngOrientation(await allBytes(input));
  return xmpOrientation(xmp);
}

/** The formats, and the files of a format, whose pixels do not come from libvips. */
async function openDecoded(format: ReadFormat, input: EncodedInput, name: string): Promise<DecodedFile | undefined> {
  if (!BY_OURSELVES.has(format)) return undefined;
  if (input.size > LOOKED_INTO) {
    // A TIFF file of that size is a scan or a map, which libvips reads in pieces.
    if (format === "tiff") return undefined;
    throw new CamlabError(
      `cannot read ${name}: ${format.toUpperCase()} files above 256 MB are not read; save it as PNG`,
    );
  }
  const bytes = await allBytes(input);
  try {
    if (format === "tiff") return openTiff(bytes, name);
    return format === "bmp" ? openBmp(bytes, name) : await openHeic(bytes, name);
  } catch (error) {
    throw unreadable(name, error);
  }
}

const BY_OURSELVES: ReadonlySet<ReadFormat> = new Set(["tiff", "bmp", "heic"]);

/** libvips knows the header of a HEIC file, if not its pixels. Its turns are applied by whoever decodes it. */
async function openHeic(bytes: Uint8Array, name: string): Promise<DecodedFile> {
  const sharp = await loadSharp();
  const metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
  const stored = { width: metadata.width, height: metadata.height };
  return { stored, memory: decodingMemory("heic", metadata), decode: () => decodeHeic(bytes, name) };
}

function openWithPixels(format: ReadFormat, input: EncodedInput, { decode, ...file }: DecodedFile): Opened {
  const start = async () => {
    const [sharp, { data, ...size }] = await Promise.all([loadSharp(), decode()]);
    return sharp(data, { limitInputPixels: false, raw: { ...size, channels: 3 } });
  };
  const orientation = orientationOf(file.orientation);
  return { format, stored: file.stored, orientation, input, memory: file.memory + input.size, start };
}
