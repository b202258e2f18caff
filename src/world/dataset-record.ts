import type { LabelledImage } from "../kernel-helpers/datasets/labelled-image.js";
import type { WorldPart, WorldPicture, WorldSplit } from "./picture.js";

/** What a data set on disk says of itself: `manifest.json`. */
export interface Manifest {
  readonly kind: "camlab world";
  readonly part: WorldPart;
  readonly seed: number;
  /** The version of the drawings. */
  readonly world: number;
  readonly counts: Readonly<Record<WorldSplit, number>>;
  readonly format: "jpeg" | "png";
}

/** Everything about a drawn picture but its pixels, and where it lies in the data set. */
export interface PictureRecord extends Omit<WorldPicture, "image"> {
  /** From 1, in the order of the data set: train, val, test. */
  readonly id: number;
  /** The image's path within `images/`. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
}

/** Parts whose pictures belong to one category each. */
export const SINGLE_LABEL_PARTS: ReadonlySet<WorldPart> = new Set([
  "scenes",
  "activities",
  "birds",
  "text",
  "text-trap",
]);

/** A drawn picture as an item of a data set. */
export function labelledImage(record: PictureRecord, file: string): LabelledImage {
  const { part, split } = record.provenance;
  const item = { file, id: record.name, split };
  if (!SINGLE_LABEL_PARTS.has(part)) return { ...item, labels: record.labels };
  const bird = part === "birds" ? record.objects.find(({ name }) => name === "bird") : undefined;
  return { ...item, label: record.labels[0], ...(bird && { box: bird.box }) };
}
