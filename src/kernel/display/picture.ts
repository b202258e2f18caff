import { thumbnail } from "../../kernel-helpers/images/files/thumbnail.js";
import { loadSharp } from "../../kernel-helpers/images/files/open-image.js";
import { firstBytes } from "../../kernel-helpers/images/formats/first-bytes.js";
import { messageOf } from "../../kernel-helpers/support/errors.js";

/** The formats that every front end shows by itself. */
const SHOWN_EVERYWHERE: ReadonlySet<string> = new Set(["png", "jpeg", "gif", "webp"]);

/** The longer side of a picture that is converted to be shown, at most; no screen shows more. */
const MAX_SIDE = 1600;
/** Pixels of a drawing that sharp may be asked for. */
const MAX_DRAWING = MAX_SIDE * MAX_SIDE;

/**
 * An image file as it is shown: PNG, JPEG, GIF and WebP as they are, AVIF, TIFF, HEIC and BMP as JPEG, SVG as PNG (in an
 * SVG drawing, scripts could hide). Undefined for bytes that are no image file, and for one that cannot be read the
 * reason.
 *
 * @example
 * await pictureBundle(await readFile("scan.tiff")); // { "image/jpeg": "…", "text/plain": "TIFF image, 2480 × 3508" }
 */
export async function pictureBundle(bytes: Uint8Array): Promise<Record<string, unknown> | undefined> {
  const found = firstBytes(bytes);
  if ("format" in found) {
    const { format } = found;
    const name = format.toUpperCase();
    if (SHOWN_EVERYWHERE.has(format)) {
      const text = `${name} image, ${bytes.length} bytes`;
      return { [`image/${format}`]: Buffer.from(bytes).toString("base64"), "text/plain": text };
    }
    try {
      const { dataUri, imageWidth, imageHeight } = await thumbnail(bytes, { maxSide: MAX_SIDE, quality: 90 });
      const text = `${name} image, ${imageWidth} × ${imageHeight}`;
      return { "image/jpeg": dataUri.slice(dataUri.indexOf(",") + 1), "text/plain": text };
    } catch (error) {
      // Two bytes alone make a BMP file: it may well be something else.
      if (format === "bmp") return undefined;
      return { "text/plain": `${name} image, ${bytes.length} bytes, that cannot be shown: ${messageOf(error)}` };
    }
  }
  return found.isOther === "an SVG drawing" ? drawingBundle(bytes) : undefined;
}

/** Whether a text is an SVG drawing from its beginning to its end. */
export function isDrawing(text: string): boolean {
  return (
    /^\s*<(?:\?xml|!--|!DOCTYPE|svg[\s>])/i.test(text) &&
    /<svg[\s>]/i.test(text.slice(0, 4096)) &&
    /<\/svg>\s*$/i.test(text)
  );
}

/** An SVG drawing, drawn. */
async function drawingBundle(bytes: Uint8Array): Promise<Record<string, unknown>> {
  try {
    const sharp = await loadSharp();
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    const scale = Math.min(1, MAX_SIDE / Math.max(width, height), Math.sqrt(MAX_DRAWING / (width * height)));
    const density = Math.max(1, 72 * scale);
    const png = await sharp(bytes, { density, limitInputPixels: 4 * MAX_DRAWING })
      .png()
      .toBuffer();
    return { "image/png": png.toString("base64"), "text/plain": `SVG drawing, ${width} × ${height}` };
  } catch (error) {
    return { "text/plain": `SVG drawing, ${bytes.length} bytes, that cannot be shown: ${messageOf(error)}` };
  }
}
