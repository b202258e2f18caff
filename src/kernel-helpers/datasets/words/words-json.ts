import { basename, join, resolve } from "node:path";
import { existsSync } from "node:fs";
import type { PictureSet, PictureWord, StoredPicture } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { IMAGE_ENDINGS, isImageName } from "../../support/files/image-endings.js";
import { filesBelow, isIn } from "../files/files-below.js";
import { imagePath, sayIfMissing } from "../files/image-path.js";
import { notOfLayout } from "../files/layouts.js";
import { readJson } from "../files/read-json.js";
import type { Reading, Tally } from "../files/reading.js";
import { isObject, type JsonObject, keyOf, numberOf, numbersOf, shown } from "../files/values.js";
import { splitNamed } from "../sets/split.js";

/**
 * Reads words that stand in one JSON file: those of ArT and LSVT 2019 (`{ "gt_7": [{ points, transcription, … }] }`), or
 * COCO-Text (`{ imgs, anns, imgToAnns }`).
 *
 * @throws CamlabError when the file is of neither layout
 */
export async function readWordsJson(
  file: string,
  images: string,
  reading: Reading,
): Promise<PictureSet<StoredPicture>> {
  const data = await readJson(file, reading);
  const pictures = reading.count("images", file);
  const words = reading.count("words", file);
  if (isObject(data) && isObject(data.imgs) && isObject(data.anns)) {
    const found = cocoText(data.imgs, data.anns, images, pictures, words);
    leaveOutMissing(data.imgToAnns, data.anns, words);
    await sayUnlisted(images, found, reading);
    sayIfMissing(reading, found, "say where they are: readIcdar(folder, annotations)");
    return reading.set([], found, file);
  }
  const entries = isObject(data) ? Object.entries(data) : [];
  if (!entries.some(([, list]) => Array.isArray(list) && list.some(isWord))) {
    throw await notOfLayout(file, "readIcdar", "is no list of words as of ArT, LSVT or COCO-Text");
  }
  const found = entries.flatMap(([key, list]): StoredPicture[] => {
    const picture = pictures.attempt(key, () => {
      if (!Array.isArray(list)) throw new CamlabError(`its words are ${shown(list)}, no list`);
      const id = key.replace(/^(?:gt|res)_/, "");
      const own = (list as readonly unknown[]).flatMap((word, i): PictureWord[] => {
        const one = words.attempt(`${key}, word ${i + 1}`, () => laterWord(word));
        return one ? [one] : [];
      });
      return { file: imageNamed(images, [key, `gt_${id}`, id]), id, words: own };
    });
    return picture ? [picture] : [];
  });
  await sayUnlisted(images, found, reading);
  sayIfMissing(reading, found, "say where they are: readIcdar(folder, annotations)");
  return reading.set([], found, file);
}

/** Images of the folder that the file says nothing of may hold words all the same. */
async function sayUnlisted(folder: string, pictures: readonly StoredPicture[], reading: Reading): Promise<void> {
  if (!existsSync(folder)) return;
  const listed = new Set(pictures.map(({ file }) => resolve(file)));
  for (const file of await filesBelow(folder)) {
    if (isImageName(file) && isIn(folder, file) && !listed.has(resolve(file))) {
      reading.sayOf("no words are told of images of the folder", basename(file));
    }
  }
}

function isWord(word: unknown): boolean {
  return isObject(word) && "points" in word;
}

function imageNamed(folder: string, stems: readonly string[]): string {
  const names = stems.flatMap((stem) => IMAGE_ENDINGS.map((ending) => join(folder, basename(stem) + ending)));
  return names.find((path) => existsSync(path)) ?? names[0];
}

function laterWord(word: unknown): PictureWord {
  if (!isObject(word)) throw new CamlabError("it is no word");
  const { points, transcription, illegibility } = word;
  const corners = Array.isArray(points) ? (points as readonly unknown[]).map(numbersOf) : [];
  const polygon = corners.every((corner) => corner?.length === 2) ? corners.flatMap((corner) => corner!) : [];
  if (polygon.length < 6) throw new CamlabError(`its points are ${shown(points)}`);
  if (typeof transcription !== "string") throw new CamlabError("it has no transcription");
  const text = transcription.trim();
  return { polygon, text, readable: illegibility !== true && text !== "###" };
}

function cocoText(imgs: JsonObject, anns: JsonObject, images: string, pictures: Tally, words: Tally): StoredPicture[] {
  const found = new Map<string, StoredPicture & { readonly words: PictureWord[] }>();
  for (const [key, image] of Object.entries(imgs)) {
    const picture = pictures.attempt(`image ${key}`, () => {
      if (!isObject(image) || typeof image.file_name !== "string" || image.file_name === "") {
        throw new CamlabError("it has no file_name");
      }
      const [width, height] = [numberOf(image.width), numberOf(image.height)];
      const split = typeof image.set === "string" ? splitNamed(image.set) : undefined;
      const size = width !== undefined && height !== undefined ? { width, height } : {};
      return { file: imagePath(images, image.file_name), id: key, ...(split && { split }), ...size, words: [] };
    });
    if (picture) found.set(key, picture);
  }
  for (const [key, annotation] of Object.entries(anns)) {
    words.attempt(`annotation ${key}`, () => {
      if (!isObject(annotation)) throw new CamlabError("it is no annotation");
      const picture = found.get(keyOf(annotation.image_id) ?? "");
      if (!picture) throw new CamlabError(`it is of image ${shown(annotation.image_id)}, which is not listed`);
      picture.words.push(cocoTextWord(annotation));
    });
  }
  return [...found.values()];
}

/** Words that an image is said to have, and that are not there. */
function leaveOutMissing(listed: unknown, anns: JsonObject, words: Tally): void {
  const keys = isObject(listed) ? Object.values(listed).flat() : [];
  for (const key of keys) {
    const name = keyOf(key);
    if (name !== undefined && !Object.hasOwn(anns, name)) words.leaveOut(`annotation ${name}`, "it is not there");
  }
}

function cocoTextWord({ mask, polygon, bbox, utf8_string, legibility }: JsonObject): PictureWord {
  const corners = [mask, polygon].map((one) => numbersOf(Array.isArray(one) ? one.flat() : one));
  const outline =
    corners.find((one) => one !== undefined && one.length >= 6 && one.length % 2 === 0) ?? cornersOf(bbox);
  if (!outline) throw new CamlabError("it has neither an outline nor a box");
  const text = typeof utf8_string === "string" ? utf8_string.trim() : "";
  const readable = legibility !== "illegible" && text !== "";
  return { polygon: outline, text: readable ? text : text || "###", readable };
}

function cornersOf(bbox: unknown): number[] | undefined {
  const numbers = numbersOf(bbox);
  if (numbers?.length !== 4) return undefined;
  const [x, y, width, height] = numbers;
  return [x, y, x + width, y, x + width, y + height, x, y + height];
}
