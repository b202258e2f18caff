import { check } from "../../support/check.js";
import type { Image } from "../image.js";
import { usingImage } from "./open-image.js";

/**
 * Pixels as the bytes of a JPEG file.
 *
 * @param options.quality 1–100; 85 unless given
 * @throws CamlabError when the pixels do not fit their width and height, or the quality is out of range
 * @example
 * await writeFile("crop.jpg", await images.encodeJpeg(image));
 */
export async function encodeJpeg(image: Image, options: { readonly quality?: number } = {}): Promise<Uint8Array> {
  const { quality = 85 } = check.known(options, ["quality"], "encodeJpeg");
  check.wholeNumber("quality", quality, { from: 1, to: 100 });
  return usingImage(image, ANY_SIZE, async ({ start }) => (await start()).jpeg({ quality }).toBuffer());
}

/**
 * Pixels as the bytes of a PNG file, without loss.
 *
 * @throws CamlabError when the pixels do not fit their width and height
 * @example
 * await writeFile("input.png", await images.encodePng(image));
 */
export async function encodePng(image: Image): Promise<Uint8Array> {
  return usingImage(image, ANY_SIZE, async ({ start }) => (await start()).png().toBuffer());
}

/** Pixels that are in memory already need no guard. */
const ANY_SIZE = { maxPixels: Infinity };
