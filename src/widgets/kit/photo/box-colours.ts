import { check } from "../../../kernel-helpers/support/check.js";
import { invalid } from "../../../kernel-helpers/support/errors.js";
import { COLOUR } from "../theme.js";

/** How boxes are drawn: white beside a green truth, or as in the paper red beside a green truth. */
export type BoxStyle = "plain" | "paper";

/** Colours of boxes: `#rgb`, `#rrggbb` or a name such as "orange". */
export interface BoxColours {
  /** Of boxes that were found. */
  readonly box: string;
  /** Of boxes that are the truth. */
  readonly truth: string;
}

/**
 * The colours of a style, and of those that are given instead.
 *
 * @throws CamlabError for an unknown style or something that is no colour
 */
export function boxColours(style: BoxStyle, given: Partial<BoxColours> = {}): BoxColours {
  check.oneOf("style", style, ["plain", "paper"]);
  check.known(given, ["box", "truth"], "colours");
  const colours: { box: string; truth: string } = {
    box: style === "paper" ? COLOUR.found : COLOUR.box,
    truth: COLOUR.truth,
  };
  for (const name of ["box", "truth"] as const) {
    const colour = given[name];
    if (colour === undefined) continue;
    if (!/^(#([0-9a-f]{3}|[0-9a-f]{6})|[a-z]{3,25})$/i.test(colour)) {
      throw invalid(`colours.${name}`, colour, `#rgb, #rrggbb or a colour's name`);
    }
    colours[name] = colour;
  }
  return colours;
}
