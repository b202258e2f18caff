import type { Box } from "../box.js";
import { CamlabError } from "../../support/errors.js";

/**
 * A mask as COCO counts it: lengths of runs of 0, 1, 0, 1, … down the columns, from the left column to the right. The
 * first run is of 0 and may be empty.
 */
export interface RunLengthMask {
  readonly width: number;
  readonly height: number;
  readonly counts: readonly number[];
}

/** What one number covers in a map of numbers. */
export interface Region {
  readonly box: Box;
  /** Pixels. */
  readonly area: number;
  readonly mask: RunLengthMask;
}

/**
 * The regions of a map that holds a number for each pixel.
 *
 * @param map `width · height` numbers from 0 to 65535, row by row; 0 is nothing
 * @returns for each number that occurs, its box, area and mask
 * @example
 * regionsOf(Uint16Array.of(0, 7, 7, 7), 2, 2).get(7); // { area: 3, mask: { counts: [1, 3], … }, … }
 */
export function regionsOf(map: ArrayLike<number>, width: number, height: number): Map<number, Region> {
  const found = new Map<
    number,
    { left: number; top: number; right: number; bottom: number; area: number; end: number; counts: number[] }
  >();
  for (let x = 0, position = 0; x < width; x++) {
    let y = 0;
    while (y < height) {
      const value = map[y * width + x];
      const start = y;
      while (y < height && map[y * width + x] === value) y++;
      const length = y - start;
      if (value !== 0) {
        let region = found.get(value);
        if (!region)
          found.set(value, (region = { left: x, top: start, right: x, bottom: y, area: 0, end: 0, counts: [] }));
        region.right = x + 1;
        region.top = Math.min(region.top, start);
        region.bottom = Math.max(region.bottom, y);
        region.area += length;
        const gap = position - region.end;
        if (gap === 0 && region.counts.length) region.counts[region.counts.length - 1] += length;
        else region.counts.push(gap, length);
        region.end = position + length;
      }
      position += length;
    }
  }
  const regions = new Map<number, Region>();
  for (const [value, { left, top, right, bottom, area, end, counts }] of found) {
    const rest = width * height - end;
    regions.set(value, {
      box: { x: left, y: top, width: right - left, height: bottom - top },
      area,
      mask: { width, height, counts: rest ? [...counts, rest] : counts },
    });
  }
  return regions;
}

/**
 * Refuses a mask whose counts are not those of its pixels: to be asked before anything is filled by them.
 *
 * @throws CamlabError naming what is wrong
 */
export function checkMask({ width, height, counts }: RunLengthMask): void {
  const pixels = width * height;
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 0 || height < 0 || pixels > MOST_PIXELS) {
    throw new CamlabError(`a mask cannot have ${width} × ${height} pixels`);
  }
  let sum = 0;
  for (const count of counts) {
    if (!Number.isInteger(count) || count < 0) throw new CamlabError(`a mask cannot have a run of ${count} pixels`);
    sum += count;
  }
  if (sum !== pixels) throw new CamlabError(`a mask of ${width} × ${height} pixels has counts for ${sum}`);
}

/** One byte each is the most that one stretch of memory holds. */
const MOST_PIXELS = 2 ** 31;

/**
 * A mask as one byte a pixel, row by row: 1 inside, 0 outside.
 *
 * @throws CamlabError when the counts do not add up to `width · height`
 * @example
 * images.decodeMask({ width: 2, height: 2, counts: [1, 3] }); // Uint8Array [0, 1, 1, 1]
 */
export function decodeMask(mask: RunLengthMask): Uint8Array {
  checkMask(mask);
  const { width, height, counts } = mask;
  const pixels = new Uint8Array(width * height);
  let [column, row] = [0, 0];
  for (let run = 0; run < counts.length; run++) {
    if (run % 2 === 0) {
      const end = row + counts[run];
      column += Math.floor(end / height);
      row = end % height;
      continue;
    }
    for (let left = counts[run]; left > 0;) {
      const end = Math.min(height, row + left);
      for (let y = row; y < end; y++) pixels[y * width + column] = 1;
      left -= end - row;
      row = end % height;
      if (row === 0) column += 1;
    }
  }
  return pixels;
}

/**
 * Counts from COCO's compressed text (six bits a character, differences from the run before last).
 *
 * @example
 * uncompressCounts("03"); // the counts of a small mask
 */
export function uncompressCounts(text: string): number[] {
  const counts: number[] = [];
  for (let at = 0; at < text.length;) {
    let value = 0;
    let shift = 0;
    let more = true;
    while (more) {
      const code = text.charCodeAt(at++) - 48;
      value |= (code & 0x1f) << shift;
      more = (code & 0x20) !== 0;
      shift += 5;
      if (!more && code & 0x10) value |= -1 << shift;
    }
    counts.push(counts.length > 2 ? value + counts[counts.length - 2] : value);
  }
  return counts;
}
