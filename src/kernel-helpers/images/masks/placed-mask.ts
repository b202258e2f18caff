import { CamlabError } from "../../support/errors.js";
import { DEFAULT_MAX_PIXELS } from "../files/open-image.js";
import { decodeMask, regionsOf, type RunLengthMask } from "./masks.js";

/**
 * A mask as a part of a larger one, clipped to it.
 *
 * @param at where its top left pixel lies; rounded to whole pixels
 * @param size of the larger one
 * @throws CamlabError when nothing of it lies inside, or the larger one has more pixels than an image may have
 * @example
 * placedMask({ width: 1, height: 1, counts: [0, 1] }, { x: 1, y: 0 }, { width: 2, height: 1 }); // counts: [1, 1]
 */
export function placedMask(
  mask: RunLengthMask,
  at: { readonly x: number; readonly y: number },
  { width, height }: { readonly width: number; readonly height: number },
): RunLengthMask {
  const pixels = width * height;
  if (!Number.isInteger(width) || !Number.isInteger(height) || !(pixels > 0) || pixels > DEFAULT_MAX_PIXELS) {
    throw new CamlabError(`a mask cannot have ${width} × ${height} pixels`);
  }
  const small = decodeMask(mask);
  const large = new Uint8Array(pixels);
  const [left, top] = [Math.round(at.x), Math.round(at.y)];
  for (let y = Math.max(0, -top); y < mask.height && y + top < height; y++) {
    for (let x = Math.max(0, -left); x < mask.width && x + left < width; x++) {
      large[(y + top) * width + x + left] = small[y * mask.width + x];
    }
  }
  const placed = regionsOf(large, width, height).get(1)?.mask;
  if (!placed) throw new CamlabError("a mask lies outside of its picture");
  return placed;
}
