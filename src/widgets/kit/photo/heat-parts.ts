import type { ColourMap } from "./colour-map.js";
import { indexedPngParts, paletteChunks } from "./encode-png.js";
import { type DrawnMap, heatLevels, heatPalette, type HeatRange } from "./heat-image.js";

/**
 * What a data URI of a map begins with, up to its palette: the same for all maps of one size. With a palette and a body
 * behind it, it is the picture that `heatImage` makes: a page puts them together, so that a reader chooses the colours.
 *
 * Each of the three is a whole number of three bytes, so that their base64 may stand behind each other.
 */
export function heatHead(width: number, height: number): string {
  return `data:image/png;base64,${indexedPngParts(width, height, new Uint8Array(width * height)).head.toString("base64")}`;
}

/** A colour map as the palette of such a picture: 66 colours, so that its bytes are a multiple of three. */
export function heatColours(colours: ColourMap): string {
  return paletteChunks(heatPalette(colours)).toString("base64");
}

/** A map as the body of such a picture. */
export function heatBody(map: DrawnMap, range: HeatRange): string {
  return indexedPngParts(map.width, map.height, heatLevels(map, range)).body.toString("base64");
}
