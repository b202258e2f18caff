import { type Rgb, shade } from "../pen/colour.js";
import { poly, rect } from "../pen/path.js";
import type { Ink, Pen } from "../pen/pen.js";

/** A box seen a little from above and from the left: its front is at x, y (top left), width, height. */
export function block(
  pen: Pen,
  [x, y, width, height]: readonly [number, number, number, number],
  [dx, dy]: readonly [number, number],
  colour: Rgb,
  ink: Ink = {},
): void {
  if (dy > 0) {
    const top = poly(x, y, x + dx, y - dy, x + width + dx, y - dy, x + width, y);
    pen.fill(top, shade(colour, 0.25), ink);
  }
  if (dx > 0) {
    const right = x + width;
    const side = poly(right, y, right + dx, y - dy, right + dx, y + height - dy, right, y + height);
    pen.fill(side, shade(colour, -0.3), ink);
  } else if (dx < 0) {
    const side = poly(x, y, x + dx, y - dy, x + dx, y + height - dy, x, y + height);
    pen.fill(side, shade(colour, -0.3), ink);
  }
  pen.fill(rect(x, y, width, height), colour, { to: shade(colour, -0.15), ...ink });
}

/** Upright legs of equal width at the given places, from `top` down to `foot`. */
export function legs(pen: Pen, places: readonly number[], top: number, foot: number, width: number, colour: Rgb): void {
  for (const x of places)
    pen.fill(rect(x - width / 2, top, width, foot - top, width / 4), colour, {
      across: true,
      to: shade(colour, -0.35),
    });
}
