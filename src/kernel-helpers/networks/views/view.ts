import { check } from "../../support/check.js";

/**
 * What of a picture a network sees.
 *
 * - `card`: what the network was trained on, as its card says; many networks see the middle only.
 * - `whole`: all of the picture in its own proportions (see `wholeInput`), so that its maps cover the picture. A network
 *   that is tied to the size of its input sees it squashed.
 */
export type View = (typeof VIEWS)[number];

/** The views that a network has. */
export const VIEWS = ["card", "whole"] as const;

/** Views of one look: `both` takes classes from the card's view, maps and features from the whole one. */
export type LookView = View | "both";

/**
 * @throws CamlabError unless it is a view, or nothing
 */
export function checkView(view: unknown): asserts view is View | undefined {
  if (view !== undefined) check.oneOf("view", view, VIEWS);
}

/** @throws CamlabError unless it is a view of a look, or nothing */
export function checkLookView(view: unknown): asserts view is LookView | undefined {
  if (view !== undefined) check.oneOf("view", view, [...VIEWS, "both"]);
}
