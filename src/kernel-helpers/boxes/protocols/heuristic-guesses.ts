import type { HeatMap } from "../../cam/heat-map.js";
import type { Box } from "../../images/box.js";
import { check } from "../../support/check.js";
import { type BoxOptions, boxesOf, boxOf } from "../box-of.js";
import type { LocalizationGuess } from "./localization-error.js";

/** How the test-set heuristic makes its boxes. */
export interface HeuristicOptions {
  /** The box that takes in more; the authors' rule, `loose`, unless given. */
  readonly loose?: BoxOptions;
  /** The box that takes in less; the authors' rule, `tight`, unless given. */
  readonly tight?: BoxOptions;
}

/** A predicted class and its map. */
export interface PredictedMap {
  /** The class, by index. */
  readonly index: number;
  readonly map: HeatMap;
}

/**
 * The paper's heuristic for ILSVRC's test part (section 3.2, table 3): five guesses that are a tight and a loose box of
 * each of the first two classes, and the loose box of the third. A class whose map has no tight box keeps its loose one
 * alone, and the guesses stay fewer.
 *
 * @param predicted classes, most probable first
 * @throws CamlabError as `boxOf` does
 * @example
 * boxes.heuristicGuesses(seen.top.map(({ index }) => ({ index, map: cam(seen, index) })));
 */
export function heuristicGuesses(
  predicted: readonly PredictedMap[],
  options: HeuristicOptions = {},
): LocalizationGuess[] {
  const { loose = { rule: "authors", which: "loose" }, tight = { rule: "authors", which: "tight" } } = options;
  check.known(options, ["loose", "tight"], "heuristicGuesses");
  return predicted.slice(0, 3).flatMap(({ index, map }, rank) => {
    const boxes = rank < 2 ? pairOf(map, tight, loose) : [boxOf(map, loose).box];
    return boxes.flatMap((box) => (box ? [{ index, box }] : []));
  });
}

/** The tight and the loose box; where both are the authors', of one pass. */
function pairOf(map: HeatMap, tight: BoxOptions, loose: BoxOptions): (Box | undefined)[] {
  const { which: first, ...rule } = tight as { which?: "loose" | "tight" };
  const { which: second, ...other } = loose as { which?: "loose" | "tight" };
  if (tight.rule !== "authors" || JSON.stringify(rule) !== JSON.stringify(other)) {
    return [boxOf(map, tight).box, boxOf(map, loose).box];
  }
  const found = boxesOf(map, rule);
  return [first, second].map((which) => found[which === "tight" ? 1 : 0]?.box);
}
