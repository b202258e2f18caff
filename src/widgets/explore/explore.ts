import { classIndexOf } from "../../kernel-helpers/cam/class-index.js";
import type { Picture } from "../../kernel-helpers/images/picture.js";
import type { Seen } from "../../kernel-helpers/networks/seen.js";
import { check } from "../../kernel-helpers/support/check.js";
import { invalid } from "../../kernel-helpers/support/errors.js";
import { checkedSeen } from "../kit/photo/checked-seen.js";
import { HEAT_OPTIONS, heatOptions, type HeatOptions } from "../kit/photo/heat-options.js";
import { SHOW_OPTIONS, showOptions, type ShowOptions } from "../kit/show-options.js";
import { Widget } from "../kit/widget.js";
import { EXPLORE_SHOWS, type ExploreFirst } from "./explore-data.js";
import { type ExploreChoice, ExploredPhoto } from "./explored-photo.js";
import { exploreSpec } from "./explore-spec.js";

/** What the explorer of a photo offers, and what it shows at first. */
export interface ExploreOptions extends HeatOptions, ShowOptions {
  /** How many of the most probable classes, or which, by name or index; 5 unless given. */
  readonly classes?: number | readonly (string | number)[];
  /** The class that is shown at first, by name or index; the first of `classes` unless given. */
  readonly pick?: string | number;
  /** The class that it is held against at first: where the one says more than the other. None unless given. */
  readonly against?: string | number;
  /** The map as `heat`, as `contours` at 20, 40, 60 and 80 % of its maximum, or `both`; `heat` unless given. */
  readonly show?: (typeof EXPLORE_SHOWS)[number];
  /** The box's threshold at first, as a share of the map's maximum, 0.01–0.99 in steps of 0.01; 0.2 unless given. */
  readonly threshold?: number;
  /** In what one colour means the same: in all maps of the `photo` (the default), or in each `map` only. */
  readonly colourScale?: "photo" | "map";
  /** Pictures have the area of a square with this side, in pixels; 260 unless given. */
  readonly size?: number;
}

/** The names of `ExploreOptions`. */
export const EXPLORE_OPTIONS: readonly (keyof ExploreOptions)[] = [
  ...(["classes", "pick", "against", "show", "threshold", "colourScale", "size"] as const),
  ...[...HEAT_OPTIONS, ...SHOW_OPTIONS],
];

/**
 * One photo to look around in: the photo beside the map of a class over it, with the box of the 20 % rule. Where Vega
 * runs, a reader picks the class, holds it against another, changes colours, opacity and the threshold (the box follows,
 * exactly), draws contours, and points at a place to see which classes it spoke for and against.
 *
 * @throws CamlabError for an unknown class, several photos, or an option outside its range
 * @example
 * exploreView(await look(network, "street.jpg"), { classes: 8 });
 */
export function exploreView<P extends Picture>(seen: Seen<P>, options: ExploreOptions = {}): Widget {
  const [one] = checkedSeen(seen, "explore");
  if (Array.isArray(seen)) throw invalid("seen", `${(seen as unknown[]).length} photos`, "what was seen in one photo");
  const checked = exploreChoice(one, options);
  return new Widget(async () => exploreSpec(await new ExploredPhoto(one).data(checked)), options);
}

/**
 * Checked options, for a photo that was seen.
 *
 * @throws CamlabError for an unknown class, or an option outside its range
 */
export function exploreChoice(seen: Seen, options: ExploreOptions): ExploreChoice {
  const {
    show = "heat",
    threshold = 0.2,
    colourScale = "photo",
    size = 260,
  } = check.known(options, EXPLORE_OPTIONS, "explore");
  check.oneOf("show", show, EXPLORE_SHOWS);
  check.number("threshold", threshold, { from: 0.01, to: 0.99 });
  check.oneOf("colourScale", colourScale, ["photo", "map"]);
  check.number("size", size, { from: 200, to: 800 });
  const { scale } = showOptions(options);
  const { classes, pick, against } = chosenClasses(seen, options);
  const first: ExploreFirst = {
    ...heatOptions(options),
    show,
    threshold: Math.round(100 * threshold) / 100,
    pick,
    against,
  };
  return { classes, first, colourScale, size, scale, drawing: false };
}

/** Indices of the classes that are listed, and the places in that list of those that are shown at first. */
function chosenClasses(seen: Seen, { classes = 5, pick, against }: ExploreOptions) {
  const { classes: names } = seen.network;
  if (typeof classes === "number") check.count("classes", classes);
  else if (classes.length === 0) throw invalid("classes", classes, "how many (from 1), or a list of names and indices");
  const order = Array.from(seen.probabilities.keys()).sort((a, b) => seen.probabilities[b] - seen.probabilities[a]);
  const wanted =
    typeof classes === "number" ? order.slice(0, classes) : classes.map((each) => classIndexOf(names, each));
  const list = [...new Set(wanted)];
  const placeOf = (which: string | number | undefined, otherwise: number) => {
    if (which === undefined) return otherwise;
    const index = classIndexOf(names, which);
    if (!list.includes(index)) list.push(index);
    return list.indexOf(index);
  };
  return { classes: list, pick: placeOf(pick, 0), against: placeOf(against, -1) };
}
