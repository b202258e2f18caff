/** Columns and rows of a plane. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Writes into each missing pixel of a plane the mean of what is known in the smallest square around it that knows any:
 * squares of 2, 4, 8 … pixels a side, of which each is the mean of the squares that it is made of. With nothing known, 0.
 *
 * @param missing 1 for each pixel that is to be filled in
 */
export function fillCoarsely(plane: Float32Array, { width, height }: Size, missing: Uint8Array): void {
  const coarse = halved(plane, { width, height }, missing);
  if (coarse.missing.includes(1) && coarse.plane.length > 1) fillCoarsely(coarse.plane, coarse, coarse.missing);
  missing.forEach((is, p) => {
    if (is === 1) plane[p] = coarse.plane[squareOf(p, width, coarse.width)];
  });
}

/** Means of what is known in squares of two pixels a side. */
function halved(plane: Float32Array, { width, height }: Size, missing: Uint8Array) {
  const size = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const sums = new Float32Array(size.width * size.height);
  const counts = new Uint8Array(sums.length);
  plane.forEach((value, p) => {
    if (missing[p] === 1) return;
    const at = squareOf(p, width, size.width);
    sums[at] += value;
    counts[at]++;
  });
  return {
    ...size,
    plane: sums.map((sum, i) => sum / Math.max(1, counts[i])),
    missing: counts.map((count) => Number(count === 0)),
  };
}

/** The square that a pixel lies in. */
function squareOf(pixel: number, width: number, squares: number): number {
  const column = pixel % width;
  return (((pixel - column) / width) >> 1) * squares + (column >> 1);
}
