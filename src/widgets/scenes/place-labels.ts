import { intersectionArea } from "../../kernel-helpers/boxes/box-geometry.js";
import type { Box } from "../../kernel-helpers/images/box.js";

/** A name and the box that it is to stand at. */
export interface LabelledBox {
  readonly width: number;
  readonly height: number;
  readonly box: Box;
}

/**
 * Where names stand on a photo: at a corner of their boxes, inside them or beside them, within the photo, and clear of
 * each other as long as there is room; the first ones have the choice.
 *
 * @param labels sizes of names and their boxes, in pixels of the photo as it is drawn
 * @param photo its size as it is drawn
 * @returns the upper left corner of each name
 */
export function placeLabels(
  labels: readonly LabelledBox[],
  photo: { readonly width: number; readonly height: number },
): { readonly x: number; readonly y: number }[] {
  const taken: Box[] = [];
  return labels.map((label) => {
    const places = candidates(label, photo);
    const cost = (place: Box) => taken.reduce((sum, other) => sum + intersectionArea(place, other), 0);
    const best = places.reduce((least, place) => (cost(place) < cost(least) ? place : least));
    taken.push(best);
    return { x: best.x, y: best.y };
  });
}

const INSET = 3;

/** Places in the order of how well they say which box is meant. */
function candidates(
  { width, height, box }: LabelledBox,
  photo: { readonly width: number; readonly height: number },
): Box[] {
  const [left, right] = [box.x + INSET, box.x + box.width - INSET - width];
  const [top, bottom] = [box.y + INSET, box.y + box.height - INSET - height];
  const steps = Array.from({ length: Math.ceil(photo.height / height) }, (_, i) => i * height);
  const points = [
    ...[left, right].flatMap((x) => [top, bottom].map((y) => ({ x, y }))),
    ...[box.y - height - 1, box.y + box.height + 1].map((y) => ({ x: left, y })),
    ...steps.flatMap((step) => [left, right].flatMap((x) => [top + step, top - step].map((y) => ({ x, y })))),
    ...steps.flatMap((y) => [left, 0, photo.width].map((x) => ({ x, y }))),
  ];
  const within = (value: number, size: number, limit: number) => Math.max(2, Math.min(value, limit - size - 2));
  return points.map(({ x, y }) => {
    return { x: within(x, width, photo.width), y: within(y, height, photo.height), width, height };
  });
}
