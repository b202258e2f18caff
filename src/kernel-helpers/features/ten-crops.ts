import type { Image } from "../images/image.js";
import type { Preprocessing } from "../images/input/preprocessing.js";

/** The ten crops in the order of the paper's authors: four corners and the centre, then their mirror images. */
export const TEN_CROPS = [
  "top left",
  "top right",
  "bottom left",
  "bottom right",
  "centre",
  "top left, mirrored",
  "top right, mirrored",
  "bottom left, mirrored",
  "bottom right, mirrored",
  "centre, mirrored",
] as const;

/**
 * The preprocessing that gives the larger frame which ten crops of the input's size are cut from. Its sides are 8/7 of
 * the input's, as 256 is of 224; a network with an intermediate size of its own keeps that. A network that squashes has
 * a squashed frame, one that keeps proportions a frame that keeps them.
 *
 * @example
 * tenCropFrame({ width: 224, height: 224, fit: "squash", … }); // { width: 256, height: 256, fit: "squash", … }
 */
export function tenCropFrame(preprocessing: Preprocessing): Preprocessing {
  const { resize, fit, width, height, ...rest } = preprocessing;
  const larger = { width: Math.round((width * 8) / 7), height: Math.round((height * 8) / 7) };
  if (!resize) return { ...rest, fit, ...larger };
  if ("width" in resize) return { ...rest, fit: "squash", width: resize.width, height: resize.height };
  const scale = resize.shorterSide / Math.min(width, height);
  if (scale === 1) return { ...rest, fit: "cover", ...larger };
  return { ...rest, fit: "cover", width: Math.round(width * scale), height: Math.round(height * scale) };
}

/**
 * Where the first five of the ten crops begin in a frame: four corners, then the centre.
 *
 * @example
 * tenCropPlaces({ width: 256, height: 256 }, { width: 224, height: 224 })[4]; // [16, 16]
 */
export function tenCropPlaces(
  frame: { width: number; height: number },
  { width, height }: { width: number; height: number },
): readonly (readonly [x: number, y: number])[] {
  const right = frame.width - width;
  const bottom = frame.height - height;
  return [
    [0, 0],
    [right, 0],
    [0, bottom],
    [right, bottom],
    [Math.floor(right / 2), Math.floor(bottom / 2)],
  ];
}

/**
 * Cuts the ten crops of `width × height` out of a frame.
 *
 * @returns ten times `width · height · 3` bytes, in the order of `TEN_CROPS`
 */
export function cutTenCrops(frame: Image, { width, height }: { width: number; height: number }): Uint8Array[] {
  const plain = tenCropPlaces(frame, { width, height }).map(([x, y]) => cutAt(frame, x, y, width, height));
  return [...plain, ...plain.map((crop) => mirrorImage(crop, width, height))];
}

/** The pixels of a part of a frame, interleaved. */
export function cutAt(frame: Image, x: number, y: number, width: number, height: number): Uint8Array {
  const pixels = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * frame.width + x) * 3;
    pixels.set(frame.data.subarray(start, start + width * 3), row * width * 3);
  }
  return pixels;
}

/** Interleaved pixels from right to left. */
export function mirrorImage(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const result = new Uint8Array(pixels.length);
  for (let row = 0; row < height; row++) {
    for (let x = 0; x < width; x++) {
      const from = (row * width + x) * 3;
      const to = (row * width + width - 1 - x) * 3;
      for (let channel = 0; channel < 3; channel++) result[to + channel] = pixels[from + channel];
    }
  }
  return result;
}
