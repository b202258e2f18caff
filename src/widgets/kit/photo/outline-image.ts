import { squaredDistances } from "../../../kernel-helpers/boxes/distance-transform.js";
import { decodeMask, type RunLengthMask } from "../../../kernel-helpers/images/masks/masks.js";
import type { Box } from "../../../kernel-helpers/images/box.js";
import { encodeIndexedPng } from "./encode-png.js";

/** Something to outline: its pixels, and the line's colour as red, green, blue, 0–255. */
export interface OutlinedMask {
  readonly masks: readonly RunLengthMask[];
  readonly colour: readonly [number, number, number];
}

/**
 * Outlines of masks as a clear picture to lay over a photo: a line around each, so that nothing of the thing is hidden.
 * Of two lines on one pixel the later is seen.
 *
 * @param frame the part of the photo, in its pixels
 * @param width columns of the result; rows follow
 * @param thickness of the lines, in pixels of the result
 * @returns a PNG as a data URI
 */
export function outlineImage(outlined: readonly OutlinedMask[], frame: Box, width: number, thickness: number): string {
  const height = Math.max(1, Math.round((width * frame.height) / frame.width));
  const pixels = new Uint8Array(width * height);
  const palette = new Uint8Array(256 * 4);
  outlined.forEach(({ masks, colour }, i) => {
    palette.set([...colour, 255], 4 * (i + 1));
    const away = new Uint8Array(width * height).fill(1);
    for (const mask of masks) clear(away, mask, frame, width, height);
    if (!away.includes(0)) return;
    squaredDistances(away, width, height).forEach((distance, at) => {
      if (distance > 0 && distance <= thickness * thickness) pixels[at] = i + 1;
    });
  });
  return `data:image/png;base64,${encodeIndexedPng(width, height, pixels, palette).toString("base64")}`;
}

/** Sets to 0 what shows a pixel of the mask. */
function clear(away: Uint8Array, mask: RunLengthMask, frame: Box, width: number, height: number): void {
  const inside = decodeMask(mask);
  for (let row = 0; row < height; row++) {
    const y = Math.floor(frame.y + ((row + 0.5) * frame.height) / height);
    if (y < 0 || y >= mask.height) continue;
    for (let column = 0; column < width; column++) {
      const x = Math.floor(frame.x + ((column + 0.5) * frame.width) / width);
      if (x >= 0 && x < mask.width && inside[y * mask.width + x]) away[row * width + column] = 0;
    }
  }
}
