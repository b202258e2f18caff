import { percentText } from "../kit/text/numbers.js";
import { CATEGORY_COLOURS, COLOUR } from "../kit/theme.js";
import type { ThresholdCurve } from "./cam-grid-data.js";

const HEIGHT = 150;
const WIDEST = 560;

/**
 * A curve over thresholds as a view of a spec: where the parameter `threshold` is on it, and what it says there, is marked.
 *
 * @param choice the thresholds that the parameter may have
 */
export function thresholdCurve(curve: ThresholdCurve, choice: readonly number[], width: number): object {
  const { title = "boxes that are right" } = curve;
  const rows = Array.from(curve.x, (x, i) => ({ x, y: curve.y[i] }));
  const marks = choice.map((x) => {
    const y = heightAt(curve, x);
    return { x, y, said: `${percentText(y)} at a threshold of ${percentText(x)}` };
  });
  const axis = { format: "%", gridColor: COLOUR.track, titleFontWeight: "normal", domain: false, tickCount: 5 };
  const x = {
    ...{ field: "x", type: "quantitative", scale: { domain: [0, 1] } },
    axis: { ...axis, title: "threshold, in per cent of the map's maximum" },
  };
  const y = { field: "y", type: "quantitative", scale: { domainMin: 0 }, axis: { ...axis, title } };
  const side = (late: unknown, early: unknown) => ({
    expr: `threshold > 0.5 ? ${JSON.stringify(late)} : ${JSON.stringify(early)}`,
  });
  return {
    width: Math.min(width, WIDEST),
    height: HEIGHT,
    layer: [
      {
        data: { values: rows },
        mark: { type: "line", strokeWidth: 2, color: CATEGORY_COLOURS[0] },
        encoding: { x, y, description: { value: title } },
      },
      {
        data: { values: marks },
        transform: [{ filter: "abs(datum.x - threshold) < 0.001" }],
        layer: [
          { mark: { type: "rule", color: COLOUR.muted, strokeDash: [4, 3] }, encoding: { x } },
          {
            mark: { type: "point", filled: true, size: 90, opacity: 1, color: CATEGORY_COLOURS[5] },
            encoding: { x, y, description: { field: "said" } },
          },
          {
            mark: { type: "text", align: side("right", "left"), dx: side(-9, 9), dy: -9 },
            encoding: { x, y, text: { field: "said" } },
          },
        ],
      },
    ],
  };
}

/** Between neighbours in proportion. */
function heightAt({ x, y }: ThresholdCurve, at: number): number {
  const after = Array.from(x).findIndex((each) => each >= at);
  if (after <= 0) return y[after < 0 ? y.length - 1 : 0];
  const share = (at - x[after - 1]) / (x[after] - x[after - 1]);
  return y[after - 1] + share * (y[after] - y[after - 1]);
}
