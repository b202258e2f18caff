import type { HeatMap } from "../../../kernel-helpers/cam/heat-map.js";
import { encodeIndexedPng } from "./encode-png.js";
import { photoHeat } from "./photo-heat.js";

/**
 * A dark veil to lay over a photo, with an opening where a map is above a threshold and a light line around it: what
 * excites a unit, and nothing else.
 *
 * @param map with its placement on the photo
 * @param size columns and rows of the veil, which covers the whole photo
 * @returns a PNG as a data URI
 * @throws CamlabError for a map without a placement
 */
export function regionVeil(
  map: HeatMap,
  threshold: number,
  size: { readonly width: number; readonly height: number },
): string {
  const { width, height } = size;
  const { data } = photoHeat(map, size);
  const isOpen = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] > threshold;
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const open = isOpen(x, y);
      const edge = !open && (isOpen(x - 1, y) || isOpen(x + 1, y) || isOpen(x, y - 1) || isOpen(x, y + 1));
      pixels[y * width + x] = open ? OPEN : edge ? EDGE : DARK;
    }
  }
  return `data:image/png;base64,${encodeIndexedPng(width, height, pixels, PALETTE).toString("base64")}`;
}

const [DARK, OPEN, EDGE] = [0, 1, 2];

const PALETTE = new Uint8Array(256 * 4);
PALETTE.set([16, 18, 22, 104], DARK * 4);
PALETTE.set([255, 255, 255, 230], EDGE * 4);
