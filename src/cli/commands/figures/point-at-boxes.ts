import { pointInBox } from "../../../kernel-helpers/boxes/box-geometry.js";
import type { ActivityView } from "../../../kernel-helpers/discovery/activities/discover-activities.js";
import type { Box } from "../../../kernel-helpers/images/box.js";
import { mean } from "../../../kernel-helpers/support/statistics.js";
import { shareOf } from "../../../kernel-helpers/svm/metrics/share-of.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { estimateText } from "../../numbers.js";

/** Of photographs that are named right, how often the map's peak is in a box of theirs, and how often a random point is. */
export function pointsOf(views: readonly Pick<ActivityView, "picture" | "predicted" | "peak" | "map">[]) {
  const known = views.flatMap(({ picture, predicted, peak, map }) => {
    const boxes = (picture.objects ?? []).map(({ box }) => box);
    if (picture.label !== predicted || boxes.length === 0) return [];
    const { imageWidth, imageHeight } = map.placement!;
    const chance = shareCovered(boxes, { width: imageWidth, height: imageHeight });
    return [{ hit: boxes.some((box) => pointInBox(peak, box)), chance }];
  });
  if (known.length === 0) return {};
  return { pointing: { ...shareOf(known.map(({ hit }) => hit)), chance: mean(known.map(({ chance }) => chance)) } };
}

/** The same in words, to go on with; nothing where no boxes are known. */
export function pointsText(views: readonly ActivityView[]): string {
  const { pointing } = pointsOf(views);
  if (!pointing) return "";
  return (
    `. Of those named right, the map's peak is in the box of a person or thing in ${estimateText(pointing)}; a random ` +
    `point is in ${percentText(pointing.chance)}`
  );
}

const POINTS = 64;

/** The share of a picture that boxes cover, by points on a grid: boxes may lie over each other. */
function shareCovered(boxes: readonly Box[], { width, height }: { readonly width: number; readonly height: number }) {
  const inside = Array.from({ length: POINTS * POINTS }, (_, i) => {
    const at = { x: (((i % POINTS) + 0.5) * width) / POINTS, y: ((Math.floor(i / POINTS) + 0.5) * height) / POINTS };
    return Number(boxes.some((box) => pointInBox(at, box)));
  });
  return mean(inside);
}
