// What a picture's colours alone say: how often each of 8 × 8 × 8 colours occurs, square roots taken.
import type { Image } from "../../src/kernel-helpers/images/image.js";

/** 512 values of unit length. */
export function colourHistogram({ data, width, height }: Image): Float32Array {
  const counts = new Float32Array(512);
  for (let i = 0; i < data.length; i += 3)
    counts[((data[i] >> 5) << 6) | ((data[i + 1] >> 5) << 3) | (data[i + 2] >> 5)]++;
  return counts.map((count) => Math.sqrt(count / (width * height)));
}
