import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { readImageInfo } from "../../../images/files/read-image-info.js";
import type { PictureObject } from "../../../images/picture.js";
import { CamlabError, invalid } from "../../../support/errors.js";
import { imagePath } from "../../files/image-path.js";
import { notOfLayout } from "../../files/layouts.js";
import { readJson } from "../../files/read-json.js";
import type { Reading } from "../../files/reading.js";
import { isObject, type JsonObject, keyOf, numberOf, shown } from "../../files/values.js";
import { withinPicture } from "../picture-objects.js";
import { cocoObject } from "./coco-object.js";

/** How files of COCO's form are read. */
export interface CocoFilesOptions {
  /** The folder of the images; that of the file that names them unless given. */
  readonly images?: string;
  /** The reader's name, for errors. */
  readonly reader: string;
  /** Whether pictures must have sizes: those that the file does not tell are read from the images. */
  readonly needsSizes: boolean;
}

/** A picture of COCO's form. */
export interface CocoPicture {
  readonly file: string;
  readonly id: string;
  /** What the file calls it. */
  readonly name: string;
  readonly width?: number;
  readonly height?: number;
  readonly objects: PictureObject[];
  readonly captions: string[];
}

/**
 * The pictures of files of COCO's form, each with everything that the files say of it.
 *
 * @throws CamlabError when a file is not of that form
 */
export async function readCocoFiles(
  files: readonly string[],
  options: CocoFilesOptions,
  reading: Reading,
): Promise<{ readonly classes: readonly string[]; readonly pictures: readonly CocoPicture[] }> {
  if (!Array.isArray(files) || files.length === 0) throw invalid("files", files, "a path, or a list of paths");
  const known: Known = { byPath: new Map(), byName: new Map(), ids: new Set() };
  const classes = new Set<string>();
  for (const file of files as readonly string[]) {
    const raw = await readJson(file, reading);
    const [images, annotations] = [listOf(raw, "images"), listOf(raw, "annotations")];
    if (!images || !annotations) {
      const lacks = `has no list ${images ? '"annotations"' : '"images"'}`;
      throw await notOfLayout(file, options.reader, lacks);
    }
    const names = categoriesOf(isObject(raw) ? raw.categories : undefined, file, reading);
    for (const name of names.values()) if (typeof name === "string") classes.add(name);
    const pictures = await picturesOf(images, file, options, known, reading);
    takeAnnotations(annotations, file, pictures, names, reading);
  }
  return { classes: [...classes], pictures: [...known.byPath.values()] };
}

function listOf(raw: unknown, name: string): readonly unknown[] | undefined {
  const value = isObject(raw) ? raw[name] : undefined;
  return Array.isArray(value) ? value : undefined;
}

/** What is meant by a key, or why nothing is: two things have it. */
type Meant<T> = T | { readonly ambiguous: string };

function categoriesOf(raw: unknown, file: string, reading: Reading): ReadonlyMap<string, Meant<string>> {
  const names = new Map<string, Meant<string>>();
  if (raw === undefined) return names;
  const tally = reading.count("categories", file);
  const list = Array.isArray(raw) ? (raw as readonly unknown[]) : [raw];
  const numbers = new Map<string, string>();
  list.forEach((category, i) => {
    const key = isObject(category) ? keyOf(category.id) : undefined;
    const name = isObject(category) ? nameOfCategory(category) : undefined;
    if (key === undefined || name === undefined)
      tally.leaveOut(`category ${key ?? `${i + 1} of the list`}`, "it has no id or no name");
    else {
      const before = names.get(key);
      if (before === undefined || before === name) names.set(key, name);
      else names.set(key, { ambiguous: `category ${key} is ${shown(nameIn(before))} and ${shown(name)}` });
      const same = numbers.get(name);
      if (same !== undefined && same !== key)
        reading.say(`categories ${same} and ${key} of ${file} are both called ${shown(name)}: read as one class`);
      numbers.set(name, key);
      tally.keep();
    }
  });
  return names;
}

function nameIn(meant: Meant<string>): string {
  return typeof meant === "string" ? meant : meant.ambiguous;
}

/** LVIS has synonyms beside the name. */
function nameOfCategory({ name, synonyms }: JsonObject): string | undefined {
  const found = name ?? (Array.isArray(synonyms) ? (synonyms as readonly unknown[])[0] : undefined);
  if (typeof found === "number") return String(found);
  return typeof found === "string" && found.trim() !== "" ? found : undefined;
}

interface Known {
  /** By absolute path. */
  readonly byPath: Map<string, CocoPicture>;
  /** By COCO's number and the name of the file. */
  readonly byName: Map<string, CocoPicture>;
  readonly ids: Set<string>;
}

