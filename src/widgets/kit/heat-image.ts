import { encodeIndexedPng } from "./encode-png.js";
import type { ColourMap } from "./colour-map.js";

/**
 * A map as a picture to lay over a photo, translucently.
 *
 * For a sequential colour map 0 is no evidence and `strongest` full evidence; what is negative counts as none. For a
 * diverging one the colours run from −`strongest` to `strongest`. A value that is not finite is clear.
 *
 * @param strongest the value that gets the last colour; positive
 * @returns a PNG of the map's own size as a data URI
 */
export function heatImage(
  map: { readonly width: number; readonly height: number; readonly data: Float32Array },
  strongest: number,
  colours: ColourMap,
): string {
  const { width, height, data } = map;
  const pixels = new Uint8Array(width * height);
  for (let i = 0; i < pixels.length; i++) pixels[i] = level(data[i] / strongest, colours.diverging);
  const png = encodeIndexedPng(width, height, pixels, paletteOf(colours));
  return `data:image/png;base64,${png.toString("base64")}`;
}

/** Level 0 is kept for "no value"; a diverging zero is level 128. */
function level(share: number, diverging: boolean): number {
  if (!Number.isFinite(share)) return 0;
  const clamped = Math.min(1, Math.max(diverging ? -1 : 0, share));
  return diverging ? 128 + Math.round(clamped * 127) : 1 + Math.round(clamped * 254);
}

/**
 * Every value is equally opaque (how much is the spec's affair), so that lightness alone tells evidence and places
 * without any stand back in the dark.
 */
function paletteOf({ colours }: ColourMap): Uint8Array {
  const palette = new Uint8Array(256 * 4);
  for (let i = 1; i < 256; i++) {
    palette.set(colours.subarray(i * 3, i * 3 + 3), i * 4);
    palette[i * 4 + 3] = 255;
  }
  return palette;
}
