import { check } from "../../kernel-helpers/support/check.js";

/** How any widget is shown, whatever is in it. */
export interface ShowOptions {
  /** How much larger everything is, text and lines too: 1.5 is read from the back row. 1 unless given. */
  readonly scale?: number;
  /** On a light or a dark ground; `light` unless given. */
  readonly theme?: "light" | "dark";
}

/** How tiles are laid out. */
export interface TileOptions {
  /** Tiles a row; 4 unless given. */
  readonly columns?: number;
  /** The side of a square tile, in pixels; 220 unless given. Pictures of a row are equally high, and as wide as squares together. */
  readonly size?: number;
}

/** The names of `ShowOptions`. */
export const SHOW_OPTIONS = ["scale", "theme"] as const;

/**
 * These options with what they are unless given.
 *
 * @throws CamlabError for one outside its range
 */
export function showOptions({ scale = 1, theme = "light" }: ShowOptions = {}): Required<ShowOptions> {
  check.number("scale", scale, { from: 0.5, to: 4 });
  check.oneOf("theme", theme, ["light", "dark"]);
  return { scale, theme };
}
