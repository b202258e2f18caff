import { CamlabError } from "../../support/errors.js";
import type { RunLengthMask } from "./masks.js";

/**
 * The pixels whose centres lie inside at least one of the polygons, clipped to the image. Within one polygon the
 * even-odd rule holds, so where it crosses itself twice there is a hole. A centre on the left or upper edge is inside,
 * one on the right or lower edge is not.
 *
 * @param polygons corners x, y, x, y, … in pixels of the image; closed by itself; fewer than three corners enclose nothing
 * @param width columns of the image
 * @param height rows of the image
 * @throws CamlabError when a coordinate is missing or not finite
 * @example
 * maskOfPolygons([[0, 0, 2, 0, 2, 2, 0, 2]], 3, 3); // counts: [0, 2, 1, 2, 4]
 */
export function maskOfPolygons(polygons: readonly (readonly number[])[], width: number, height: number): RunLengthMask {
  const corners = polygons.map(cornersOf);
  const counts: number[] = [];
  let end = 0;
  for (let x = 0; x < width; x++) {
    for (const [from, to] of joined(corners.flatMap((polygon) => insideRuns(polygon, x + 0.5, height)))) {
      const gap = x * height + from - end;
      if (gap === 0 && counts.length) counts[counts.length - 1] += to - from;
      else counts.push(gap, to - from);
      end = x * height + to;
    }
  }
  const rest = width * height - end;
  return { width, height, counts: rest || !counts.length ? [...counts, rest] : counts };
}

type Corners = readonly (readonly [x: number, y: number])[];

function cornersOf(polygon: readonly number[]): Corners {
  if (polygon.length % 2 || !polygon.every(Number.isFinite)) {
    throw new CamlabError(`a polygon of ${polygon.length} numbers is no list of corners x, y, x, y, …`);
  }
  return Array.from({ length: polygon.length / 2 }, (_, i) => [polygon[2 * i], polygon[2 * i + 1]] as const);
}

/** Rows from…to (half-open) whose centres lie inside a polygon, on the vertical line through `x`. */
function insideRuns(corners: Corners, x: number, height: number): [from: number, to: number][] {
  const crossings: number[] = [];
  corners.forEach(([x1, y1], i) => {
    const [x2, y2] = corners[(i + 1) % corners.length];
    if (x1 <= x === x2 <= x) return;
    crossings.push(y1 + ((x - x1) / (x2 - x1)) * (y2 - y1));
  });
  crossings.sort((a, b) => a - b);
  const rowFrom = (y: number) => Math.min(height, Math.max(0, Math.ceil(y - 0.5)));
  const runs: [number, number][] = [];
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    const [from, to] = [rowFrom(crossings[i]), rowFrom(crossings[i + 1])];
    if (to > from) runs.push([from, to]);
  }
  return runs;
}

/** Runs in order, those that touch made one. */
function joined(runs: [number, number][]): [number, number][] {
  const result: [number, number][] = [];
  for (const [from, to] of runs.sort((a, b) => a[0] - b[0])) {
    const last = result[result.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}
