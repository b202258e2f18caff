import { drawBackdrop } from "./backdrops/backdrop.js";
import { Canvas } from "./canvas.js";
import type { Description } from "./description.js";

/** Draws a description: vectors, and the list of what is in them. */
export function drawDescription(description: Description): Canvas {
  const canvas = new Canvas();
  drawBackdrop(canvas, description.backdrop);
  for (const thing of description.things) {
    if ("kind" in thing) canvas.place(thing);
    else canvas.panel(thing);
  }
  return canvas;
}
