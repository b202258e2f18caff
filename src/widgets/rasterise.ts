/**
 * An SVG as pixels.
 *
 * @param scale pixels of the result per pixel of the SVG
 * @param format `png`, true colour; `small-png`, at most 256 colours, for a notebook; `webp`, the smallest
 */
export async function rasterise(svg: string, scale: number, format: "png" | "small-png" | "webp"): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  // librsvg draws 72 units an inch at density 72, one pixel a unit; huge pictures are the author's intent.
  const picture = sharp(Buffer.from(svg), { density: 72 * scale, unlimited: true, limitInputPixels: false });
  if (format === "webp") return picture.webp({ quality: 82, effort: 4 }).toBuffer();
  if (format === "small-png") return picture.png({ palette: true, effort: 2 }).toBuffer();
  return picture.png({ adaptiveFiltering: true }).toBuffer();
}
