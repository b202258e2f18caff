// Never half a picture: what sharp and its decoders pass without a word is looked at here.
import type { OutputInfo, Sharp } from "sharp";
import { CamlabError, messageOf } from "../../support/errors.js";
import type { OpenImage } from "../files/open-image.js";
import { allBytes, LOOKED_INTO } from "../files/read-input.js";
import { cutShort, unreadable } from "../files/unreadable.js";
import { readTiffHeader } from "../formats/tiff/tiff-header.js";
import { gifFirstFrame } from "./gif-pixels.js";
import { hasAllDetail, jpegLayout, type JpegLayout, type JpegScan } from "./jpeg-layout.js";
import { walkJpeg } from "./jpeg-walk.js";
import { isShortTiff } from "./tiff-whole.js";
import { hasUnwrittenChunk, shortenedWebp } from "./webp-shortened.js";
import { hasZeroRun } from "./zero-run.js";

type Decoded = { data: Buffer; info: OutputInfo };
type Decode = (pipeline: Sharp) => Promise<Decoded>;

/**
 * Decodes a picture.
 *
 * @param decode what is to become of a pipeline; for a JPEG that is sound but for its markers it is called again
 * @param mayShrink whether the decoder may give fewer pixels than there are
 * @throws CamlabError when the file is damaged or a part of its picture is missing
 */
export async function decodeWhole(image: OpenImage, decode: Decode, mayShrink = true): Promise<Decoded> {
  const result = await decodeChecked(image, decode, mayShrink);
  if (image.isDeep) await checkNotAllBlack(image, result);
  return result;
}

async function decodeChecked(image: OpenImage, decode: Decode, mayShrink: boolean): Promise<Decoded> {
  const { name, format, input } = image;
  if (!input || !CHECKED.has(format) || input.size > LOOKED_INTO) return begun(image, decode).catch(refused(name));
  if (format === "gif" && isShortGif(await allBytes(input))) throw cutShort(name);
  if (format === "jpeg") return decodeJpeg(image, decode, mayShrink);
  if (format === "tiff" && hasShortStrips(await allBytes(input))) throw cutShort(name);
  if (format === "webp") return decodeWebp(image, decode, await allBytes(input));
  return begun(image, decode).catch(refused(name));
}

const CHECKED: ReadonlySet<OpenImage["format"]> = new Set(["jpeg", "gif", "webp", "tiff"]);

async function begun({ start }: OpenImage, decode: Decode, bytes?: Uint8Array): Promise<Decoded> {
  return decode(await start(bytes));
}

function refused(name: string): (error: unknown) => never {
  return (error) => {
    throw unreadable(name, error);
  };
}

function isShortGif(bytes: Uint8Array): boolean {
  const frame = gifFirstFrame(bytes);
  return frame !== undefined && frame.pixels < frame.width * frame.height;
}

function hasShortStrips(bytes: Uint8Array): boolean {
  const header = readTiffHeader(bytes);
  return header !== undefined && isShortTiff(bytes, header);
}

/**
 * Samples of 16 bits of which only the lowest eight are used would all be black: numbers of an instrument, or of 8 bits
 * that were saved in 16.
 *
 * @throws CamlabError when there is something to see, and nothing is shown
 */
async function checkNotAllBlack({ name, input, start }: OpenImage, { data }: Decoded): Promise<void> {
  if (!input || input.size > LOOKED_INTO || data.some((value) => value !== 0)) return;
  const { channels } = await (await start(await allBytes(input))).stats();
  const most = Math.max(...channels.map(({ max }) => max));
  if (most > 0 && most < 256) {
    throw new CamlabError(
      `cannot read ${name}: its samples reach ${most} of 65535: all would be black; stretch them to the whole range, ` +
        "or save the picture with 8 bits a sample",
    );
  }
}

async function decodeWebp(image: OpenImage, decode: Decode, bytes: Uint8Array): Promise<Decoded> {
  const { name } = image;
  if (hasUnwrittenChunk(bytes)) throw cutShort(name);
  const result = await begun(image, decode).catch(refused(name));
  const shortened = shortenedWebp(bytes);
  if (shortened && (await decodes(image, shortened))) throw cutShort(name);
  return result;
}

