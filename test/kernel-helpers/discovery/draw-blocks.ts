import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodePng } from "../../../src/kernel-helpers/images/files/encode.js";
import type { StoredPicture } from "../../../src/kernel-helpers/images/picture.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { draw } from "../images/pictures.js";

const COLOURS = { red: [240, 0, 0], green: [0, 240, 0], yellow: [240, 240, 0] } as const;

/** A photo of one block, which is of the colour in its label, and where it is. */
export type BlockPicture = StoredPicture & Required<Pick<StoredPicture, "box" | "label">>;

/**
 * Black photos of 48×48 with a block of 24×24 in one of the quarters, the first half to learn from: its box is known.
 *
 * @param colours of the blocks, over and over
 */
export async function drawBlocks(
  folder: string,
  count: number,
  colours: readonly (keyof typeof COLOURS)[],
): Promise<BlockPicture[]> {
  mkdirSync(folder, { recursive: true });
  const random = seededRandom("blocks");
  const pictures: BlockPicture[] = [];
  for (let i = 0; i < count; i++) {
    const [left, top] = [24 * Math.floor(2 * random()), 24 * Math.floor(2 * random())];
    const label = colours[i % colours.length];
    const inside = (x: number, y: number) => x >= left && x < left + 24 && y >= top && y < top + 24;
    const file = join(folder, `${i}.png`);
    writeFileSync(file, await encodePng(draw(48, 48, (x, y) => (inside(x, y) ? COLOURS[label] : [0, 0, 0]))));
    const split = i < count / 2 ? "train" : "test";
    pictures.push({ file, id: String(i), label, split, box: { x: left, y: top, width: 24, height: 24 } });
  }
  return pictures;
}
