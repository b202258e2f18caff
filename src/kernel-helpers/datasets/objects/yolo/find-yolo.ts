import { existsSync, statSync } from "node:fs";
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { readableName } from "../../../images/files/readable-name.js";
import { CamlabError } from "../../../support/errors.js";
import { isImageName } from "../../../support/files/image-endings.js";
import { filesBelow, isIn } from "../../files/files-below.js";
import { notOfLayout } from "../../files/layouts.js";
import { readLines } from "../../files/read-text.js";
import type { Reading } from "../../files/reading.js";
import { type Split, splitNamed } from "../../sets/split.js";
import {
  givenNames,
  keypointsOf,
  NAME_FILES,
  namesBeside,
  namesInFile,
  namesOf,
  readDarknetData,
  readYaml,
} from "./yolo-names.js";
import type { YoloNames } from "./yolo-line.js";

/** An image of a data set of YOLO, and where its labels would be. */
export interface YoloImage {
  readonly file: string;
  /** Its path below the data set, as messages call it. */
  readonly name: string;
  readonly id: string;
  readonly split?: Split;
  readonly labels: string;
  readonly labelsName: string;
}

/** What a data set of YOLO consists of. */
export interface YoloFiles {
  readonly images: readonly YoloImage[];
  readonly names: YoloNames;
  /** Files where images are looked for that are none. */
  readonly notImages: readonly string[];
  /** Files of labels to which there is no image. */
  readonly withoutImage: readonly string[];
}

/** Files to look at, each with its split where it is known. */
interface Listed {
  readonly root: string;
  readonly files: readonly { readonly file: string; readonly split?: Split }[];
  readonly names?: YoloNames;
}

/**
 * Finds the images, labels and names of a data set of YOLO, in whichever of its layouts.
 *
 * @param path its folder, or its `data.yaml` or `obj.data`
 * @param options names that the caller gave; whether folders may lie anywhere
 * @throws CamlabError when it is none, or has no names, or lies where it should not
 */
export async function findYolo(
  path: string,
  { classes, anywhere = false }: { readonly classes?: readonly string[]; readonly anywhere?: boolean },
  reading: Reading,
): Promise<YoloFiles> {
  const { root, files, names } = await listed(path, anywhere, reading);
  const known = classes ? { ...names, classes: givenNames(classes) } : names;
  const found = known ?? (await beside(root, reading));
  if (!found) {
    const lacks = "has no classes.json, classes.txt or obj.names, and no data.yaml: give { classes: [names] }";
    throw await notOfLayout(path, "readYolo", lacks);
  }
  const images = imagesOf(
    root,
    files.filter(({ file }) => isImageName(file)),
  );
  if (images.length === 0) throw await notOfLayout(path, "readYolo", "holds no images");
  const others = files.map(({ file }) => file).filter((file) => !isImageName(file));
  const labelled = new Set(images.map(({ labels }) => resolve(labels)));
  const texts = new Set(
    [...others.filter(isLabels), ...(await labelsIn(root, images))].filter((file) => !labelled.has(resolve(file))),
  );
  const below = (file: string) => nameBelow(root, file);
  return {
    images,
    names: found,
    notImages: others.filter((file) => !isLabels(file) && !isAbout(file)).map(below),
    withoutImage: [...texts].map(below).sort(),
  };
}

async function listed(path: string, anywhere: boolean, reading: Reading): Promise<Listed> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder === undefined) throw new CamlabError(`cannot read ${path}: there is no such file or folder`);
  if (!isFolder) {
    if (/\.ya?ml$/i.test(path)) return inYaml(path, anywhere, reading);
    if (/\.data$/i.test(path)) return inDarknet(path, anywhere, reading);
    throw await notOfLayout(path, "readYolo", "is neither a folder nor a data.yaml or obj.data");
  }
  const files = await filesBelow(path, reading);
  const here = files.filter((file) => isIn(path, file));
  const yamls = here.filter((file) => /\.ya?ml$/i.test(file));
  const yaml =
    yamls.find((file) => /^data(?:set)?\.ya?ml$/i.test(basename(file))) ?? (yamls.length === 1 ? yamls[0] : undefined);
  if (yaml !== undefined) return inYaml(yaml, anywhere, reading);
  const data = here.find((file) => file.toLowerCase().endsWith(".data"));
  if (data !== undefined) return inDarknet(data, anywhere, reading);
  const inImages = files.filter((file) => nameBelow(path, file).startsWith("images/"));
  if (inImages.length > 0) return { root: path, files: inImages.map(withSplitOfFolder(path)) };
  return { root: path, files: files.map(withSplitOfFolder(path)) };
}

