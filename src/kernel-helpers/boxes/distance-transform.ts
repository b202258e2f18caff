/**
 * The squared Euclidean distance of each set pixel to the nearest pixel that is not set, exact (the lower envelope of
 * parabolas, Felzenszwalb and Huttenlocher 2012). Beyond the border nothing counts.
 *
 * @param mask `width · height` values, row by row; 0 is not set; at least one pixel must be 0
 * @returns `width · height` whole numbers, 0 where the mask is
 * @example
 * squaredDistances(Uint8Array.of(0, 1, 1), 3, 1); // 0, 1, 4
 */
export function squaredDistances(mask: Uint8Array, width: number, height: number): Float64Array {
  const result = distancesAlongColumns(mask, width, height);
  const row = new Float64Array(width);
  const apex = new Int32Array(width);
  const from = new Float64Array(width + 1);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    for (let x = 0; x < width; x++) row[x] = result[start + x] * result[start + x];
    envelope(row, apex, from);
    for (let x = 0, k = 0; x < width; x++) {
      while (from[k + 1] < x) k++;
      const across = x - apex[k];
      result[start + x] = across * across + row[apex[k]];
    }
  }
  return result;
}

/** Farther than any pixel can be, and small enough that its square plus any distance stays exact. */
const FAR = 2 ** 24;

function distancesAlongColumns(mask: Uint8Array, width: number, height: number): Float64Array {
  const distance = new Float64Array(mask.length);
  for (let p = 0; p < mask.length; p++) {
    if (mask[p] !== 0) distance[p] = Math.min(p < width ? FAR : distance[p - width] + 1, FAR);
  }
  for (let p = width * (height - 1) - 1; p >= 0; p--) distance[p] = Math.min(distance[p], distance[p + width] + 1);
  return distance;
}

/** The lower envelope of the parabolas (x − q)² + heights[q]: parabola `apex[k]` is lowest from `from[k]` on. */
function envelope(heights: Float64Array, apex: Int32Array, from: Float64Array): void {
  let k = 0;
  apex[0] = 0;
  from[0] = -Infinity;
  for (let q = 1; q < heights.length; q++) {
    let crossing = crossingOf(heights, apex[k], q);
    while (crossing <= from[k]) crossing = crossingOf(heights, apex[--k], q);
    apex[++k] = q;
    from[k] = crossing;
  }
  from[k + 1] = Infinity;
}

function crossingOf(heights: Float64Array, left: number, right: number): number {
  return (heights[right] + right * right - heights[left] - left * left) / (2 * (right - left));
}