async function decodeJpeg(image: OpenImage, decode: Decode, mayShrink: boolean): Promise<Decoded> {
  const { name, input } = image;
  const first = await begun(image, decode).then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  const bytes = await allBytes(input!);
  const layout = jpegLayout(bytes);
  const end = "result" in first ? first.result.data.subarray(-12) : undefined;
  const hidesLast = mayShrink || layout?.linesAtOnce === 8;
  const isSound = end !== undefined && !(hidesLast && isUnwritten(end, layout?.components.length ?? 3));
  if (layout && (!hasAllDetail(layout) || (await isShortJpeg(image, bytes, layout, isSound)))) throw cutShort(name);
  if ("result" in first) return first.result;
  return begun(image, decode, mended(name, bytes, layout, first.error)).catch(refused(name));
}

/**
 * libjpeg says where data end too early, but libvips does not hear it for the last lines where it asks for several rows of
 * blocks at a time; and zeros where data were never written decode to many pixels a byte, so that the picture is complete
 * before its data end.
 */
async function isShortJpeg(image: OpenImage, bytes: Uint8Array, layout: JpegLayout, isSound: boolean) {
  const zeros = layout.scans.find(({ start, end }) => hasZeroRun(bytes, start, end));
  // A sound file closes; zeros up to its very end were never written, however many blocks they happen to decode to.
  if (zeros && layout.end === undefined && hasZeroRun(bytes, bytes.length - ZEROS_AT_END)) return true;
  if (layout.isProgressive) return zeros !== undefined && decodes(image, withoutLast(bytes, zeros));
  if (!zeros && isSound) return false;
  const walk = walkJpeg(bytes);
  return walk !== undefined && (walk.missing > 0 || (zeros !== undefined && walk.unused > UNUSED));
}

/** Blocks without data are of one middle grey, or what a colour profile and four inks make of it. */
function isUnwritten(pixels: Uint8Array, inks: number): boolean {
  const [red, green, blue] = pixels;
  const isGrey = Math.max(red, green, blue) - Math.min(red, green, blue) <= 8 && green >= 64 && green <= 192;
  return (isGrey || inks > 3) && pixels.every((value, i) => value === pixels[i % 3]);
}

const ZEROS_AT_END = 24;

/** So many bytes after the last block are no harm. */
const UNUSED = 64;

/**
 * The file with its end marked and nothing between its segments, for one that was refused for no more than that.
 *
 * @throws CamlabError when that is not what it was refused for
 */
function mended(name: string, bytes: Uint8Array, layout: JpegLayout | undefined, error: unknown): Uint8Array {
  const said = messageOf(error);
  const isMarkers = /premature end of JPEG|extraneous bytes before marker 0x(?!d[0-7])|revision number/i.test(said);
  if (!layout || layout.scans.length === 0 || !isMarkers) throw unreadable(name, error);
  const { strays, end = layout.scans.at(-1)!.end } = layout;
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [start, after] of [...strays, [end, bytes.length]]) {
    parts.push(bytes.subarray(at, start));
    at = after;
  }
  const whole = Buffer.concat([...parts, END_OF_IMAGE]);
  if (/revision number/i.test(said)) whole.fill(1, whole.indexOf("JFIF\0") + 5, whole.indexOf("JFIF\0") + 6);
  return whole;
}

const END_OF_IMAGE = Uint8Array.of(0xff, 0xd9);

/** A sound picture needs the last bytes of its data, as for WebP. */
function withoutLast(bytes: Uint8Array, { end }: JpegScan): Uint8Array {
  return Buffer.concat([bytes.subarray(0, end - CUT), bytes.subarray(end)]);
}

const CUT = 32;

/** Whether bytes decode without complaint. */
async function decodes({ start, stored }: OpenImage, bytes: Uint8Array): Promise<boolean> {
  const pipeline = await start(bytes);
  // All lines, however small the result.
  const small = pipeline
    .extract({ left: 0, top: 0, ...stored })
    .resize(8, 8, { fit: "fill" })
    .raw();
  return small.toBuffer().then(
    () => true,
    () => false,
  );
}
