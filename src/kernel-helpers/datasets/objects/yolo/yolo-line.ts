import type { PictureObject } from "../../../images/picture.js";
import { CamlabError } from "../../../support/errors.js";
import { numberOf, shown } from "../../files/values.js";
import { outlinedObject } from "../picture-objects.js";

/** What numbers of classes mean. */
export interface YoloNames {
  /** By number; empty where a number has no name. */
  readonly classes: readonly string[];
  /** Points of a pose that follow the box: how many, and numbers of each. */
  readonly keypoints?: readonly [points: number, numbers: number];
}

/** Rounding may put a share a little outside. */
const TOLERANCE = 0.01;

/**
 * A line of labels as an object, in pixels.
 *
 * @throws CamlabError when it is not of that form, or its class has no name
 */
export function yoloObject(
  line: string,
  { classes, keypoints }: YoloNames,
  { width, height }: { readonly width: number; readonly height: number },
): PictureObject {
  const [number, ...values] = line
    .trim()
    .split(/[\s,]+/)
    .map(numberOf);
  const known = values.filter((value) => value !== undefined);
  const isBox = values.length === 4 || values.length === 5 || values.length === boxAndPose(keypoints);
  const isOutline = !isBox && values.length >= 6 && values.length % 2 === 0;
  if (number === undefined || known.length < values.length || !(isBox || isOutline)) {
    throw new CamlabError(`${shown(line.trim())} is neither "class x y width height" nor "class x y x y x y …"`);
  }
  const name = classes[number];
  if (!name) throw new CamlabError(`class ${number} has no name: there are names for 0 to ${classes.length - 1}`);
  const shares = isBox ? known.slice(0, 4) : known;
  if (shares.some((share) => share < -TOLERANCE || share > 1 + TOLERANCE)) {
    throw new CamlabError(`${shown(line.trim())} is not in shares of the image, from 0 to 1`);
  }
  if (isBox) {
    const [x, y, w, h] = shares;
    if (w < 0 || h < 0) throw new CamlabError(`${shown(line.trim())} has a size below 0`);
    return { name, box: { x: (x - w / 2) * width, y: (y - h / 2) * height, width: w * width, height: h * height } };
  }
  const corners = Array.from(
    { length: shares.length / 2 },
    (_, i) => [shares[2 * i] * width, shares[2 * i + 1] * height] as const,
  );
  return outlinedObject(name, corners);
}

function boxAndPose(keypoints: YoloNames["keypoints"]): number | undefined {
  return keypoints && 4 + keypoints[0] * keypoints[1];
}
