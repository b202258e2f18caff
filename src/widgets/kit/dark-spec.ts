import { COLOUR, DARK_COLOURS } from "./theme.js";
import type { VegaSpec } from "./vega-spec.js";

/**
 * A spec on a dark ground: the colours of the theme's text, lines and ground, wherever they stand as colours. What is
 * drawn on photographs stays.
 */
export function darkSpec(spec: VegaSpec): VegaSpec {
  return { ...(darkened(spec) as VegaSpec), background: DARK_COLOURS[COLOUR.background] };
}

/** Properties that hold colours; `colour` is what rows of data call theirs. */
const COLOURS = new Set([
  ...["color", "fill", "stroke", "colour", "labelColor", "titleColor", "subtitleColor", "gridColor", "domainColor"],
  ...["tickColor", "value", "range", "category"],
]);

/** What a page needs to do the same: the properties that hold colours, and what these become. */
export const DARK_TABLE = { keys: [...COLOURS], ground: COLOUR.background, colours: DARK_COLOURS } as const;

/** Whether a spec is on the dark ground. */
export function isDark({ background }: VegaSpec): boolean {
  return background === DARK_COLOURS[COLOUR.background];
}

function darkened(value: unknown, key = ""): unknown {
  if (typeof value === "string") {
    return COLOURS.has(key) && value !== COLOUR.background ? (DARK_COLOURS[value] ?? value) : value;
  }
  if (Array.isArray(value)) return value.map((each) => darkened(each, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, darkened(each, name)]));
}
