import { existsSync } from "node:fs";
import { basename, dirname, extname, join, relative, sep } from "node:path";
import { readImageInfo } from "../../images/files/read-image-info.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import type { AnnotatedPicture, PictureObject, PictureSet } from "../../images/picture.js";
import { outlinedObject } from "./picture-objects.js";
import { filesBelow } from "../files/files-below.js";
import { readJson, readLines } from "../files/text-lines.js";

/** What is read of a folder of YOLO labels. */
export interface YoloOptions {
  /** Class names in the order of their numbers; `classes.json`, `classes.txt` or `obj.names` of the folder unless given. */
  readonly classes?: readonly string[];
}

/**
 * Reads plain YOLO labels: for each image `images/…/NAME.jpg` a file `labels/…/NAME.txt` with a line
 * `class x-centre y-centre width height` for each object, in shares of the image; or `class x y x y x y …`, its outline.
 * An image without a file of labels has no objects; one that cannot be read is left out, with a note.
 *
 * @returns classes are those of the objects; `labels` of an image are the names of what is in it
 * @throws CamlabError when there are no images that can be read, or no class names, or a line is not of that form
 * @example
 * const { pictures } = labelByObjects(await readYolo("coco128"), { kitchen: ["oven", "sink"] });
 * const found = await discoverScenes(network, pictures);
 */
export async function readYolo(folder: string, options: YoloOptions = {}): Promise<PictureSet<AnnotatedPicture>> {
  const classes = options.classes ?? (await classNames(folder));
  const root = join(folder, "images");
  const files = (await filesBelow(root)).filter((file) => /\.(jpe?g|png|webp|bmp|tiff?|avif)$/i.test(file));
  if (files.length === 0) throw new CamlabError(`${root} holds no images`);
  const pictures: AnnotatedPicture[] = [];
  const notes: string[] = [];
  for (const file of files) {
    const below = relative(root, file);
    const stem = basename(below, extname(below));
    const list = join(folder, "labels", dirname(below), `${stem}.txt`);
    let size: { width: number; height: number };
    try {
      size = await readImageInfo(file);
    } catch (error) {
      notes.push(`left out: ${messageOf(error)}`);
      continue;
    }
    const { width, height } = size;
    const lines = existsSync(list) ? await readLines(list) : [];
    const objects = lines.map((line) => objectOf(line, list, classes, width, height));
    const labels = classes.filter((name) => objects.some((object) => object.name === name));
    const id = below
      .split(sep)
      .join("/")
      .replace(/\.[^.]+$/, "");
    pictures.push({ file, id, labels, width, height, objects });
  }
  if (pictures.length === 0) throw new CamlabError(`no image of ${root} can be read: ${notes[0]}`);
  return { classes, pictures, ...(notes.length > 0 && { notes }) };
}

function objectOf(
  line: string,
  list: string,
  classes: readonly string[],
  width: number,
  height: number,
): PictureObject {
  const [number, ...values] = line.trim().split(/\s+/).map(Number);
  const name = classes[number];
  const known = values.length === 4 || (values.length >= 6 && values.length % 2 === 0);
  if (name === undefined || !known || !values.every(Number.isFinite)) {
    throw new CamlabError(
      `${list}: "${line.trim()}" is neither "class x y width height" nor "class x y x y x y …", ` +
        `with a class from 0 to ${classes.length - 1}`,
    );
  }
  if (values.length === 4) {
    const [x, y, w, h] = values;
    return { name, box: { x: (x - w / 2) * width, y: (y - h / 2) * height, width: w * width, height: h * height } };
  }
  const corners = Array.from(
    { length: values.length / 2 },
    (_, i) => [values[2 * i] * width, values[2 * i + 1] * height] as const,
  );
  return outlinedObject(name, corners);
}

async function classNames(folder: string): Promise<readonly string[]> {
  const json = join(folder, "classes.json");
  if (existsSync(json)) {
    const names = await readJson(json);
    if (Array.isArray(names) && names.every((name) => typeof name === "string")) return names;
    throw new CamlabError(`${json} is no list of names`);
  }
  for (const name of ["classes.txt", "obj.names"]) {
    if (existsSync(join(folder, name))) return (await readLines(join(folder, name))).map((line) => line.trim());
  }
  throw new CamlabError(`${folder} has no classes.json, classes.txt or obj.names: give { classes: [names] }`);
}