async function picturesOf(
  images: readonly unknown[],
  file: string,
  options: CocoFilesOptions,
  known: Known,
  reading: Reading,
): Promise<ReadonlyMap<string, Meant<CocoPicture>>> {
  const tally = reading.count("images", file);
  const ambiguous = ambiguousIds(images);
  const pictures = new Map<string, Meant<CocoPicture>>();
  const here = new Map<string, string>();
  for (const [i, image] of images.entries()) {
    const key = isObject(image) ? keyOf(image.id) : undefined;
    const label = key === undefined ? `image ${i + 1} of the list` : `image ${key}`;
    const problem = key === undefined ? undefined : ambiguous.get(key);
    const picture = await tally.attemptAsync(label, async () => {
      if (!isObject(image) || key === undefined) throw new CamlabError("it has no id");
      if (problem !== undefined) throw new CamlabError(problem);
      const name = nameOfImage(image);
      const path = pathOf(name, image, file, options.images, known);
      const before = here.get(resolve(path));
      if (before !== undefined) {
        pictures.set(key, known.byPath.get(resolve(path))!);
        throw new CamlabError(`${name} is listed as image ${before}, too: read as one`);
      }
      const found = known.byPath.get(resolve(path)) ?? (await pictureOf(image, key, name, path, file, options, known));
      here.set(resolve(path), key);
      known.byPath.set(resolve(path), found);
      if (!known.byName.has(`${key} ${name}`)) known.byName.set(`${key} ${name}`, found);
      known.ids.add(found.id);
      return found;
    });
    if (key === undefined) continue;
    if (problem !== undefined) pictures.set(key, { ambiguous: problem });
    else if (picture) pictures.set(key, picture);
  }
  return pictures;
}

/** Ids that different images of one file have. */
function ambiguousIds(images: readonly unknown[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const ambiguous = new Map<string, string>();
  for (const image of images) {
    if (!isObject(image)) continue;
    const [key, name] = [keyOf(image.id), image.file_name ?? image.coco_url];
    if (key === undefined || typeof name !== "string") continue;
    const before = names.get(key);
    if (before !== undefined && before !== name) ambiguous.set(key, `image ${key} is ${before} and ${name}`);
    names.set(key, name);
  }
  return ambiguous;
}

function nameOfImage({ file_name, coco_url, flickr_url }: JsonObject): string {
  const name = [file_name, coco_url, flickr_url].find((one) => typeof one === "string" && one.trim() !== "");
  if (typeof name !== "string") throw new CamlabError("it has neither file_name nor coco_url");
  return name;
}

/**
 * Beside the file that names it, unless told otherwise. A picture of that name which is known already is meant where the
 * file itself has none beside it, as for captions that lie elsewhere. LVIS's addresses also tell COCO's part, which may
 * be a folder of that name.
 */
function pathOf(name: string, image: JsonObject, file: string, images: string | undefined, known: Known): string {
  const folder = images ?? dirname(file);
  const path = imagePath(folder, name);
  if ((images !== undefined && image.file_name !== undefined) || existsSync(path)) return path;
  const part = image.file_name === undefined && /\/([^/]+)\/[^/]+$/.exec(name)?.[1];
  const inPart = part ? join(folder, part, basename(path)) : undefined;
  if (inPart !== undefined && existsSync(inPart)) return inPart;
  if (images !== undefined) return path;
  const same = known.byName.get(`${keyOf(image.id)} ${name}`);
  return same && existsSync(same.file) ? same.file : path;
}

async function pictureOf(
  image: JsonObject,
  key: string,
  name: string,
  path: string,
  file: string,
  { needsSizes }: CocoFilesOptions,
  { ids }: Known,
): Promise<CocoPicture> {
  let [width, height] = [sideOf(image.width), sideOf(image.height)];
  if (needsSizes && (width === undefined || height === undefined)) {
    ({ width, height } = await readImageInfo(path));
  }
  const [folder, stem] = [basename(dirname(resolve(file))), basename(file).replace(/\.json$/i, "")];
  const id = [key, `${folder}/${key}`, `${stem}/${key}`, `${folder}/${stem}/${key}`].find((one) => !ids.has(one));
  const size = width !== undefined && height !== undefined ? { width, height } : {};
  return { file: path, id: id ?? path, name, ...size, objects: [], captions: [] };
}

function sideOf(value: unknown): number | undefined {
  const side = numberOf(value);
  return side !== undefined && Number.isInteger(side) && side > 0 ? side : undefined;
}

function takeAnnotations(
  annotations: readonly unknown[],
  file: string,
  pictures: ReadonlyMap<string, Meant<CocoPicture>>,
  names: ReadonlyMap<string, Meant<string>>,
  reading: Reading,
): void {
  const tally = reading.count("annotations", file);
  const outlines = reading.countExtras("outlines", file);
  annotations.forEach((annotation, i) => {
    const id = isObject(annotation) ? keyOf(annotation.id) : undefined;
    const label = id === undefined ? `annotation ${i + 1} of the list` : `annotation ${id}`;
    tally.attempt(label, () => {
      if (!isObject(annotation)) throw new CamlabError("it is no object");
      const picture = meantBy(annotation.image_id, pictures, "image");
      const { caption } = annotation;
      if (caption !== undefined && caption !== null) {
        if (typeof caption !== "string" || caption.trim() === "")
          throw new CamlabError(`its caption is ${shown(caption)}, no text`);
        picture.captions.push(caption.trim());
        return;
      }
      if (annotation.category_id === undefined) throw new CamlabError("it has neither a category nor a caption");
      const name = meantBy(annotation.category_id, names, "category");
      const problems: string[] = [];
      const object = cocoObject(annotation, name, picture, (problem) => problems.push(problem));
      picture.objects.push(withinPicture(object, picture));
      if (problems.length > 0) outlines.leaveOut(label, problems.join(", "));
      else if (annotation.segmentation !== undefined) outlines.keep();
    });
  });
}

function meantBy<T>(id: unknown, things: ReadonlyMap<string, Meant<T>>, what: string): T {
  const key = keyOf(id);
  const found = key === undefined ? undefined : things.get(key);
  if (found === undefined) throw new CamlabError(`it is of ${what} ${shown(id)}, which is not listed`);
  if (typeof found === "object" && found !== null && "ambiguous" in found) throw new CamlabError(found.ambiguous);
  return found;
}
