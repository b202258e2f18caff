import { loadImage } from "../../../images/files/load-image.js";
import { readableName } from "../../../images/files/readable-name.js";
import { type Region, regionsOf } from "../../../images/masks/masks.js";
import { maskOfPolygons } from "../../../images/masks/polygon-mask.js";
import type { PictureObject } from "../../../images/picture.js";
import { CamlabError } from "../../../support/errors.js";
import { outlinedObject } from "../picture-objects.js";

/** An object of ADE20K as it is described. */
export interface OutlinedClass {
  readonly name: string;
  /** The number of its class, which the segmentation image has in R and G. */
  readonly classNumber: number;
  readonly corners: readonly (readonly [x: number, y: number])[];
  /** 0 for whole objects, 1 for their parts, 2 for parts of these. */
  readonly level: number;
}

/** Gives each object the region of its class that overlaps its outline best; the best pairs choose first. */
export async function withMasks(
  objects: readonly OutlinedClass[],
  segmentation: string,
  width: number,
  height: number,
): Promise<PictureObject[]> {
  const { data, ...size } = await loadImage(segmentation);
  if (size.width !== width || size.height !== height) {
    throw new CamlabError(
      `${readableName(segmentation)} is ${size.width} × ${size.height}, its image ${width} × ${height}`,
    );
  }
  const { numbers, classOf } = regionNumbers(data);
  const regions = regionsOf(numbers, width, height);
  const ofClass = new Map<number, number[]>();
  for (const [number, each] of classOf) {
    const same = ofClass.get(each);
    if (same) same.push(number);
    else ofClass.set(each, [number]);
  }
  const pairs = objects.flatMap((object, i) => {
    const { area, shared } = underOutline(object, numbers, width, height, regions.size);
    return (ofClass.get(object.classNumber) ?? []).flatMap((number) => {
      const region = regions.get(number);
      if (shared[number] === 0 || !region) return [];
      return [{ i, number, region, iou: shared[number] / (area + region.area - shared[number]) }];
    });
  });
  const chosen = new Map<number, Region>();
  const taken = new Set<number>();
  for (const { i, number, region } of pairs.sort((a, b) => b.iou - a.iou)) {
    if (chosen.has(i) || taken.has(number)) continue;
    chosen.set(i, region);
    taken.add(number);
  }
  return objects.map((object, i) => {
    const region = chosen.get(i);
    return region ? { name: object.name, box: region.box, mask: region.mask } : outlined(object);
  });
}

/** How many pixels of each number an object's outline encloses, and how many in all. */
function underOutline(
  { corners }: OutlinedClass,
  numbers: Uint16Array,
  width: number,
  height: number,
  count: number,
): { area: number; shared: Uint32Array } {
  const shared = new Uint32Array(count + 1);
  let [area, position] = [0, 0];
  maskOfPolygons([corners.flat()], width, height).counts.forEach((length, run) => {
    const x = Math.floor(position / height);
    const y = position - x * height;
    // A run may go on from the foot of one column to the head of the next.
    for (let i = 0; run % 2 && i < length; i++) {
      const down = (y + i) % height;
      shared[numbers[down * width + x + (y + i - down) / height]]++;
    }
    if (run % 2) area += length;
    position += length;
  });
  return { area, shared };
}

/** A number from 1 for each pair of class and instance that occurs; 0 where there is no class. */
function regionNumbers(data: Uint8Array): { numbers: Uint16Array; classOf: Map<number, number> } {
  const numbers = new Uint16Array(data.length / 3);
  const numberOf = new Map<number, number>();
  const classOf = new Map<number, number>();
  let [key, number] = [0, 0];
  for (let p = 0; p < numbers.length; p++) {
    const classNumber = Math.floor(data[3 * p] / 10) * 256 + data[3 * p + 1];
    const here = classNumber === 0 ? 0 : classNumber * 256 + data[3 * p + 2];
    if (here !== key) {
      key = here;
      number = here === 0 ? 0 : (numberOf.get(here) ?? numberOf.size + 1);
      if (number > MOST_REGIONS) throw new CamlabError(`the segmentation has more than ${MOST_REGIONS} regions`);
      if (here !== 0) numberOf.set(here, number);
      if (here !== 0) classOf.set(number, classNumber);
    }
    numbers[p] = number;
  }
  return { numbers, classOf };
}

/** An object that has its outline alone. */
export function outlined({ name, corners }: OutlinedClass): PictureObject {
  return outlinedObject(name, corners);
}

/** As many as are numbered in two bytes. */
const MOST_REGIONS = 65_535;
