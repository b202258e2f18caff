// EXIF orientation. Geometry and cutting happen in the frame the file is stored in, so that a turned photograph
// streams through the decoder like any other; only the few pixels that come out are turned here.
import type { Box } from "../box.js";

/** What an EXIF orientation (1–8) does, as three switches on the stored pixels. */
export interface Orientation {
  /** Rows become columns: the upright image is `height × width` of the stored one. */
  readonly swap: boolean;
  /** Stored columns are read from the right. */
  readonly mirrorX: boolean;
  /** Stored rows are read from the bottom. */
  readonly mirrorY: boolean;
}

/** The switches of an EXIF orientation; a value that is absent or out of range means upright. */
export function orientationOf(exif: number | undefined): Orientation {
  return {
    swap: exif !== undefined && exif >= 5 && exif <= 8,
    mirrorX: exif === 2 || exif === 3 || exif === 7 || exif === 8,
    mirrorY: exif === 3 || exif === 4 || exif === 6 || exif === 7,
  };
}

/** The size seen from the other frame: stored from upright or upright from stored. */
export function turnedSize<T extends { width: number; height: number }>(
  { width, height }: T,
  { swap }: Orientation,
): { width: number; height: number } {
  return swap ? { width: height, height: width } : { width, height };
}

/** A box on the upright image, as a box on the stored image of `stored` size. */
export function storedBox(box: Box, stored: { width: number; height: number }, orientation: Orientation): Box {
  const { swap, mirrorX, mirrorY } = orientation;
  const { width, height } = turnedSize(box, orientation);
  const x = swap ? box.y : box.x;
  const y = swap ? box.x : box.y;
  return {
    x: mirrorX ? stored.width - x - width : x,
    y: mirrorY ? stored.height - y - height : y,
    width,
    height,
  };
}

/** Stored RGB pixels (`stored` size) turned upright. Upright pixels are returned as they are, without a copy. */
export function turnUpright(
  pixels: Uint8Array,
  stored: { width: number; height: number },
  orientation: Orientation,
): Uint8Array {
  const { swap, mirrorX, mirrorY } = orientation;
  if (!swap && !mirrorX && !mirrorY) return pixels;
  const { width, height } = turnedSize(stored, orientation);
  // Bytes from one stored pixel to the next in the direction that upright columns and rows run.
  const alongX = (mirrorX ? -1 : 1) * 3;
  const alongY = (mirrorY ? -1 : 1) * stored.width * 3;
  const start = (mirrorX ? (stored.width - 1) * 3 : 0) + (mirrorY ? (stored.height - 1) * stored.width * 3 : 0);
  const columnStep = swap ? alongY : alongX;
  const rowStep = swap ? alongX : alongY;
  const upright = new Uint8Array(pixels.length);
  let to = 0;
  for (let row = 0; row < height; row++) {
    let from = start + row * rowStep;
    for (let column = 0; column < width; column++) {
      upright[to++] = pixels[from]!;
      upright[to++] = pixels[from + 1]!;
      upright[to++] = pixels[from + 2]!;
      from += columnStep;
    }
  }
  return upright;
}

/** RGB pixels mirrored left to right, as a new array. */
export function mirrored(pixels: Uint8Array, size: { width: number; height: number }): Uint8Array {
  return turnUpright(pixels, size, { swap: false, mirrorX: true, mirrorY: false });
}
