import { existsSync, statSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { readableName } from "../../images/files/readable-name.js";
import type { PictureSet, PictureWord, StoredPicture } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { isImageName } from "../../support/files/image-endings.js";
import { filesBelow, isIn } from "../files/files-below.js";
import { notOfLayout } from "../files/layouts.js";
import { checkPath, type NumberedLine, readNumberedLines } from "../files/read-text.js";
import { Reading } from "../files/reading.js";
import { readWordsJson } from "./words-json.js";
import { icdarLayoutOf, icdarWord } from "./icdar-lines.js";

/**
 * Reads text localization as ICDAR has it: for each image `img_7.jpg` a file `gt_img_7.txt` of lines
 * `x1,y1,x2,y2,x3,y3,x4,y4,transcription`, in the same folder or in `annotations`. The layout is that of most lines:
 *
 * - 2015: four corners and text;
 * - MLT 2017 and 2019: four corners, script, text;
 * - 2011 and 2013: left, top, right, bottom and a quoted text, with commas or blanks;
 * - RCTW 2017, Total-Text, SCUT-CTW1500: marks for hard words, outlines of more corners;
 * - ArT and LSVT 2019, COCO-Text: one JSON file, to be given as `annotations`.
 *
 * @param folder the folder of the images
 * @param annotations the folder of the text files (`gt_NAME.txt`, `poly_gt_NAME.txt` or `NAME.txt`), or the JSON file; the
 * images' own folder unless given
 * @returns in the order of the images' names, numbers by value; images without words, files of words without an image,
 * and lines that are not of the layout, are left out, and named in the notes
 * @throws CamlabError when no pair is found, or no line is of a known layout
 * @example
 * const { pictures } = await readers.readIcdar("ch4_training_images", "ch4_training_localization");
 */
export async function readIcdar(folder: string, annotations = folder): Promise<PictureSet<StoredPicture>> {
  checkPath("folder", folder);
  checkPath("annotations", annotations);
  const reading = new Reading();
  const json = jsonFile(annotations);
  if (json !== undefined) return readWordsJson(json, folder, reading);
  const { pairs, pictures } = await pairsOf(folder, annotations, reading);
  const words = reading.count("words", annotations);
  const read: { readonly name: string; readonly file: string; readonly lines: readonly NumberedLine[] }[] = [];
  for (const { file, image } of pairs) {
    const lines = await pictures.attemptAsync(basename(image), () => readNumberedLines(file, reading));
    if (lines) read.push({ name: basename(file), file: image, lines });
  }
  const lines = read.flatMap(({ lines: some }) => some.map(({ text }) => text));
  const layout = icdarLayoutOf(lines);
  if (layout && !layout.name.includes("2015")) reading.say(`lines are read as ${layout.name}`);
  const found = read.map(({ name, file, lines: some }): StoredPicture => {
    const own = some.flatMap(({ text, number }): PictureWord[] => {
      const one = words.attempt(`${name}, line ${number}`, () => icdarWord(layout, text));
      return one ? [one] : [];
    });
    return { file, id: stemOf(file), words: own };
  });
  return reading.set([], found, annotations);
}

/** The JSON file that was named, or the one that is the only file of words in a folder. */
function jsonFile(annotations: string): string | undefined {
  if (!existsSync(annotations))
    throw new CamlabError(`cannot read ${readableName(annotations)}: there is no such file or folder`);
  if (!statSync(annotations).isDirectory()) return annotations;
  return [
    "train_labels.json",
    "train_task2_labels.json",
    "train_full_labels.json",
    "cocotext.v2.json",
    "COCO_Text.json",
  ]
    .map((name) => join(annotations, name))
    .find((file) => existsSync(file));
}

interface Pair {
  readonly image: string;
  readonly file: string;
}

async function pairsOf(folder: string, annotations: string, reading: Reading) {
  const inFolder = (await filesBelow(folder, reading)).filter((file) => isIn(folder, file));
  const images = inFolder.filter((file) => isImageName(file));
  const besides = resolve(annotations) === resolve(folder) ? inFolder : await filesBelow(annotations, reading);
  const texts = besides.filter((file) => /\.txt$/i.test(file) && isIn(annotations, file));
  const pictures = reading.count("images", folder);
  const files = reading.countExtras("files of words", annotations);
  const byStem = new Map<string, string>();
  for (const file of images) {
    const stem = stemOf(file);
    if (byStem.has(stem)) pictures.leaveOut(basename(file), `${basename(byStem.get(stem)!)} has the same name`);
    else byStem.set(stem, file);
  }
  const pairs = new Map<string, Pair>();
  for (const file of texts) {
    const stem = stemOf(file);
    const image = [stem.replace(/^(?:gt|poly_gt|rect_gt)_/, ""), stem].map((name) => byStem.get(name)).find(Boolean);
    if (image === undefined) files.leaveOut(basename(file), "there is no image of that name");
    else if (pairs.has(image))
      files.leaveOut(basename(file), `${basename(pairs.get(image)!.file)} is of the same image`);
    else {
      files.keep();
      pairs.set(image, { image, file });
    }
  }
  for (const image of byStem.values()) {
    if (!pairs.has(image)) pictures.leaveOut(basename(image), `there is no gt_NAME.txt with its words`);
  }
  if (pairs.size === 0) {
    const lacks = `holds no image NAME.jpg with words in ${join(annotations, "gt_NAME.txt")}`;
    throw await notOfLayout(annotations, "readIcdar", lacks);
  }
  const order = new Intl.Collator("en", { numeric: true });
  const sorted = [...pairs.values()].sort((a, b) => order.compare(stemOf(a.file), stemOf(b.file)));
  return { pairs: sorted, pictures };
}

function stemOf(file: string): string {
  return basename(file, extname(file));
}
