import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { PictureSet, PictureWord, StoredPicture } from "../../images/picture.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import { readLines } from "../files/text-lines.js";

/**
 * Reads ICDAR 2015 text localization: for each image `img_7.jpg` a file `gt_img_7.txt` of lines
 * `x1,y1,x2,y2,x3,y3,x4,y4,transcription`, in the same folder or in `annotations`.
 *
 * @param folder the folder of the images
 * @param annotations the folder of the `gt_*.txt` files; the images' own unless given
 * @returns in the order of the images' names, numbers by value; images without a file of words are left out
 * @throws CamlabError when no pair is found, or a line is no polygon
 * @example
 * const { pictures } = await readIcdar("ch4_training_images", "ch4_training_localization");
 */
export async function readIcdar(folder: string, annotations = folder): Promise<PictureSet<StoredPicture>> {
  const byStem = new Map<string, string>();
  for (const name of await list(folder)) {
    if (/\.(jpe?g|png)$/i.test(name)) byStem.set(name.replace(/\.[^.]+$/, ""), name);
  }
  const texts = (await list(annotations)).filter((name) => /^gt_.*\.txt$/.test(name));
  const pictures: StoredPicture[] = [];
  for (const name of texts.sort((a, b) => a.localeCompare(b, "en", { numeric: true }))) {
    const stem = name.slice(3, -4);
    const image = byStem.get(stem);
    if (image === undefined) continue;
    const lines = await readLines(join(annotations, name));
    pictures.push({
      file: join(folder, image),
      id: stem,
      words: lines.map((line) => wordOf(line, join(annotations, name))),
    });
  }
  if (!pictures.length)
    throw new CamlabError(`${folder} holds no image NAME.jpg with words in ${join(annotations, "gt_NAME.txt")}`);
  return { classes: [], pictures };
}

function wordOf(line: string, file: string): PictureWord {
  const fields = line.split(",");
  const polygon = fields.slice(0, 8).map(Number);
  if (polygon.length < 8 || !polygon.every(Number.isFinite))
    throw new CamlabError(`${file}: "${line}" does not begin with eight coordinates`);
  const text = fields.slice(8).join(",").trim();
  return { polygon, text, readable: text !== "###" };
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new CamlabError(`cannot read the folder ${folder}: ${messageOf(error)}`);
  }
}
