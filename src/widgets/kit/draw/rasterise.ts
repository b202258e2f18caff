/**
 * An SVG as pixels.
 *
 * @param scale pixels of the result per pixel of the SVG; less where the result would pass librsvg's 32,767 pixels
 * @param format `png`, true colour; `webp`, the smallest
 */
export async function rasterise(svg: string, scale: number, format: "png" | "webp"): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  // librsvg draws 72 units an inch at density 72, one pixel a unit; huge pictures are the author's intent.
  const density = 72 * Math.min(scale, LONGEST_SIDE / longestSide(svg));
  const picture = sharp(Buffer.from(svg), { density, unlimited: true, limitInputPixels: false });
  if (format === "webp") return picture.webp({ quality: 82, effort: 4 }).toBuffer();
  return picture.png({ adaptiveFiltering: true }).toBuffer();
}

const LONGEST_SIDE = 32_000;

function longestSide(svg: string): number {
  const [width, height] = ["width", "height"].map((side) =>
    Number(new RegExp(`<svg[^>]*? ${side}="([\\d.]+)"`).exec(svg)?.[1]),
  );
  return Math.max(1, width || 0, height || 0);
}
