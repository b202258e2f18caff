import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type FoundFile, walkFolder } from "../../images/files/walk-folder.js";
import { readableName } from "../../images/files/readable-name.js";
import type { PictureSet, StoredPicture } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { isImageName } from "../../support/files/image-endings.js";
import { isToolName } from "../../support/files/tool-names.js";
import { notOfLayout } from "../files/layouts.js";
import { checkPath, reasonOf } from "../files/read-text.js";
import { Reading } from "../files/reading.js";
import { splitNamed } from "../sets/split.js";

/**
 * Reads a folder that holds a folder for each class (Caltech-101, Scene-15 and the like), or `train/`, `val/` and
 * `test/` with a folder for each class in them. Images in deeper folders belong to the class that these lie in. Hidden
 * files and folders, and what tools, archives and shares leave behind, are passed over; a link to a picture of the same
 * class is left out.
 *
 * @returns in the order of the characters of their paths; files that are no images, and images that lie in no class, are
 * left out, and named in the notes
 * @throws CamlabError when the folder cannot be read or holds no image in a class folder
 * @example
 * const { classes, pictures } = await readFolderPerClass("caltech-101");
 */
export async function readFolderPerClass(folder: string): Promise<PictureSet<StoredPicture>> {
  checkPath("folder", folder);
  const reading = new Reading();
  const files = reading.count("files", folder);
  const found = await filesOf(folder);
  for (const { file, reason } of found.leftOut) files.leaveOut(file, reason);
  const images = found.files.filter(({ path }) => isImageName(path));
  const inSplits = await splitFolders(folder, images);
  const pictures: StoredPicture[] = [];
  const deeper = new Set<string>();
  const originals = originalsOf(images);
  for (const { path, real } of found.files) {
    const parts = path.split("/");
    const split = inSplits.has(parts[0]) ? splitNamed(parts[0]) : undefined;
    const [label, ...rest] = split === undefined ? parts : parts.slice(1);
    if (!isImageName(path)) files.leaveOut(path, NO_IMAGE);
    else if (inSplits.size > 0 && split === undefined) files.leaveOut(path, "beside the folders of the splits");
    else if (rest.length === 0) files.leaveOut(path, "in no folder of a class");
    else if (isTwin(path, originals.get(real)!, parts.length - rest.length)) {
      files.leaveOut(path, `a link to a picture of its class that is read: ${readableName(originals.get(real)!)}`);
    } else {
      if (originals.get(real) !== path) reading.sayOf("a link to a picture of another class or split", path);
      files.keep();
      if (rest.length > 1) deeper.add(parts.slice(0, -1).join("/"));
      pictures.push({ file: join(folder, path), id: path, label, ...(split && { split }) });
    }
  }
  if (pictures.length === 0) {
    const others = files.note();
    const lacks = `holds no images in folders named after classes${others === undefined ? "" : ` (${others})`}`;
    throw await notOfLayout(folder, "readFolderPerClass", lacks);
  }
  if (deeper.size > 0) {
    reading.say(`images in deeper folders are of the class around them: ${[...deeper].slice(0, 5).join(", ")}`);
  }
  await sayEmpty(folder, inSplits, pictures, reading);
  return reading.set(pictures.map(({ label }) => label!).sort(), pictures, folder);
}

/** Of the paths that lead to one file, where it is; else the first of the links to it. */
function originalsOf(images: readonly FoundFile[]): ReadonlyMap<string, string> {
  const originals = new Map<string, string>();
  const links = images.filter(({ isLink }) => isLink);
  for (const { path, real } of [...images.filter(({ isLink }) => !isLink), ...links]) {
    if (!originals.has(real)) originals.set(real, path);
  }
  return originals;
}

/** Whether two paths lead to the same file in the same class (and split), whose folders are the first of each path. */
function isTwin(path: string, original: string, folders: number): boolean {
  const classOf = (one: string) => one.split("/").slice(0, folders).join("/");
  return path !== original && classOf(path) === classOf(original);
}

const NO_IMAGE = "no image by its name";

async function filesOf(folder: string): Promise<Awaited<ReturnType<typeof walkFolder>>> {
  try {
    const { files, leftOut } = await walkFolder(folder);
    return { files: [...files].sort((a, b) => (a.path < b.path ? -1 : 1)), leftOut };
  } catch (error) {
    throw new CamlabError(`cannot read the folder ${readableName(folder)}: ${reasonOf(error)}`);
  }
}

/**
 * The folders that are splits: those with the names of splits, if one is to train on, each holds images in folders and
 * none beside these. "train" with images in it is a class, as among "bus" and "car".
 */
async function splitFolders(folder: string, images: readonly FoundFile[]): Promise<ReadonlySet<string>> {
  const named = (await foldersIn(folder)).filter((name) => splitNamed(name) !== undefined);
  const depths = new Map<string, number>(named.map((name) => [name, Infinity]));
  for (const { path } of images) {
    const [first, ...rest] = path.split("/");
    const depth = depths.get(first);
    if (depth !== undefined) depths.set(first, Math.min(depth, rest.length));
  }
  const holding = named.filter((name) => depths.get(name) !== Infinity);
  const areSplits = holding.length > 0 && holding.every((name) => depths.get(name)! > 1);
  return new Set(areSplits ? named : []);
}

/** A class that has lost all its images would vanish without a word. */
async function sayEmpty(
  folder: string,
  inSplits: ReadonlySet<string>,
  pictures: readonly StoredPicture[],
  reading: Reading,
): Promise<void> {
  const seen = new Set(pictures.map(({ id }) => id.slice(0, id.lastIndexOf("/"))));
  const holds = (path: string) => [...seen].some((below) => below === path || below.startsWith(`${path}/`));
  const roots = inSplits.size > 0 ? [...inSplits].sort() : [""];
  for (const root of roots) {
    for (const name of await foldersIn(join(folder, root))) {
      const path = root === "" ? name : `${root}/${name}`;
      if (!holds(path)) reading.sayOf("a folder without images, or a link to one that was read", path);
    }
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const isFolder = async (name: string) => (await stat(join(folder, name)).catch(() => undefined))?.isDirectory();
  const names = [];
  for (const entry of entries) {
    if (isToolName(entry.name) || entry.isFile()) continue;
    // A name that is not UTF-8 leads nowhere as text, and was named as left out.
    if (!existsSync(join(folder, entry.name)) && entry.isDirectory()) continue;
    if (entry.isDirectory() || (await isFolder(entry.name))) names.push(entry.name);
  }
  return names.sort();
}
