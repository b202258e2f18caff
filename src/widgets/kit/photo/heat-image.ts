import { rangeOf } from "../../../kernel-helpers/cam/normalise.js";
import { encodeIndexedPng } from "./encode-png.js";
import type { ColourMap } from "./colour-map.js";

/** A map to draw; NaN where nothing was seen. */
export interface DrawnMap {
  readonly width: number;
  readonly height: number;
  /** Row by row. */
  readonly data: Float32Array;
}

/** The values that get the first colour and the last. */
export interface HeatRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The range of colours that maps share: one map's own, or all of a photo's.
 *
 * - `max`: from 0 to the largest value, so that no evidence has the first colour; for a diverging colour map from the
 *   negative of the largest size to it, so that no evidence has the middle.
 * - `minmax`: from the least to the largest value.
 *
 * Places that were not seen (NaN) have no part in it; nor have maps with an infinite value.
 *
 * @returns a range that is never empty
 * @example
 * heatImage(map, heatRange([map], inferno), inferno);
 */
export function heatRange(
  maps: readonly DrawnMap[],
  { diverging }: Pick<ColourMap, "diverging">,
  normalisation: "max" | "minmax" = "max",
): HeatRange {
  const ranges = maps.map(({ data }) => rangeOf(data)).filter(({ max }) => Number.isFinite(max));
  const least = Math.min(...ranges.map(({ min }) => min));
  const most = Math.max(...ranges.map(({ max }) => max));
  if (ranges.length === 0) return { from: 0, to: 1 };
  if (diverging) {
    const strongest = Math.max(most, -least) || 1;
    return { from: -strongest, to: strongest };
  }
  const from = normalisation === "minmax" ? least : 0;
  return { from, to: most > from ? most : from + 1 };
}

/**
 * A map as a picture to lay over a photo. The less a place says, the clearer it is, so that the photo is seen where
 * there is no evidence; a place that was not seen is clear.
 *
 * @param range which values get the first and the last colour; values beyond are as these
 * @returns a PNG of the map's own size as a data URI
 */
export function heatImage(map: DrawnMap, range: HeatRange, colours: ColourMap): string {
  const png = encodeIndexedPng(map.width, map.height, heatLevels(map, range), heatPalette(colours));
  return `data:image/png;base64,${png.toString("base64")}`;
}

/** From the first colour to the last: as fine as is seen through a photo, and few enough for small files. */
const STEPS = 64;

/** The colour of each place as its index in `heatPalette`. */
export function heatLevels({ data }: DrawnMap, { from, to }: HeatRange): Uint8Array {
  return Uint8Array.from(data, (value) => {
    const share = (value - from) / (to - from);
    return Number.isFinite(share) ? 1 + Math.round(STEPS * Math.min(1, Math.max(0, share))) : 0;
  });
}

/** Four bytes a colour: the first is clear, the second the colour map's first, the last its last. */
export function heatPalette({ colours, diverging }: ColourMap): Uint8Array {
  const palette = new Uint8Array((STEPS + 2) * 4);
  for (let i = 1; i < STEPS + 2; i++) {
    const share = (i - 1) / STEPS;
    const at = Math.round(255 * share) * 3;
    palette.set(colours.subarray(at, at + 3), i * 4);
    palette[i * 4 + 3] = Math.round(255 * heatAlpha(share, diverging));
  }
  return palette;
}

/** How opaque a colour is: from clear where there is no evidence, soon more. */
function heatAlpha(share: number, diverging: boolean): number {
  const evidence = diverging ? Math.abs(2 * share - 1) : share;
  return Math.min(1, evidence) ** 0.6;
}

/** The colours as they lie over a photo, evenly from the first to the last, for a legend: `rgba(…)`. */
export function heatStops(colours: ColourMap, steps = 16): string[] {
  const palette = heatPalette(colours);
  return Array.from({ length: steps + 1 }, (_, i) => {
    const at = 4 * (1 + Math.round((STEPS * i) / steps));
    const [red, green, blue, alpha] = palette.subarray(at, at + 4);
    return `rgba(${red},${green},${blue},${(alpha / 255).toFixed(3)})`;
  });
}

/** What the colours of maps mean, each map its own strongest evidence the last colour. */
export function heatRamp(colours: ColourMap): { readonly colours: string[]; readonly labels: string[] } {
  const labels = colours.diverging ? ["against", "none", "for"] : ["no evidence", "strongest of each map"];
  return { colours: heatStops(colours), labels };
}
