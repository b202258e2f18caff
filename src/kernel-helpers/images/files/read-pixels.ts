import type { Sharp } from "sharp";
import { CamlabError } from "../../support/errors.js";
import type { Box } from "../box.js";
import { holdMemory } from "../decode/decode-memory.js";
import { decodeWhole } from "../whole/decode-whole.js";
import { plainPixels } from "../jpeg/plain-pixels.js";
import { enlarge, planAxis } from "./enlarge.js";
import type { OpenImage } from "./open-image.js";
import { storedBox, turnUpright, turnedSize } from "./orientation.js";

/** What to take of an upright image: cut `region`, resize it to `resized`, cut `crop` out of that. Whole pixels. */
export interface PixelPlan {
  readonly region?: Box;
  readonly resized?: { readonly width: number; readonly height: number };
  readonly crop?: Box;
}

/**
 * Decodes, cuts, resizes and cuts again in one pass, in the frame that the file is stored in, and turns the
 * result upright: 8-bit sRGB, three interleaved channels.
 *
 * @throws CamlabError when the file is damaged or cut short, and when decoding it takes more memory than pictures may
 * take; the signal's reason when it is aborted while the picture waits for others
 */
export async function readPixels(image: OpenImage, plan: PixelPlan, signal?: AbortSignal): Promise<Uint8Array> {
  const region = plan.region ?? { x: 0, y: 0, ...image.upright };
  const resized = plan.resized ?? region;
  const crop = plan.crop ?? { x: 0, y: 0, width: resized.width, height: resized.height };
  const x = planAxis(region.width, resized.width, crop.x, crop.width);
  const y = planAxis(region.height, resized.height, crop.y, crop.height);
  const reduced = { width: x.reduced, height: y.reduced };
  const needed = { x: x.start, y: y.start, width: x.length, height: y.length };
  const release = await memoryFor(image, reduced, signal);
  try {
    const pixels = await reduce(image, region, reduced, needed);
    signal?.throwIfAborted();
    return enlarge(pixels, x, y);
  } finally {
    release();
  }
}

/** Waits for the memory that a picture takes while it is decoded, its result of `width × height` and a copy included. */
async function memoryFor(
  { name, memory, maxMemory, stored }: OpenImage,
  { width, height }: { width: number; height: number },
  signal?: AbortSignal,
): Promise<() => void> {
  const bytes = memory + 2 * 3 * width * height;
  if (bytes > maxMemory) {
    throw new CamlabError(
      `cannot read ${name}: decoding its ${stored.width}×${stored.height} pixels takes about ${inGigabytes(bytes)} of ` +
        `memory, more than the ${inGigabytes(maxMemory)} that pictures may take (raise maxMemory, or set ` +
        `CAMLAB_MAX_MEMORY, if the file is to be trusted)`,
    );
  }
  return holdMemory(bytes, maxMemory, signal);
}

function inGigabytes(bytes: number): string {
  return bytes >= 2 ** 29 ? `${(bytes / 2 ** 30).toFixed(1)} GB` : `${Math.ceil(bytes / 2 ** 20)} MB`;
}

/** Cuts `region`, reduces it to `reduced`, cuts `needed` out of that; all of them upright. */
async function reduce(
  image: OpenImage,
  region: Box,
  reduced: { width: number; height: number },
  needed: Box,
): Promise<Uint8Array> {
  const { stored, upright, orientation, name } = image;
  const keepsAll = same(region, upright);
  const size = turnedSize(reduced, orientation);
  const stays = storedBox(region, stored, orientation);
  const cut = storedBox(needed, size, orientation);
  const plain =
    image.plain && (await plainPixels(image.input!.bytes!, image.plain, { region: stays, reduced: size, needed: cut }));
  if (plain) return turnUpright(plain, cut, orientation);
  const mayShrink = keepsAll && mayShrinkOnLoad(image) && 2 * reduced.height <= region.height;
  const decode = (pipeline: Sharp) => {
    if (!keepsAll || !mayShrinkOnLoad(image)) pipeline.extract(rectangle(stays));
    if (!same(reduced, region)) {
      pipeline.resize({ ...size, fit: "fill", kernel: RESIZE_KERNEL, fastShrinkOnLoad: false });
    }
    if (!same(needed, reduced)) pipeline.extract(rectangle(cut));
    const flat = pipeline.flatten({ background: PAPER }).toColourspace("srgb").raw({ depth: "uchar" });
    return flat.toBuffer({ resolveWithObject: true });
  };
  const { data, info } = await decodeWhole(image, decode, mayShrink);
  if (info.channels !== 3) throw new CamlabError(`cannot read ${name}: it has ${info.channels} channels, not 3`);
  return turnUpright(data, info, orientation);
}

/**
 * A triangle filter widened to the scale of the reduction: what Pillow calls BILINEAR and torchvision's
 * `Resize(antialias=True)` uses, so what most networks saw when they were trained.
 */
const RESIZE_KERNEL = "linear";

/** Transparent pixels show white, as on the page that such images are made for. */
const PAPER = "#ffffff";

/**
 * A JPEG decoder can halve an image while decoding, up to three times, and saves most of the work of large photographs.
 * It rounds odd sides up, which would shift the picture by a fraction of a pixel: allowed where both sides divide by 8.
 * (sharp does so unless something is extracted first, and always leaves a factor of 2 to the filter.)
 */
function mayShrinkOnLoad({ format, stored }: OpenImage): boolean {
  return format !== "jpeg" || (stored.width % 8 === 0 && stored.height % 8 === 0);
}

function same(a: { width: number; height: number }, b: { width: number; height: number }): boolean {
  return a.width === b.width && a.height === b.height;
}

function rectangle({ x, y, width, height }: Box): { left: number; top: number; width: number; height: number } {
  return { left: x, top: y, width, height };
}
