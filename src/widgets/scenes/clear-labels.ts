import { intersectionArea } from "../../kernel-helpers/boxes/box-geometry.js";
import type { Box } from "../../kernel-helpers/images/box.js";

/** A name and the box that it is to stand at. */
export interface LabelledBox {
  readonly width: number;
  readonly height: number;
  readonly box: Box;
}

/**
 * Those of the names that have a clear place, with it: at a corner of their boxes, inside them or beside
 * them, within the photo, on no name before them, and with no name on the box of another.
 *
 * @param labels sizes of names and their boxes, in pixels of the photo as it is drawn; the first ones have the choice
 * @param photo its size as it is drawn
 * @returns with the upper left corner of each name; the first one is always among them
 */
export function clearLabels<L extends LabelledBox>(
  labels: readonly L[],
  photo: { readonly width: number; readonly height: number },
): (L & { readonly x: number; readonly y: number })[] {
  let kept: L[] = [];
  for (const label of labels) {
    const tried = [...kept, label];
    const places = placeLabels(tried, photo).map((place, i) => ({ ...tried[i], ...place }));
    const isHidden = places.some((place, i) =>
      places.some((other, k) => k !== i && ((k < i && intersectionArea(place, other) > 0) || hides(place, other.box))),
    );
    const isFar = tried.some(({ box }, i) => distance(places[i], box) > FAR);
    if (!(isHidden || isFar) || kept.length === 0) kept = tried;
  }
  return placeLabels(kept, photo).map((place, i) => ({ ...kept[i], ...place }));
}

/** Clear of other names as long as there is room, of other boxes where there is more; the first ones have the choice. */
function placeLabels(
  labels: readonly LabelledBox[],
  photo: { readonly width: number; readonly height: number },
): { readonly x: number; readonly y: number }[] {
  const taken: Box[] = [];
  return labels.map((label) => {
    const places = candidates(label, photo);
    const others = labels.filter((each) => each !== label).map(({ box }) => box);
    const cost = (place: Box) =>
      LETTERS * sumOf(taken, (other) => intersectionArea(place, other)) +
      sumOf(others, (other) => intersectionArea(place, other)) +
      (isWithin(place, label.box) ? 0 : intersectionArea(place, label.box)) +
      AWAY * distance(place, label.box);
    const best = places.reduce((least, place) => (cost(place) < cost(least) ? place : least));
    taken.push(best);
    return { x: best.x, y: best.y };
  });
}

const INSET = 3;
/** A box is hidden when so much of it is. */
const HIDDEN = 0.4;
/** A name that stands further from its box, in pixels, is not seen to be its. */
const FAR = 8;
/** What a pixel of letters on letters costs, in pixels of letters on the box of another. */
const LETTERS = 1000;
/** What a pixel between a name and its box costs. */
const AWAY = 25;

function sumOf(boxes: readonly Box[], value: (box: Box) => number): number {
  return boxes.reduce((sum, box) => sum + value(box), 0);
}

function hides(place: Box, box: Box): boolean {
  return intersectionArea(place, box) > HIDDEN * box.width * box.height;
}

function isWithin(inner: Box, { x, y, width, height }: Box): boolean {
  return inner.x >= x && inner.y >= y && inner.x + inner.width <= x + width && inner.y + inner.height <= y + height;
}

function distance(a: Box, b: Box): number {
  const across = Math.max(0, b.x - a.x - a.width, a.x - b.x - b.width);
  const down = Math.max(0, b.y - a.y - a.height, a.y - b.y - b.height);
  return Math.hypot(across, down);
}

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
