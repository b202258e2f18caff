import { CamlabError } from "../kernel-helpers/support/errors.js";
import { SIDE } from "./canvas.js";
import { type DrawingOptions, drawings } from "./drawings.js";
import type { WorldPart } from "./drawing.js";

/** How a contact sheet is laid out. */
export interface ContactSheetOptions extends DrawingOptions {
  /** Pictures in a row; as many as make it nearly square unless given. */
  readonly columns?: number;
  /** Draws the boxes of the things and the polygons of the words. */
  readonly boxes?: boolean;
  /** `png` unless given. */
  readonly format?: "png" | "jpeg";
}

/**
 * Many pictures of a part on one sheet.
 *
 * @returns the bytes of a PNG, or of a JPEG when `format` says so
 * @throws CamlabError for no pictures, and as `drawings`
 * @example
 * await writeFile("birds.png", await world.contactSheet("birds", { seed: 1, count: 24 }));
 */
export async function contactSheet(part: WorldPart, options: ContactSheetOptions): Promise<Uint8Array> {
  const { count, columns = Math.ceil(Math.sqrt(count * 1.4)), boxes = false, format = "png" } = options;
  if (count < 1) throw new CamlabError("a contact sheet needs at least one picture");
  const { default: sharp } = await import("sharp");
  const step = SIDE + 4;
  const rows = Math.ceil(count / columns);
  const [width, height] = [columns * step + 4, rows * step + 4];
  const sheet = new Uint8Array(width * height * 3).fill(255);
  let outlines = "";
  let index = 0;
  for await (const { image, objects, words } of drawings(part, options)) {
    const left = 4 + (index % columns) * step;
    const top = 4 + Math.floor(index / columns) * step;
    for (let y = 0; y < SIDE; y++) {
      sheet.set(image.data.subarray(y * SIDE * 3, (y + 1) * SIDE * 3), ((top + y) * width + left) * 3);
    }
    for (const { box, stuff } of objects) {
      if (!stuff)
        outlines += `<rect x="${left + box.x}" y="${top + box.y}" width="${box.width}" height="${box.height}" stroke="#0f0"/>`;
    }
    for (const { polygon } of words) {
      outlines += `<path d="M${polygon.map((value, i) => value + (i % 2 ? top : left)).join(" ")}z" stroke="#f0f"/>`;
    }
    index++;
  }
  const picture = sharp(sheet, { raw: { width, height, channels: 3 } });
  if (boxes) {
    const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g fill="none">${outlines}</g></svg>`;
    picture.composite([{ input: Buffer.from(overlay) }]);
  }
  return new Uint8Array(await (format === "jpeg" ? picture.jpeg({ quality: 85 }) : picture.png()).toBuffer());
}
