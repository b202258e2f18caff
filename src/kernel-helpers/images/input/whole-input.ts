import type { Preprocessing } from "./preprocessing.js";

/** Pixels across and down. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** A side of fewer strides than this would leave a map of a line or two. */
const LEAST_STRIDES = 3;

/**
 * The size of the input that a picture is brought to. It is the preprocessing's own, but for `fit: "whole"`: there it has
 * the picture's proportions and about the same area, its sides √(area · aspect) and √(area / aspect) rounded to a whole
 * number of strides away from the network's own, so that layers meet the edges as they were trained to. Pictures of about
 * one aspect share one size.
 *
 * @param picture the picture's size, or that of the part that is looked at
 */
export function wholeInput({ width, height, fit, stride = 1 }: Preprocessing, picture: Size): Size {
  if (fit !== "whole") return { width, height };
  const root = Math.sqrt(picture.width / picture.height);
  const side = Math.sqrt(width * height);
  return { width: rounded(side * root, width, stride), height: rounded(side / root, height, stride) };
}

/** The side nearest to `wanted` that is a whole number of strides from `own`. */
function rounded(wanted: number, own: number, stride: number): number {
  const least = own - stride * Math.max(0, Math.floor(own / stride) - LEAST_STRIDES);
  return Math.max(least, own + stride * Math.round((wanted - own) / stride));
}
