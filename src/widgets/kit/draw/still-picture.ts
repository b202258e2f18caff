import type { Sharp } from "sharp";
import { rasterise } from "./rasterise.js";

/** A figure as a picture, where nothing of it is alive. */
export interface StillPicture {
  readonly type: "image/png" | "image/jpeg" | "image/webp";
  readonly bytes: Buffer;
}

/** Bytes of a still picture that a committed notebook has room for, beside 300 KB in base64. */
const MOST_BYTES = 215_000;
const LEAST_SCALE = 0.6;

/**
 * A figure for a notebook, small enough to be committed: PNG for charts, JPEG for what is made of photographs, made
 * smaller where many photographs would take more than 215 KB.
 */
export async function notebookPicture(svg: string): Promise<StillPicture> {
  const drawn = await pixelsOf(svg);
  // Dithering leaves faint patches on the even ground of a chart; without it heat and photographs have steps.
  const dither = svg.includes("<image") ? 1 : 0;
  const png = await drawn().png({ palette: true, effort: 2, dither }).toBuffer();
  if (png.length <= MOST_BYTES / 4) return { type: "image/png", bytes: png };
  const jpeg = await drawn().jpeg({ quality: 60, chromaSubsampling: "4:4:4", mozjpeg: true }).toBuffer();
  if (jpeg.length >= 0.75 * png.length && png.length <= MOST_BYTES) return { type: "image/png", bytes: png };
  return { type: "image/jpeg", bytes: jpeg.length <= MOST_BYTES ? jpeg : await fitted(drawn) };
}

async function fitted(drawn: () => Sharp): Promise<Buffer> {
  const { width } = await drawn().metadata();
  const at = (scale: number) =>
    drawn()
      .resize(Math.round(width * scale))
      .jpeg({ quality: 52, mozjpeg: true })
      .toBuffer();
  let [scale, jpeg] = [1, await at(1)];
  while (jpeg.length > MOST_BYTES && scale > LEAST_SCALE) {
    scale = Math.max(LEAST_SCALE, Math.min(scale - 0.03, scale * Math.sqrt(MOST_BYTES / jpeg.length)));
    jpeg = await at(scale);
  }
  return jpeg;
}

/** Pixels that are drawn sharp; beyond them a figure is long, and one a pixel is enough. */
const MOST_SHARP = 3e6;

/** A figure for a page: WebP, for sharp screens where it is not very large. */
export async function pagePicture(svg: string): Promise<StillPicture> {
  const [width, height] = ["width", "height"].map((side) =>
    Number(new RegExp(`<svg[^>]*? ${side}="([\\d.]+)"`).exec(svg)?.[1] ?? 0),
  );
  if (width * height <= MOST_SHARP) return { type: "image/webp", bytes: await rasterise(svg, 1.5, "webp") };
  const drawn = await pixelsOf(svg);
  return { type: "image/webp", bytes: await drawn().webp({ quality: 60, effort: 4 }).toBuffer() };
}

/** Drawn once, to be encoded more than once. */
async function pixelsOf(svg: string): Promise<() => Sharp> {
  const { default: sharp } = await import("sharp");
  const png = await rasterise(svg, 1, "png");
  const { data, info } = await sharp(png, { limitInputPixels: false })
    .flatten({ background: "white" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return () => sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
}
