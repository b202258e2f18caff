import { cam, type CamOptions } from "../cam/cam.js";
import { classIndexOf } from "../cam/class-index.js";
import type { HeatMap } from "../cam/heat-map.js";
import type { Box } from "../images/box.js";
import type { Seen, SeenClass } from "../networks/seen.js";
import { type BoxOptions, boxOf } from "./box-of.js";

/** A class, where it was seen, and the box around that. */
export interface ClassMap {
  readonly seenClass: SeenClass;
  /** The class activation map: raw, signed, at map resolution. */
  readonly map: HeatMap;
  /** The way that the map was made in, when it is no class activation map. */
  readonly way?: { readonly name: string; readonly title: string };
  /** In pixels of the original photo; absent when the rule finds none. */
  readonly box?: Box;
  /** Why there is no box. */
  readonly reason?: string;
}

/**
 * Classes of a photo, each with its map and its box.
 *
 * @param classes indices and names; the photo's top classes unless given
 * @param options how boxes are found
 * @param maps how maps are made, as for `cam`
 * @throws CamlabError as `cam` and `boxOf` do
 * @example
 * boxes.classMaps(await look(network, "street.jpg"), ["traffic light"], { threshold: 0.3 });
 */
export function classMaps(
  seen: Seen,
  classes: readonly (number | string)[] = seen.top.map(({ index }) => index),
  options: BoxOptions = {},
  maps: CamOptions = {},
): ClassMap[] {
  return classes.map((wanted) => {
    const index = classIndexOf(seen.network.classes, wanted);
    const map = cam(seen, index, maps);
    const found = boxOf(map, options);
    const seenClass = seenClassOf(seen, index);
    return found.box ? { seenClass, map, box: found.box } : { seenClass, map, reason: found.reason };
  });
}

function seenClassOf(seen: Seen, index: number): SeenClass {
  return {
    index,
    name: seen.network.classes[index],
    probability: seen.probabilities[index],
    score: seen.logits[index],
  };
}
