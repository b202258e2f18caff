import { CamlabError } from "../../support/errors.js";
import { holdMemory } from "../decode/decode-memory.js";
import { usingImage } from "../files/open-image.js";
import { nameOfSource } from "../files/readable-name.js";
import { unreadable } from "../files/unreadable.js";
import type { ImageSource } from "../image.js";
import { regionsOf, type RunLengthMask } from "./masks.js";

/**
 * Reads an image as a mask: where a part of it is transparent, what is not is inside; else what is brighter than half of
 * its brightest pixel.
 *
 * @throws CamlabError when it cannot be read, or nothing is inside
 * @example
 * const mask = await loadMask("Masks/a_mask_1.png");
 */
export async function loadMask(source: ImageSource): Promise<RunLengthMask> {
  const mask = await loadMaskIfAny(source);
  if (!mask) throw new CamlabError(`${nameOfSource(source)} shows nothing`);
  return mask;
}

/** As `loadMask`; undefined where nothing is inside. */
export async function loadMaskIfAny(source: ImageSource): Promise<RunLengthMask | undefined> {
  return usingImage(source, {}, async ({ upright: { width, height }, start, memory, maxMemory, name }) => {
    const release = await holdMemory(Math.min(maxMemory, memory + 8 * width * height), maxMemory);
    try {
      const opened = await start();
      const pipeline = opened.autoOrient().toColourspace("srgb").ensureAlpha().raw({ depth: "uchar" });
      const pixels = await pipeline.toBuffer().catch((error: unknown) => {
        throw unreadable(name, error);
      });
      return regionsOf(insideOf(pixels), width, height).get(1)?.mask;
    } finally {
      release();
    }
  });
}

/** 1 inside, 0 outside. */
function insideOf(rgba: Uint8Array): Uint8Array {
  const count = rgba.length / 4;
  const value = new Uint8Array(count);
  let [brightest, hasClear] = [0, false];
  for (let i = 0; i < count; i++) {
    hasClear ||= rgba[4 * i + 3] < 128;
    value[i] = Math.max(rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2]);
    brightest = Math.max(brightest, value[i]);
  }
  for (let i = 0; i < count; i++) value[i] = Number(hasClear ? rgba[4 * i + 3] >= 128 : value[i] > brightest / 2);
  return value;
}
