import type { Box } from "../../../kernel-helpers/images/box.js";
import { COLOUR } from "../theme.js";
import type { NumberOrExpression, Sheet } from "./sheet.js";

/** A photo in muted colours with a map over it. */
export interface HeatPanel {
  readonly name: string;
  /** The photo in muted colours, as a data URI. */
  readonly mutedUri: string;
  /** The map over all of the photo that is shown, as a data URI. */
  readonly heatUri: string;
  /** What the map is of. */
  readonly of: string;
  /** Parts of the photo that the network did not see, as shares of what is shown. */
  readonly unseen?: readonly Box[];
}

/** How maps are laid over photos. */
export interface HeatStyle {
  /** How strongly the map is laid over the photo, 0–1. */
  readonly opacity: NumberOrExpression;
  /** How much darker the photo is under it, 0–1. */
  readonly dimming: NumberOrExpression;
}

/** What `HeatStyle` is unless given: the photo is recognised, and evidence stands out. */
export const HEAT_STYLE = { opacity: 0.65, dimming: 0.15 } as const;

/** Draws a photo in muted colours and dimmed, the map over it, and what was not seen of the photo pale. */
export function drawHeat(sheet: Sheet, panel: HeatPanel, box: Box, { opacity, dimming }: HeatStyle): void {
  const { name, mutedUri, heatUri, of, unseen = [] } = panel;
  sheet.image({ uri: mutedUri, alt: `photo ${name}` }, box);
  sheet.rect(box, { level: "shade", fill: COLOUR.shade, opacity: dimming });
  sheet.image({ uri: heatUri, alt: `map of ${of}`, level: "heat", opacity }, box);
  for (const part of unseen)
    sheet.rect(snapped(placed(part, box)), { level: "veil", fill: COLOUR.veil, opacity: 0.65 });
}

/** On whole pixels: two pale parts would show a seam between them. */
function snapped({ x, y, width, height }: Box): Box {
  const [left, top] = [Math.round(x), Math.round(y)];
  return { x: left, y: top, width: Math.round(x + width) - left, height: Math.round(y + height) - top };
}

/** A box in shares of a picture, where the picture lies. */
export function placed({ x, y, width, height }: Box, picture: Box): Box {
  return {
    x: picture.x + x * picture.width,
    y: picture.y + y * picture.height,
    width: width * picture.width,
    height: height * picture.height,
  };
}

/** A box in pixels of a frame of the photo, as shares of the frame. */
export function sharesOf(box: Box, frame: Box): Box {
  return {
    x: (box.x - frame.x) / frame.width,
    y: (box.y - frame.y) / frame.height,
    width: box.width / frame.width,
    height: box.height / frame.height,
  };
}
