import type { Box } from "../../../kernel-helpers/images/box.js";
import { COLOUR } from "../theme.js";
import { type Choice, HALO, type Sheet } from "./sheet.js";

/** How a box is drawn. */
export interface BoxLine {
  readonly colour: string;
  /** Of the coloured line, in pixels; 2 unless given. */
  readonly width?: number;
  readonly dash?: readonly number[];
}

/**
 * A box on a photo: a light line on a dark halo shows on any photo and any heat. A box at the photo's edge is drawn
 * within it.
 *
 * @param box in pixels of the sheet
 * @param photo where the photo lies on the sheet
 */
export function drawBox(
  sheet: Sheet,
  box: Box,
  photo: Box,
  { colour, width = 2, dash }: BoxLine,
  choice?: Choice,
): void {
  const style = { stroke: colour, width, halo: COLOUR.boxHalo, ...(dash && { dash }) };
  sheet.frame(inset(box, photo, (width + HALO) / 2), style, choice);
}

/** A box moved in where half its line would lie outside the photo. */
function inset(box: Box, photo: Box, by: number): Box {
  const [left, right] = within(box.x, box.x + box.width, photo.x + by, photo.x + photo.width - by);
  const [top, bottom] = within(box.y, box.y + box.height, photo.y + by, photo.y + photo.height - by);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function within(from: number, to: number, low: number, high: number): [number, number] {
  const clamp = (value: number) => Math.min(Math.max(value, low), Math.max(low, high));
  return [clamp(from), clamp(to)];
}
