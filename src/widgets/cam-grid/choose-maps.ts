import { cam } from "../../kernel-helpers/cam/cam.js";
import { classIndexOf } from "../../kernel-helpers/cam/class-index.js";
import type { HeatMap } from "../../kernel-helpers/cam/heat-map.js";
import type { Box } from "../../kernel-helpers/images/box.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import type { Picture } from "../../kernel-helpers/images/picture.js";
import { scoreText } from "../kit/text/numbers.js";
import type { Seen } from "../../kernel-helpers/networks/seen.js";

/** A map already made; what made it may have scored the photo. */
export type GridMap = HeatMap & {
  /** Stands beside the map's label: a probe's score. */
  readonly score?: number;
};

/** Classes of a network by name or index, or maps already made. */
export type GridClasses = readonly (string | number | GridMap)[];

/** A map that is shown over its photo. */
export interface ChosenMap {
  /** What stands above it. */
  readonly title: string;
  /** The class's name or the map's label, as it is. */
  readonly label: string;
  /** Of a class of the network. */
  readonly probability?: number;
  /** What stands beside the title of another map. */
  readonly note?: string;
  /** With its placement on the photo. */
  readonly map: HeatMap;
}

/**
 * The maps that were asked for: of the most probable classes, of classes by name or index, or maps already made.
 *
 * @throws CamlabError for an unknown class
 */
export function chooseMaps<P extends Picture>(
  seen: Seen<P>,
  classes: number | GridClasses | ((seen: Seen<P>) => GridClasses),
): ChosenMap[] {
  const names = seen.network.classes;
  const order = Array.from(seen.probabilities.keys()).sort((a, b) => seen.probabilities[b] - seen.probabilities[a]);
  const ofClass = (index: number): ChosenMap => ({
    title: `${order.indexOf(index) + 1}. ${readableName(names[index])}`,
    label: names[index],
    probability: seen.probabilities[index],
    map: { ...cam(seen, index), placement: seen.placement },
  });
  if (typeof classes === "number") return order.slice(0, classes).map(ofClass);
  return (typeof classes === "function" ? classes(seen) : classes).map((each) =>
    typeof each === "object"
      ? {
          title: readableName(each.label ?? "map"),
          label: each.label ?? "",
          ...(each.score !== undefined && { note: scoreText(each.score) }),
          map: { ...each, placement: each.placement ?? seen.placement },
        }
      : ofClass(classIndexOf(names, each)),
  );
}

/** What a picture knows of where a class is: its objects of that name, or the box of its label. */
export function trueBoxes({ objects = [], label: named, box }: Picture, label: string): Box[] {
  const boxes = objects.filter(({ name }) => name === label).map((object) => object.box);
  return boxes.length === 0 && box && named === label ? [box] : boxes;
}