/** `images/train2017/…`, `train/images/…`: a folder may say what its images are for. */
function withSplitOfFolder(root: string): (file: string) => { readonly file: string; readonly split?: Split } {
  return (file) => {
    const folders = nameBelow(root, dirname(file)).split("/").slice(0, 2);
    const split = folders.map((name) => splitNamed(name.replace(/\d{4}$/, ""))).find(Boolean);
    return { file, ...(split && { split }) };
  };
}

async function inYaml(file: string, anywhere: boolean, reading: Reading): Promise<Listed> {
  const data = await readYaml(file, reading);
  const folder = dirname(file);
  const told = typeof data.path === "string" ? data.path : undefined;
  const base =
    told === undefined
      ? folder
      : ([join(folder, told), told, join(folder, "..", told)].find((one) => existsSync(one)) ?? folder);
  const names =
    data.names === undefined ? undefined : { classes: namesOf(data.names, file), keypoints: keypointsOf(data) };
  const files: { readonly file: string; readonly split?: Split }[] = [];
  const missing: string[] = [];
  for (const [key, split] of Object.entries({ train: "train", val: "val", valid: "val", test: "test" } as const)) {
    const places = [data[key]].flat().filter((place) => place !== undefined && place !== null && place !== "");
    for (const place of places) {
      const found = typeof place === "string" ? placeOf(place, base, folder) : undefined;
      if (found === undefined) {
        reading.say(`${key}: ${String(place)} of ${file} is not there`);
        missing.push(`${key}: ${String(place)} is not there`);
        continue;
      }
      if (!anywhere) checkNear(found, file, place as string);
      const there = (await filesAt(found, [base, folder], reading)).map((one) => ({ file: one, split }));
      if (!there.some((one) => isImageName(one.file)))
        missing.push(`${key}: ${String(place)} holds no images (${found})`);
      files.push(...there);
    }
  }
  if (!files.some((one) => isImageName(one.file))) {
    const why = missing.length > 0 ? `: ${missing.join(", ")}` : "";
    throw await notOfLayout(
      file,
      "readYolo",
      `names no folder or list of images (train, val, test) that is there${why}`,
    );
  }
  return { root: folder, files: once(files, reading), names: names ?? (await beside(folder, reading)) };
}

/** What a file from elsewhere names must lie with it, or where the user is. */
function checkNear(found: string, file: string, place: string): void {
  const roots = [join(dirname(file), ".."), "."].map((root) => resolve(root));
  if (roots.some((root) => !relative(root, resolve(found)).split(sep).includes(".."))) return;
  throw new CamlabError(
    `${readableName(file)} names ${readableName(place)}, which lies neither with it nor in the current folder: move it there, or ` +
      "say readYolo(…, { anywhere: true })",
  );
}

/** Roboflow writes `../train/images` where it means `train/images`. */
function placeOf(place: string, base: string, folder: string): string | undefined {
  const bare = place.replace(/^(?:\.\.?[\\/])+/, "");
  const candidates = isAbsolute(place)
    ? [place]
    : [base, folder].flatMap((root) => [join(root, place), join(root, bare)]);
  return candidates.find((one) => existsSync(one));
}

async function inDarknet(file: string, anywhere: boolean, reading: Reading): Promise<Listed> {
  const data = await readDarknetData(file, reading);
  const folder = dirname(file);
  const roots = [folder, join(folder, ".."), "."];
  const locate = (place: string) => inRoots(place, roots);
  const named = data.get("names");
  const namesFile = named === undefined ? undefined : locate(named);
  if (named !== undefined && namesFile === undefined) reading.say(`${named}, of ${file}, is not there`);
  const files: { readonly file: string; readonly split?: Split }[] = [];
  for (const [key, split] of Object.entries({ train: "train", valid: "val", val: "val", test: "test" } as const)) {
    const place = data.get(key);
    const list = place === undefined ? undefined : locate(place);
    if (list !== undefined && !anywhere) checkNear(list, file, place!);
    if (list !== undefined) files.push(...(await filesAt(list, roots, reading)).map((one) => ({ file: one, split })));
    else if (place !== undefined) reading.say(`${key} = ${place}, of ${file}, is not there`);
  }
  if (files.length === 0)
    throw await notOfLayout(file, "readYolo", "names no list of images (train, valid) that is there");
  const names =
    namesFile === undefined ? await beside(folder, reading) : { classes: await namesInFile(namesFile, reading) };
  return { root: folder, files: once(files, reading), names };
}

