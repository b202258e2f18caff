import type { Box } from "../images/box.js";
import type { HeatMap } from "../cam/heat-map.js";
import { rangeOf, whyNoRange } from "../cam/normalise.js";
import { type Upsampling, UPSAMPLINGS } from "../cam/resample.js";
import { checkHeatMap } from "../cam/upsample.js";
import { check } from "../support/check.js";
import { CamlabError } from "../support/errors.js";
import { type AuthorsRuleOptions, authorsRule } from "./authors-rule.js";
import { type BoxGrid, placeOnGrid } from "./box-grid.js";
import type { BoxRule } from "./box-rule.js";
import { componentsOfRuns } from "./connected-components.js";
import { largestFirst, type PaperRuleOptions, paperRule } from "./paper-rule.js";

/** On which pixels a box is found, whatever the rule. */
export interface BoxGridOptions {
  /** The pixels that the box is found on: `input` unless given; `map` for a map without a placement. */
  readonly grid?: BoxGrid;
  /** How the map is stretched onto the grid; `bilinear` unless given. */
  readonly upsampling?: Upsampling;
}

/**
 * How a map becomes a box: a rule by name, `paper` unless given, with the options of that rule. An option of another
 * rule is refused.
 */
export type BoxOptions = BoxGridOptions & (PaperRuleOptions | AuthorsRuleOptions);

/** How a map becomes all boxes of a rule: as for one, without the option that says which. */
export type BoxesOptions = BoxGridOptions &
  (
    | (PaperRuleOptions & {
        /** Of which components there is a box: `all` unless given, or the `largest` alone. */
        readonly components?: "all" | "largest";
      })
    | Omit<AuthorsRuleOptions, "which">
  );

/** The name of a box rule. */
export type BoxRuleName = NonNullable<BoxOptions["rule"]>;

/** The rules. A new one is one file, and one line here and in `BoxOptions`. */
const RULES: Readonly<Record<BoxRuleName, BoxRule<BoxOptions>>> = { paper: paperRule, authors: authorsRule };

/** A box that a rule found. */
export interface FoundBox {
  /** In pixels of the original photo, fractional, within it. */
  readonly box: Box;
  /** The same box in whole pixels of the grid it was found on. */
  readonly onGrid: Box;
}

/** No box, and why. */
export interface NoBox {
  readonly box: undefined;
  readonly onGrid: undefined;
  readonly reason: string;
}

/**
 * The box of a map. The map is stretched onto the network's input grid, the rule finds a box there, and the box's
 * edges are carried back to the original photo exactly, through the resize or crop that was applied. The part of the
 * grid that shows no photo (a contained photo's margin) takes no part, nor do places that were not seen (NaN). A map
 * without a placement gives a box in its own pixels.
 *
 * - `paper` (the default): the box around the largest component above `threshold` times the maximum.
 * - `authors`: the `which` box of the rule that their released code has.
 *
 * A map without a positive value, or with an infinite one, has no box; `reason` says so.
 *
 * @throws CamlabError for an option outside its range or of another rule, and for a grid that needs a placement which
 *   the map lacks
 * @example
 * const { box } = boxOf(cam(seen, "goldfish"), { threshold: 0.3 });
 * boxOf(map, { rule: "authors", which: "tight", grid: "image" });
 */
export function boxOf(map: HeatMap, options: BoxOptions = {}): FoundBox | NoBox {
  const { boxes, reason } = findBoxes(map, options);
  if (reason !== undefined) return { box: undefined, onGrid: undefined, reason };
  const { rule = "paper" } = options;
  const found = boxes[RULES[rule].choice(options)];
  return found ?? { box: undefined, onGrid: undefined, reason: `the ${rule} rule found ${boxes.length} boxes` };
}

/**
 * All boxes of a rule, in its order. The paper's: one for each component, largest component first. The authors': what
 * their released code writes, loose, then tight, then any others. Empty when there is none.
 *
 * @throws CamlabError as `boxOf` does
 * @example
 * boxesOf(map, { threshold: 0.5, components: "all" }).map(({ box }) => box);
 */
export function boxesOf(map: HeatMap, options: BoxesOptions = {}): FoundBox[] {
  if ("which" in options) throw new CamlabError('boxesOf gives all boxes: it has no option "which", boxOf has');
  if (options.rule === "authors") return findBoxes(map, options).boxes;
  const { components = "all", ...rule } = options;
  check.oneOf("components", components, ["all", "largest"]);
  const { boxes } = findBoxes(map, rule);
  return components === "all" ? boxes : boxes.slice(0, 1);
}

function findBoxes(map: HeatMap, options: BoxOptions): { boxes: FoundBox[]; reason?: string } {
  checkHeatMap(map);
  const rule = checkedRule(options);
  const { grid, upsampling } = checkedGrid(map, options);
  if (Number.isNaN(rangeOf(map.data).max)) return { boxes: [], reason: `the map has no box: ${whyNoRange(map.data)}` };
  const placed = placeOnGrid(map, grid, upsampling);
  const share = rule.share?.(options);
  const quick = share === undefined ? undefined : placed.stretched;
  const max = quick?.maximum() ?? maximumOf(placed.data);
  if (!(max > 0)) return { boxes: [], reason: "the map has no positive value" };
  const { width, height } = placed;
  const boxes =
    quick && share !== undefined
      ? largestFirst(componentsOfRuns(quick.runsAbove(share * max), 8))
      : rule.boxes({ data: placed.data, width, height, max }, options);
  return { boxes: boxes.map((box) => ({ box: placed.toOriginal(box), onGrid: placed.toWholeGrid(box) })) };
}

/** On which pixels boxes of a map are found, where options may leave it open. */
export function checkedGrid(map: HeatMap, options: BoxGridOptions): Required<BoxGridOptions> {
  const { upsampling = "bilinear", grid = map.placement ? "input" : "map" } = options;
  check.oneOf("grid", grid, ["input", "map", "image"]);
  check.oneOf("upsampling", upsampling, UPSAMPLINGS);
  return { grid, upsampling };
}

/** The rule that options name, once it has found nothing to refuse in them. */
function checkedRule(options: BoxOptions): BoxRule<BoxOptions> {
  const { rule: name = "paper" } = options;
  const rule = RULES[check.oneOf("rule", name, Object.keys(RULES) as BoxRuleName[])];
  check.known<Record<string, unknown>>(
    { ...options },
    ["rule", ...rule.options, "grid", "upsampling"],
    `the ${name} rule`,
  );
  rule.check(options);
  return rule;
}

/** The largest value; −∞ where there is none. */
export function maximumOf(data: Float32Array): number {
  let max = -Infinity;
  for (let p = 0; p < data.length; p++) if (data[p] > max) max = data[p];
  return max;
}
