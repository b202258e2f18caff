// Pictures that the tests of images draw for themselves, and the oracles they compare with.
import { readFileSync } from "node:fs";
import sharp, { type Sharp } from "sharp";
import type { Box } from "../../../src/kernel-helpers/images/box.js";
import type { Image } from "../../../src/kernel-helpers/images/image.js";
import type { Preprocessing } from "../../../src/kernel-helpers/images/input/preprocessing.js";

export interface Oracles {
  centreCrops: {
    image: [number, number];
    shorterSide: number;
    crop: number;
    resized: [number, number];
    left: number;
    top: number;
  }[];
  resized: { from: [number, number]; to: [number, number]; pixels: number[] }[];
  normalised: (Pick<Preprocessing, "channelOrder" | "mean" | "std" | "width" | "height"> & {
    pixels: number[];
    input: number[];
  })[];
  cmykJpeg: string;
  halvedAcrossJpeg: string;
}

/** Written by test/fixtures/images/make_oracles.py. */
export const oracles = JSON.parse(
  readFileSync(new URL("../../fixtures/images/oracles.json", import.meta.url), "utf8"),
) as Oracles;

/** Preprocessing with the given settings and no normalisation. */
export function preprocessing(settings: Pick<Preprocessing, "width" | "height" | "fit"> & Partial<Preprocessing>) {
  return { channelOrder: "RGB", mean: [0, 0, 0], std: [1, 1, 1], ...settings } satisfies Preprocessing;
}

/** A picture drawn pixel by pixel. */
export function draw(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly [number, number, number],
): Image {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * 3);
  return { width, height, data };
}

/** White inside a box of whole pixels, black elsewhere. */
export function drawMarker(width: number, height: number, box: Box): Image {
  const inside = (x: number, y: number) => x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
  return draw(width, height, (x, y) => (inside(x, y) ? [255, 255, 255] : [0, 0, 0]));
}

/** The box of the same centre and area as the light in a picture that shows one marker, and how much light there is. */
export function findMarker({ width, height, data }: Image): { x: number; y: number; area: number } {
  let [light, x, y] = [0, 0, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const value = data[(row * width + column) * 3] / 255;
      light += value;
      x += value * (column + 0.5);
      y += value * (row + 0.5);
    }
  }
  return { x: x / light, y: y / light, area: light };
}

/** The colour of one pixel. */
export function pixelAt({ width, data }: Image, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

export function encode(image: Image): Sharp {
  return sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } });
}

/**
 * A file that shows `upright` once its EXIF orientation is applied. Written from the table of the EXIF standard: for
 * orientations 1 to 8, which side of the picture the first stored row and the first stored column are.
 */
export function withOrientation(upright: Image, exif: number): Sharp {
  const row0 = ["top", "top", "bottom", "bottom", "left", "right", "right", "left"][exif - 1];
  const column0 = ["left", "right", "right", "left", "top", "top", "bottom", "bottom"][exif - 1];
  const { width: W, height: H } = upright;
  const across = row0 === "top" || row0 === "bottom";
  const stored = draw(across ? W : H, across ? H : W, (column, row) => {
    const [alongX, alongY] = across ? [column, row] : [row, column];
    const x = (across ? column0 : row0) === "left" ? alongX : W - 1 - alongX;
    const y = (across ? row0 : column0) === "top" ? alongY : H - 1 - alongY;
    return pixelAt(upright, x, y) as [number, number, number];
  });
  return encode(stored).withMetadata({ orientation: exif });
}
