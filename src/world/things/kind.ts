import type { Random } from "../../kernel-helpers/support/random.js";
import type { Rgb } from "../pen/colour.js";
import type { Pen } from "../pen/pen.js";

/** How one thing of a kind looks: everything that varies and that its drawing may use. */
export interface Look {
  /** The colour that gives the thing its name in a question ("what colour is the …?"). */
  readonly colour: Rgb;
  readonly second: Rgb;
  readonly third: Rgb;
  readonly random: Random;
  /** A named variant of the drawing: how a figure holds itself. */
  readonly pose?: string;
}

/**
 * A kind of thing, drawn around its foot: (0, 0) is the middle of where it stands, up is negative. A local unit is a
 * hundredth of the larger side, more or less.
 */
export interface Kind {
  /** The local units that the drawing needs. */
  readonly width: number;
  readonly height: number;
  /** The height of a real one, metres: it sets the size beside other things. */
  readonly metres: number;
  /** Animals wear coats, other things any named colour. */
  readonly coat?: boolean;
  /** How far it may lean, degrees. */
  readonly lean?: number;
  /** The height of the surface that things can stand on, local units, and the width of that surface. */
  readonly top?: { readonly height: number; readonly width: number };
  draw(pen: Pen, look: Look): void;
}
