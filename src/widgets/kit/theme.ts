import type { VegaSpec } from "./vega-spec.js";

/**
 * The typeface of every widget. Pictures (SVG, PNG) are drawn with the outlines of DejaVu Sans; a browser that lacks
 * it takes Verdana, which has the same widths to within a few per cent.
 */
export const FONT_FAMILY = "DejaVu Sans, Verdana, Geneva, sans-serif";

/** Sizes of text, in pixels. */
export const FONT_SIZE = { title: 15, heading: 13, label: 11 } as const;

/** Colours that widgets share, light background. Text on `background` has a contrast of at least 4.5. */
export const COLOUR = {
  background: "#ffffff",
  text: "#1f2933",
  muted: "#5b6875",
  track: "#e4e7eb",
  accent: "#0b7285",
  /** Boxes: a light line on a dark halo shows on any photograph and any heat. */
  box: "#ffffff",
  boxHalo: "#111111",
  /** Boxes that are the truth. */
  truth: "#4ade80",
} as const;

/** Categorical colours that differ for colour-blind readers too (Okabe and Ito's, darkest last). */
export const CATEGORY_COLOURS = [
  "#0072b2",
  "#e69f00",
  "#009e73",
  "#cc79a7",
  "#56b4e9",
  "#d55e00",
  "#f0e442",
  "#000000",
] as const;

/**
 * What every Vega-Lite spec of a widget starts with: `{ ...litePreamble("…"), vconcat: […] }`.
 *
 * @param description one sentence on what is to be seen, for people who do not see it
 */
export function litePreamble(description: string): VegaSpec {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    description,
    background: COLOUR.background,
    padding: 12,
    config: {
      font: FONT_FAMILY,
      view: { stroke: null },
      text: { color: COLOUR.text, fontSize: FONT_SIZE.label },
      title: { color: COLOUR.text, fontSize: FONT_SIZE.title, anchor: "start" },
      axis: { labelColor: COLOUR.muted, titleColor: COLOUR.text, labelFontSize: FONT_SIZE.label, titleFontWeight: 600 },
      legend: { labelColor: COLOUR.muted, titleColor: COLOUR.text, labelFontSize: FONT_SIZE.label },
      range: { category: [...CATEGORY_COLOURS] },
    },
  };
}
