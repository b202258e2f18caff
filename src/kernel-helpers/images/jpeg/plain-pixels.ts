import { hasZeroRun } from "../whole/zero-run.js";
import type { PlainJpeg } from "./plain-jpeg.js";
import { decodeMany } from "./threads/decode-many.js";
import type { StoredPlan } from "./wasm/decode-plain.js";

/** Larger pictures go to sharp: it decodes beside the calling thread, and a band of lines at a time. */
const MOST_PIXELS = 2 ** 21;

/** From this factor on, sharp first takes means of whole numbers of pixels, or has the decoder give fewer. */
const MOST_REDUCED = 4;

/** Whether a picture is decoded by us at all. */
export function isSmall({ width, height }: PlainJpeg): boolean {
  return width * height <= MOST_PIXELS && Math.min(width, height) >= 16;
}

/** The bytes that decoding takes beside its result: three planes, and three lines for each of theirs. */
export function plainMemory({ width, height }: PlainJpeg): number {
  return 6 * width * height;
}

/**
 * What a plan asks for of a plain JPEG.
 *
 * @returns RGB pixels; undefined where sharp is to decode the file: it is reduced a lot, or its data are not just as they
 * should be, and sharp and the checks around it say what is wrong
 */
export async function plainPixels(
  bytes: Uint8Array,
  jpeg: PlainJpeg,
  plan: StoredPlan,
): Promise<Uint8Array | undefined> {
  const { region, reduced } = plan;
  const isMuch = region.width >= MOST_REDUCED * reduced.width || region.height >= MOST_REDUCED * reduced.height;
  // Zeros that were never written decode to pixels, too.
  if (isMuch || hasZeroRun(bytes, jpeg.scan)) return undefined;
  return decodeMany(bytes, jpeg, plan);
}