async function beside(folder: string, reading: Reading): Promise<YoloNames | undefined> {
  const classes = await namesBeside(folder, reading);
  return classes && { classes };
}

/** Where a path of a list leads: relative to one of the folders, with fewer and fewer of its own folders in front. */
function inRoots(place: string, roots: readonly string[]): string | undefined {
  const parts = place.trim().split(/[\\/]/);
  const shorter = parts.map((_, i) => parts.slice(i).join("/"));
  const candidates = isAbsolute(place) ? [place, ...shorter.slice(1)] : shorter;
  for (const one of candidates) {
    const found = (isAbsolute(one) ? [one] : roots.map((root) => join(root, one))).find((path) => existsSync(path));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The files below a folder, or those that a list names: what is not there stands as the list has it. */
async function filesAt(place: string, roots: readonly string[], reading: Reading): Promise<string[]> {
  if (statSync(place).isDirectory()) return filesBelow(place, reading);
  if (isImageName(place)) return [place];
  const lines = await readLines(place, reading);
  return lines.map((line) => inRoots(line, [dirname(place), ...roots]) ?? join(dirname(place), line.trim()));
}

/** A file that stands in two lists is read once, with the split of the first. */
function once(
  files: readonly { readonly file: string; readonly split?: Split }[],
  reading: Reading,
): { readonly file: string; readonly split?: Split }[] {
  const found = new Map<string, { readonly file: string; readonly split?: Split }>();
  for (const each of files) {
    const before = found.get(resolve(each.file));
    if (!before) found.set(resolve(each.file), each);
    else if (isImageName(each.file) && before.split !== each.split) {
      reading.sayOf(`listed for ${before.split} and for ${each.split}, read for ${before.split}`, each.file);
    }
  }
  return [...found.values()];
}

/** `images/` in the path becomes `labels/`; labels may also lie beside their image. */
function imagesOf(root: string, files: readonly { readonly file: string; readonly split?: Split }[]): YoloImage[] {
  const stems = new Map<string, number>();
  const stemOf = (file: string) => nameBelow(root, file).replace(/\.[^./]+$/, "");
  for (const { file } of files) stems.set(stemOf(file), (stems.get(stemOf(file)) ?? 0) + 1);
  return files.map(({ file, split }) => {
    const text = `${basename(file, extname(file))}.txt`;
    const mirrored = join(mirroredFolder(dirname(file)), text);
    const own = join(dirname(file), text);
    const labels = !existsSync(mirrored) && existsSync(own) ? own : mirrored;
    const name = nameBelow(root, file);
    const id = (stems.get(stemOf(file)) === 1 ? stemOf(file) : name)
      .split("/")
      .filter((part) => part !== "images")
      .join("/");
    return { file, name, id, ...(split && { split }), labels, labelsName: nameBelow(root, labels) };
  });
}

function mirroredFolder(folder: string): string {
  const parts = folder.split(sep);
  const last = parts.lastIndexOf("images");
  return parts.map((part, i) => (i === last ? "labels" : part)).join(sep);
}

/** Files of labels in the folders in which some were looked for. */
async function labelsIn(root: string, images: readonly YoloImage[]): Promise<string[]> {
  const folders = [...new Set(images.map(({ labels }) => dirname(labels)))].filter((folder) => existsSync(folder));
  const plain = join(root, "labels");
  const roots = existsSync(plain) && !folders.includes(plain) ? [...folders, plain] : folders;
  const files = await Promise.all(roots.map((folder) => filesBelow(folder)));
  return files.flat().filter(isLabels);
}

/** A text file, but none that says something about the whole. */
function isLabels(file: string): boolean {
  return /\.txt$/i.test(file) && !isAbout(file);
}

function isAbout(file: string): boolean {
  const name = basename(file).toLowerCase();
  return (
    NAME_FILES.some((known) => basename(known) === name) ||
    /^(?:readme(?:\..*)?|license|train|val|valid|test)\.(?:txt|md)$/.test(name) ||
    /\.(?:ya?ml|data|names|cfg|cache|labels)$/.test(name)
  );
}

function nameBelow(root: string, file: string): string {
  const below = relative(root, file);
  return (below === "" || below.startsWith("..") ? file : below).split(sep).join("/");
}
