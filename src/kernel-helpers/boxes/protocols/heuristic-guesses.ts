import type { HeatMap } from "../../cam/heat-map.js";
import { type BoxOptions, boxOf } from "../box-of.js";
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
  { loose = { rule: "authors", which: "loose" }, tight = { rule: "authors", which: "tight" } }: HeuristicOptions = {},
): LocalizationGuess[] {
  return predicted.slice(0, 3).flatMap(({ index, map }, rank) => {
    const rules = rank < 2 ? [tight, loose] : [loose];
    return rules.flatMap((rule) => {
      const { box } = boxOf(map, rule);
      return box ? [{ index, box }] : [];
    });
  });
}
