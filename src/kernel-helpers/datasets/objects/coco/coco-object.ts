import type { Box } from "../../../images/box.js";
import { maskBox } from "../../../images/masks/mask-box.js";
import { checkMask, type RunLengthMask, uncompressCounts } from "../../../images/masks/masks.js";
import type { PictureObject } from "../../../images/picture.js";
import { CamlabError, messageOf } from "../../../support/errors.js";
import { isObject, type JsonObject, numberOf, numbersOf, shown } from "../../files/values.js";

/** The size of the picture that an annotation is of, where it is known. */
interface Size {
  readonly width?: number;
  readonly height?: number;
}

/**
 * An annotation of COCO's form as an object. A box that is missing is taken from the outline; an outline that cannot be
 * used is told, and the box alone is kept.
 *
 * @param tell is told what is wrong with the outline
 * @throws CamlabError when there is no box, nor an outline to take it from
 */
export function cocoObject(
  annotation: JsonObject,
  name: string,
  size: Size,
  tell: (problem: string) => void,
): PictureObject {
  const id = numberOf(annotation.id);
  const outline = outlineOf(annotation.segmentation, size, tell);
  const box = boxOf(annotation.bbox) ?? boxAround(outline);
  if (!box) throw new CamlabError(`its box is ${shown(annotation.bbox)}, and it has no outline to take one from`);
  const area = numberOf(annotation.area);
  return {
    ...(id !== undefined && { id }),
    name,
    box,
    area: area !== undefined && area >= 0 ? area : areaOf(outline, box),
    crowd: [1, true, "1"].includes(annotation.iscrowd as number),
    ...outline,
  };
}

type Outline = Pick<PictureObject, "polygons" | "mask">;

function boxOf(bbox: unknown): Box | undefined {
  const numbers = numbersOf(bbox);
  if (numbers?.length !== 4 || numbers[2] < 0 || numbers[3] < 0) return undefined;
  const [x, y, width, height] = numbers;
  return { x, y, width, height };
}

/** Polygons, one of them without its brackets, corners in pairs, or a mask. */
function outlineOf(segmentation: unknown, size: Size, tell: (problem: string) => void): Outline {
  if (segmentation === undefined || segmentation === null) return {};
  if (isObject(segmentation)) {
    try {
      return { mask: maskOf(segmentation, size) };
    } catch (error) {
      tell(messageOf(error));
      return {};
    }
  }
  if (!Array.isArray(segmentation)) {
    tell(`an outline cannot be ${shown(segmentation)}`);
    return {};
  }
  const list = segmentation as readonly unknown[];
  const polygons = list.some((one) => Array.isArray(one)) ? polygonsOf(list) : list.length > 0 ? [numbersOf(list)] : [];
  const good = polygons.filter((one): one is number[] => one !== undefined && one.length >= 6 && one.length % 2 === 0);
  if (good.length < polygons.length) {
    const left = polygons.length - good.length;
    tell(`${left} of ${polygons.length} polygons are no list of three or more corners x, y, x, y, …`);
  }
  return good.length > 0 ? { polygons: good } : {};
}

function polygonsOf(list: readonly unknown[]): (number[] | undefined)[] {
  const isPair = (one: unknown) => Array.isArray(one) && one.length === 2 && numbersOf(one) !== undefined;
  if (list.length > 2 && list.every(isPair)) return [numbersOf(list.flat())];
  return list.flatMap((one) => {
    if (!Array.isArray(one) || one.length === 0) return one === undefined || Array.isArray(one) ? [] : [undefined];
    return one.every(isPair) ? [numbersOf(one.flat())] : [numbersOf(one)];
  });
}

function maskOf({ size, counts }: JsonObject, picture: Size): RunLengthMask {
  const sides = numbersOf(size);
  if (sides?.length !== 2) throw new CamlabError(`a mask's size cannot be ${shown(size)}`);
  const runs = typeof counts === "string" ? uncompressCounts(counts) : numbersOf(counts);
  if (!runs) throw new CamlabError(`a mask's counts cannot be ${shown(counts)}`);
  const [height, width] = sides;
  const mask = { width, height, counts: runs };
  checkMask(mask);
  if ((picture.width ?? width) !== width || (picture.height ?? height) !== height) {
    throw new CamlabError(`the mask is ${width} × ${height}, its picture ${picture.width} × ${picture.height}`);
  }
  return mask;
}

function boxAround({ mask, polygons }: Outline): Box | undefined {
  if (mask) return maskBox(mask);
  if (!polygons) return undefined;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const polygon of polygons) {
    for (let i = 0; i < polygon.length; i += 2) {
      [left, right] = [Math.min(left, polygon[i]), Math.max(right, polygon[i])];
      [top, bottom] = [Math.min(top, polygon[i + 1]), Math.max(bottom, polygon[i + 1])];
    }
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function areaOf({ mask, polygons }: Outline, box: Box): number {
  if (mask) return mask.counts.reduce((sum, count, run) => (run % 2 ? sum + count : sum), 0);
  if (polygons) return polygons.reduce((sum, polygon) => sum + polygonArea(polygon), 0);
  return box.width * box.height;
}

/** By the shoelace formula. */
function polygonArea(polygon: readonly number[]): number {
  let twice = 0;
  for (let i = 0; i < polygon.length; i += 2) {
    const next = (i + 2) % polygon.length;
    twice += polygon[i] * polygon[next + 1] - polygon[next] * polygon[i + 1];
  }
  return Math.abs(twice) / 2;
}
