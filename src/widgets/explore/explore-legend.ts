import { COLOUR } from "../kit/theme.js";
import type { ExploreData } from "./explore-data.js";
import type { ExploreLayout } from "./explore-layout.js";
import { fixed, spoken, text } from "./explore-marks.js";

/** Of each colour of the ramp. */
const STEP = 10;

/** What the colours mean, by the colour map that is chosen; what the lines are. */
export function legendMarks(data: ExploreData, { legend: top, width }: ExploreLayout): object[] {
  const { palettes, strongest, scale, photo } = data;
  const steps = palettes[0].stops.length;
  const long = STEP * steps * scale;
  const bar = { x: 0, y: top, width: long, height: 10 * scale };
  const muted = { fill: COLOUR.muted };
  const under = top + 21 * scale;
  const right = long + 18 * scale;
  const notes = isWhole(photo.seen) ? [] : [text("pale: outside what the network saw", right, top + 37 * scale, muted)];
  return [
    { type: "rect", interactive: false, encode: { update: fixed({ ...bar, fill: COLOUR.photo }) } },
    {
      ...{ type: "rect", interactive: false },
      encode: { update: { ...fixed({ ...bar, fill: COLOUR.shade }), opacity: { signal: "dimming" } } },
    },
    {
      ...{ type: "rect", interactive: false, from: { data: "ramp" } },
      encode: {
        update: {
          x: { signal: `datum.i * ${long / steps}` },
          ...fixed({ y: bar.y, width: long / steps, height: bar.height }),
          fill: { signal: "datum.colours[palette]" },
          opacity: { signal: "opacity" },
        },
      },
    },
    spoken(`isContrast ? 'for the other' : isSigned ? 'evidence against' : 'no evidence'`, 0, under, muted),
    spoken("isSigned ? 'none' : ''", long / 2, under, { ...muted, align: "center" }),
    spoken(`isContrast ? 'for the one' : isSigned ? 'evidence for' : 'strongest ${strongest}'`, long, under, {
      ...muted,
      align: "right",
    }),
    {
      ...{ type: "rect", interactive: false },
      encode: {
        update: {
          ...fixed({ x: right, y: top - 1 * scale, width: 11 * scale, height: 11 * scale }),
          ...fixed({ fill: COLOUR.muted, stroke: COLOUR.text, strokeWidth: 1.5 * scale, fillOpacity: 0.4 }),
        },
      },
    },
    spoken(
      "isContrast ? 'no box: the rule is one for single classes' : " +
        "(length(data('boxes')) ? 'box: largest area above ' : 'no box: no area is above ') + " +
        "format(100 * threshold, '.3~g') + ' % of the maximum'",
      right + 18 * scale,
      top + 5 * scale,
      muted,
    ),
    spoken(
      "show === 'heat' ? 'dashed: where the map passes this' : 'lines: 20, 40, 60 and 80 % of the maximum'",
      right,
      under,
      muted,
    ),
    ...notes,
    text("ring: the place that for and against are read at; point at a picture to move it", 0, top + 55 * scale, {
      ...muted,
      limit: width,
    }),
  ];
}

function isWhole({ width, height }: ExploreData["photo"]["seen"]): boolean {
  return width > 0.99 && height > 0.99;
}
