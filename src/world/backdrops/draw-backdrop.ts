import type { Random } from "../../kernel-helpers/support/random.js";
import type { Canvas } from "../canvas.js";
import type { Backdrop } from "../description.js";

/** Draws what lies behind everything. */
export type DrawBackdrop = (canvas: Canvas, backdrop: Backdrop, random: Random) => void;
