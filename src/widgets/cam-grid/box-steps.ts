import { checkSeen } from "../../kernel-helpers/networks/check-network.js";
import { connectedComponents } from "../../kernel-helpers/boxes/connected-components.js";
import { cam } from "../../kernel-helpers/cam/cam.js";
import { classIndexOf } from "../../kernel-helpers/cam/class-index.js";
import type { HeatMap } from "../../kernel-helpers/cam/heat-map.js";
import { rangeOf } from "../../kernel-helpers/cam/normalise.js";
import { upsample } from "../../kernel-helpers/cam/upsample.js";
import type { Box } from "../../kernel-helpers/images/box.js";
import type { Seen } from "../../kernel-helpers/networks/seen.js";
import { check } from "../../kernel-helpers/support/check.js";
import { HEAT_OPTIONS, type HeatOptions } from "../kit/photo/heat-options.js";
import type { BoxColours, BoxStyle } from "../kit/photo/box-colours.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { shortPercentText } from "../kit/text/numbers.js";
import type { Widget } from "../kit/widget.js";
import { camGrid } from "./cam-grid.js";

/** How a map became a box. */
export interface BoxStepsOptions extends HeatOptions, ShowOptions {
  /** The fraction of the maximum, 0 ≤ t < 1; 0.2 unless given. */
  readonly threshold?: number;
  /** True boxes, in pixels of the photo, drawn in green beside the one that was found. */
  readonly truth?: readonly Box[];
  /** What stands above the photo; its file's name and its size unless given. */
  readonly caption?: string;
  /** Panels have the area of a square with this side, in pixels; 180 unless given. */
  readonly size?: number;
  /** How boxes are drawn: `plain`, white beside a green truth, or as in the `paper`, red beside a green truth. */
  readonly style?: BoxStyle;
  /** Other colours for boxes. */
  readonly colours?: Partial<BoxColours>;
}

/**
 * From a map to a box, step by step (the paper's section 3.2): the class activation map, the pixels above a share of its
 * maximum, the largest connected region of these, the box around it.
 *
 * @param target a class by name or index, or a map already made
 * @throws CamlabError for an unknown class or a threshold outside its range
 * @example
 * boxSteps(await look(network, "street.jpg"), "car");
 */
export function boxSteps(seen: Seen, target: string | number | HeatMap, options: BoxStepsOptions = {}): Widget {
  const own = ["threshold", "truth", "caption", "size", "style", "colours"] as const;
  check.known(options, [...own, ...HEAT_OPTIONS, ...SHOW_OPTIONS], "boxSteps");
  checkSeen(seen, "boxSteps");
  const { threshold = 0.2, truth = [], caption, size = 180, ...style } = options;
  check.number("threshold", threshold, { from: 0, below: 1 });
  const map = typeof target === "object" ? target : cam(seen, classIndexOf(seen.network.classes, target));
  const placed = { ...map, placement: map.placement ?? seen.placement };
  const steps = stepsOf(placed, threshold);
  const last = steps[steps.length - 1].label;
  return camGrid(seen, {
    ...style,
    classes: steps,
    boxes: (label) => label === last,
    threshold,
    size,
    sliders: false,
    columns: steps.length + 1,
    truth: (_, label) => (label === last ? truth : []),
    ...(caption !== undefined && { caption: () => caption }),
  });
}

function stepsOf(map: HeatMap, threshold: number): (HeatMap & { readonly label: string })[] {
  const large = upsample(map);
  const { width, height, data } = large;
  const level = threshold * rangeOf(data).max;
  const above = Uint8Array.from(data, (value) => (value > level && value > 0 ? 1 : 0));
  const { labels, components } = connectedComponents(above, width, height, 8);
  const largest = [...components].sort((a, b) => b.area - a.area)[0]?.label;
  const only = (keep: (pixel: number) => boolean) => Float32Array.from(above, (_, pixel) => (keep(pixel) ? 1 : 0));
  return [
    { ...map, label: `map of ${map.label ?? "the class"}` },
    { ...large, data: only((pixel) => above[pixel] === 1), label: `above ${shortPercentText(threshold)}` },
    { ...large, data: only((pixel) => labels[pixel] === largest), label: "largest region" },
    { ...map, label: "its box" },
  ];
}
