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
  /** Boxes that were found, as the paper draws them beside the truth. */
  found: "#ff5a5a",
  /** What dims a photo under a map. */
  shade: "#000000",
  /** What was not seen of a photo is pale. */
  veil: "#ffffff",
  /** A photo in muted colours, in a legend. */
  photo: "#9aa0a6",
} as const;

/** What colours of the theme become on a dark ground; all others stay. */
export const DARK_COLOURS: Readonly<Record<string, string>> = {
  [COLOUR.background]: "#171c22",
  [COLOUR.text]: "#e8ecf1",
  [COLOUR.muted]: "#a9b4c0",
  [COLOUR.track]: "#39434e",
  [COLOUR.accent]: "#3fb4ca",
  "#f1f5f9": "#27313c",
  "#00704f": "#3ecf9d",
  "#a84300": "#ff9d66",
};

/** Categorical colours that differ for colour-blind readers too (Okabe and Ito's, darkest last). */
export const CATEGORY_COLOURS = [
  "#0072b2",
  "#e69f00",
  "#009e73",
  "#cc79a7",
  "#56b4e9",
  "#d55e00",
  "#f0e442",
  "#1f2933",
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
      title: {
        ...{ color: COLOUR.text, fontSize: FONT_SIZE.title, anchor: "start", offset: 4 },
        ...{ subtitleFontSize: FONT_SIZE.label, subtitlePadding: 3 },
      },
      axis: {
        ...{ labelColor: COLOUR.muted, titleColor: COLOUR.text, titleFontWeight: 600 },
        ...{
          labelFontSize: FONT_SIZE.label,
          titleFontSize: FONT_SIZE.label,
          tickSize: 5,
          labelPadding: 2,
          titlePadding: 4,
        },
      },
      legend: {
        ...{ labelColor: COLOUR.muted, titleColor: COLOUR.text, symbolSize: 100 },
        ...{ labelFontSize: FONT_SIZE.label, titleFontSize: FONT_SIZE.label },
      },
      range: { category: [...CATEGORY_COLOURS] },
    },
  };
}
