import { COLOUR, CATEGORY_COLOURS, FONT_SIZE, litePreamble } from "../kit/theme.js";
import { chartTitle } from "../kit/text/chart-title.js";
import type { VegaSpec } from "../kit/vega-spec.js";
import type { TrainingCurveData, TrainingLine } from "./training-curve-data.js";

const WIDTH = 300;
const HEIGHT = 200;

/**
 * The curves as a Vega-Lite spec: the loss of every epoch at the left, the figure on images not learned from at the
 * right, a colour a training. Pure: same data, same spec.
 *
 * @example
 * trainingCurveSpec({ title: "Training", names: ["a"], lines: [{ name: "a", points: [{ epoch: 1, loss: 2.3 }] }] });
 */
export function trainingCurveSpec({ title, figureName, names, lines }: TrainingCurveData): VegaSpec {
  const values = lines.flatMap(({ name, points }, line) => points.map((point) => ({ line, name, ...point })));
  const longest = Math.max(...values.map(({ epoch }) => epoch));
  const several = names.length > 1;
  const range = names.map((_, i) => CATEGORY_COLOURS[[0, 5, 2, 3, 4, 1][i % 6]]);
  const panel = (field: string, heading: string, extent: object) => ({
    width: WIDTH,
    height: HEIGHT,
    title: { text: heading, fontSize: FONT_SIZE.heading, color: COLOUR.muted, fontWeight: 400 },
    mark: { type: "line", strokeWidth: 2, strokeOpacity: 0.8, point: longest <= 12 && { size: 24 }, tooltip: true },
    encoding: {
      x: {
        field: "epoch",
        type: "quantitative",
        scale: { domain: [1, Math.max(2, longest)], nice: false },
        axis: { title: "epoch", grid: false, tickMinStep: 1, format: "d" },
      },
      y: {
        field,
        type: "quantitative",
        scale: extent,
        axis: { title: null, gridColor: COLOUR.track, domain: false, ticks: false },
      },
      color: {
        field: "name",
        type: "nominal",
        scale: { domain: [...names], range },
        legend: several ? { title: null, orient: "bottom", symbolType: "stroke", labelLimit: 600 } : null,
      },
      detail: { field: "line" },
    },
  });
  const panels = [panel("loss", "loss", { zero: true, nice: true })];
  if (figureName !== undefined) panels.push(panel("figure", figureName, { domain: [0, 100] }));
  return {
    ...litePreamble(describe(title, figureName, lines)),
    title: chartTitle(title, { width: panels.length * (WIDTH + 36) }),
    data: { values },
    hconcat: panels,
    spacing: 36,
  };
}

function describe(title: string, figureName: string | undefined, lines: readonly TrainingLine[]): string {
  const each = lines.map(({ name, points }) => {
    const [first, last] = [points[0], points[points.length - 1]];
    const figure = last.figure === undefined ? "" : `, ${figureName} ${last.figure.toFixed(1)} at the end`;
    return `${name}: loss from ${first.loss.toFixed(2)} to ${last.loss.toFixed(2)} in ${last.epoch} epochs${figure}`;
  });
  return `${title}. ${each.join("; ")}.`;
}
