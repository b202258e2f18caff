import { seededRandom } from "../../kernel-helpers/support/random.js";
import type { Canvas } from "../canvas.js";
import type { Backdrop, BackdropKind } from "../description.js";
import type { DrawBackdrop } from "./draw-backdrop.js";
import { facade } from "./facade.js";
import { land, shore } from "./land.js";
import { room } from "./room.js";
import { street } from "./street.js";
import { surface, thicket } from "./surface.js";

const BACKDROPS: Record<BackdropKind, DrawBackdrop> = { room, land, shore, street, surface, thicket, facade };

/** Draws the backdrop of a description. */
export function drawBackdrop(canvas: Canvas, backdrop: Backdrop): void {
  BACKDROPS[backdrop.kind](canvas, backdrop, seededRandom(backdrop.seed));
}
