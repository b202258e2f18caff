import { CATEGORY_COLOURS, COLOUR } from "../kit/theme.js";
import type { ExploreData } from "./explore-data.js";
import type { ExploreLayout } from "./explore-layout.js";
import { fixed, spoken, text } from "./explore-marks.js";

/** For and against: colours that colour-blind readers tell apart. */
const [FOR, AGAINST] = [CATEGORY_COLOURS[5], CATEGORY_COLOURS[0]];

/** A row for each class: name, probability, and what the place that is pointed at says for or against it. */
export function tableMarks({ classes, scale }: ExploreData, { width, table }: ExploreLayout): object[] {
  const { head, top, row, names, probability, evidence } = table;
  const middle = { signal: `${top + row / 2} + datum.index * ${row}` };
  const [bar, inset] = [8 * scale, 4 * scale];
  const strongestOf = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const strongest = Math.max(...classes.map(({ values }) => strongestOf(values))) || 1;
  const digits = strongest >= 10 ? ".1f" : strongest >= 1 ? ".2f" : ".3f";
  const [zero, half] = [evidence.x + evidence.width / 2, evidence.width / 2];
  const reach = `min(1, abs(datum.here) / ${strongest}) * ${half}`;
  const each = (mark: object, encode: object) => ({
    ...{ from: { data: "classes" }, interactive: false, ...mark },
    encode: { update: encode },
  });
  const words = (expression: string, x: number, style: object = {}) =>
    each({ type: "text" }, { text: { signal: expression }, y: middle, ...fixed({ x, baseline: "middle", ...style }) });
  const bars = (encode: object) =>
    each({ type: "rect" }, { y: { signal: `${middle.signal} - ${bar / 2}` }, height: { value: bar }, ...encode });
  const muted = { fill: COLOUR.muted };
  return [
    text("class", names, head, muted),
    text("probability", probability.x, head, muted),
    text("against", zero - inset, head, { ...muted, align: "right" }),
    text("for", zero + inset, head, muted),
    spoken("isSeen ? 'at the ring' : 'not seen there'", width - inset, head, { ...muted, align: "right" }),
    {
      ...{ type: "rect", name: "row", from: { data: "classes" } },
      encode: {
        update: {
          ...fixed({
            x: 0,
            width,
            cornerRadius: 3 * scale,
            cursor: "pointer",
            stroke: COLOUR.accent,
            strokeWidth: 1.2 * scale,
          }),
          y: { signal: `${top} + datum.index * ${row} + ${inset / 4}` },
          height: { value: row - inset / 2 },
          fill: { value: COLOUR.track },
          fillOpacity: { signal: "datum.index === pick ? 0.7 : datum.index === against ? 0.35 : 0" },
          strokeOpacity: { signal: "datum.index === pick || datum.index === against ? 1 : 0" },
          strokeDash: { signal: "datum.index === pick ? [1, 0] : [4, 3]" },
          tooltip: { signal: "datum.name" },
          description: { signal: "datum.name" },
        },
      },
    },
    words("datum.line", names),
    bars({ ...fixed({ x: probability.x, width: probability.width, fill: COLOUR.track, cornerRadius: 2 * scale }) }),
    bars({
      ...fixed({ x: probability.x, fill: COLOUR.accent, cornerRadius: 2 * scale }),
      width: { signal: `max(${2 * scale}, datum.probability * ${probability.width})` },
    }),
    words(
      "datum.probability < 0.001 ? '<0.001' : format(datum.probability, datum.probability < 0.01 ? '.3f' : '.2f')",
      probability.x + probability.width + 8 * scale,
    ),
    bars({
      ...fixed({ x: evidence.x, width: evidence.width, fill: COLOUR.track, cornerRadius: 2 * scale }),
      opacity: { value: 0.6 },
    }),
    bars({
      x: { signal: `datum.here < 0 ? ${zero} - ${reach} : ${zero}` },
      width: { signal: `isSeen ? ${reach} : 0` },
      fill: { signal: `datum.here < 0 ? '${AGAINST}' : '${FOR}'` },
    }),
    each(
      { type: "rule" },
      {
        ...fixed({ x: zero, stroke: COLOUR.text, strokeWidth: scale }),
        y: { signal: `${middle.signal} - ${bar}` },
        y2: { signal: `${middle.signal} + ${bar}` },
      },
    ),
    words(`isSeen ? (datum.here < 0 ? '−' : '+') + format(abs(datum.here), '${digits}') : '–'`, width - 4 * scale, {
      align: "right",
    }),
  ];
}
