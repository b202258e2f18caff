import type { AnnotatedPicture } from "../../images/picture.js";
import { maskOfObject } from "../../datasets/objects/picture-objects.js";
import type { RunLengthMask } from "../../images/masks/masks.js";
import { placementOf } from "../../images/input/placement.js";
import type { Preprocessing } from "../../images/input/preprocessing.js";
import { CamlabError } from "../../support/errors.js";

/** The grid on which maps meet masks: the network's input, more coarsely. */
export interface ConceptGrid {
  readonly width: number;
  readonly height: number;
}

/** Where the concepts of an image lie on the grid. */
export interface ConceptMasks {
  /** 1 where a point of the grid shows the image; 0 in the margin of a contained photo. */
  readonly seen: Uint8Array;
  /** For each concept that is seen, by its number, 1 where it is. */
  readonly masks: ReadonlyMap<number, Uint8Array>;
}

/**
 * The objects of an image on the grid: a point of the grid belongs to the pixel of the image that its centre falls on.
 * Objects of one name are taken together.
 *
 * @param numbers of the concepts that count, by name
 * @throws CamlabError when a mask is not of the image's size
 */
export function conceptMasks(
  { width, height, objects, file }: AnnotatedPicture,
  preprocessing: Preprocessing,
  grid: ConceptGrid,
  numbers: ReadonlyMap<string, number>,
): ConceptMasks {
  const { scaleX, scaleY, offsetX, offsetY, inputWidth, inputHeight } = placementOf(preprocessing, width, height);
  const columns = pixelsOf(grid.width, inputWidth, scaleX, offsetX, width);
  const rows = pixelsOf(grid.height, inputHeight, scaleY, offsetY, height);
  const seen = new Uint8Array(grid.width * grid.height);
  rows.forEach((y, row) => columns.forEach((x, column) => (seen[row * grid.width + column] = x < 0 || y < 0 ? 0 : 1)));
  const masks = new Map<number, Uint8Array>();
  for (const object of objects) {
    const number = numbers.get(object.name);
    if (number === undefined) continue;
    const mask = maskOfObject(object, width, height);
    if (mask.width !== width || mask.height !== height) {
      throw new CamlabError(
        `the mask of ${JSON.stringify(object.name)} in ${file} is ${mask.width} × ${mask.height}, its image ${width} × ${height}`,
      );
    }
    const points = masks.get(number) ?? new Uint8Array(seen.length);
    if (addMask(mask, columns, rows, points)) masks.set(number, points);
  }
  return { seen, masks };
}

/** The pixel of the image under the centre of each point of an axis of the grid; −1 where there is none. */
function pixelsOf(points: number, inputSize: number, scale: number, offset: number, size: number): Int32Array {
  return Int32Array.from({ length: points }, (_, i) => {
    const at = Math.floor((((i + 0.5) * inputSize) / points - offset) / scale);
    return at >= 0 && at < size ? at : -1;
  });
}

/** Runs go down the columns of the image, and so do the points here: a run is looked for from where the last was found. */
function addMask({ height, counts }: RunLengthMask, columns: Int32Array, rows: Int32Array, points: Uint8Array) {
  let [run, end, any] = [0, counts[0] ?? 0, false];
  let [firstRun, firstEnd] = [run, end];
  for (let column = 0; column < columns.length; column++) {
    if (columns[column] < 0) continue;
    // On a grid finer than the image a column of the image comes again.
    if (columns[column] === columns[column - 1]) [run, end] = [firstRun, firstEnd];
    else [firstRun, firstEnd] = [run, end];
    for (let row = 0; row < rows.length; row++) {
      if (rows[row] < 0) continue;
      const position = columns[column] * height + rows[row];
      while (position >= end && run + 1 < counts.length) end += counts[++run];
      if (run % 2 === 0) continue;
      points[row * columns.length + column] = 1;
      any = true;
    }
  }
  return any;
}
