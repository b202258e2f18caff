// The figures of a notebook, compared with those that it had before.
import sharp from "sharp";
import type { NotebookCells } from "./notebook-differences.js";

/** Figures are compared at this width: what is finer is noise of another processor's rounding. */
const WIDTH = 96;
/** The most, of 255, by which a place of a figure may differ, and by which all of them may on average. */
const NOISE = { place: 40, mean: 2 };

/**
 * The figures in which two runs of a notebook differ, as "cell 5: figure 2 looks different (…)": in number, in size by
 * more than a pixel in a hundred, or in what is seen when both are made small.
 *
 * @example
 * await figureDifferences(before, before); // []
 */
export async function figureDifferences(before: NotebookCells, after: NotebookCells): Promise<string[]> {
  const found: string[] = [];
  for (let cell = 0; cell < Math.max(before.cells.length, after.cells.length); cell++) {
    const [was, is] = [figuresOf(before, cell), figuresOf(after, cell)];
    if (was.length !== is.length) {
      found.push(`cell ${cell}: had ${was.length} figures, has ${is.length}`);
      continue;
    }
    for (const [i, old] of was.entries()) {
      const difference = await differenceOf(old, is[i]);
      if (difference) found.push(`cell ${cell}: figure ${i + 1} ${difference}`);
    }
  }
  return found;
}

function figuresOf({ cells }: NotebookCells, cell: number): Buffer[] {
  return (cells[cell]?.outputs ?? []).flatMap(({ data = {} }) => {
    const picture = data["image/png"] ?? data["image/jpeg"];
    return picture === undefined ? [] : [bytesOf(picture)];
  });
}

/** A picture of a notebook: base64, whole or in lines. */
export function bytesOf(picture: unknown): Buffer {
  return Buffer.from(Array.isArray(picture) ? picture.join("") : (picture as string), "base64");
}

async function differenceOf(was: Buffer, is: Buffer): Promise<string | undefined> {
  const [a, b] = await Promise.all([was, is].map((picture) => sharp(picture).metadata()));
  const other = (x: number, y: number) => Math.abs(x - y) > Math.max(x, y) / 100;
  if (other(a.width, b.width) || other(a.height, b.height)) {
    return `was ${a.width} × ${a.height}, is ${b.width} × ${b.height}`;
  }
  const { most, mean } = await pictureDifference(was, is);
  if (most <= NOISE.place && mean <= NOISE.mean) return undefined;
  return `looks different (by ${most} of 255 at most, ${mean.toFixed(1)} on average)`;
}

/**
 * How two pictures differ when both are made small: of 255 at most and on average, and by which share their proportions
 * do.
 */
export async function pictureDifference(
  was: Buffer,
  is: Buffer,
): Promise<{ most: number; mean: number; sizes: number }> {
  const [a, b] = await Promise.all([was, is].map((picture) => sharp(picture).metadata()));
  const [tall, other] = [a.height / a.width, b.height / b.width];
  const height = Math.max(1, Math.round(WIDTH * tall));
  const [x, y] = await Promise.all([was, is].map((picture) => small(picture, height)));
  const off = x.map((value, i) => Math.abs(value - y[i]));
  const [most, mean] = [off.reduce((p, q) => Math.max(p, q), 0), off.reduce((p, q) => p + q, 0) / off.length];
  return { most, mean, sizes: Math.abs(tall - other) / Math.max(tall, other) };
}

/** Decoded whole, then made small: a JPEG that is shrunk while it is read has other pixels than a PNG. */
async function small(picture: Buffer, height: number): Promise<number[]> {
  const whole = sharp(picture).flatten({ background: "white" }).toColourspace("srgb").removeAlpha();
  const { data, info } = await whole.raw().toBuffer({ resolveWithObject: true });
  const { width, height: rows, channels } = info;
  const shrunk = sharp(data, { raw: { width, height: rows, channels } }).resize(WIDTH, height, { fit: "fill" });
  return [...(await shrunk.raw().toBuffer())];
}
