import { realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import picomatch from "picomatch";
import { CamlabError, invalid } from "../../support/errors.js";
import { IMAGE_ENDINGS, isImageName } from "../../support/files/image-endings.js";
import { readableName } from "./readable-name.js";
import { type FoundFile, type LeftOut, walkFolder } from "./walk-folder.js";
import { grouped } from "../../support/grouped.js";

/** The images that a list of files, folders and globs means. */
export interface FoundImages {
  readonly files: readonly string[];
  /** Files in the folders, or among what the globs match, that were left out, and why. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * Every image that a list of files, folders and globs means.
 *
 * A path that exists is taken as it is, whatever characters it holds; only what does not exist is read as a glob.
 * Folders are searched with their subfolders for the endings of images, whatever the rest of a name is; hidden files and
 * folders, and what tools, archives and shares leave behind, are passed over; globs are filtered in the same way, files
 * named outright are not. What one pattern yields is in natural order (photo2 before photo10), patterns stay in the
 * order given, and no file is listed twice, however it is spelled and whatever links lead to it.
 *
 * @throws CamlabError naming the pattern that does not exist or match, or the folder that holds no image
 * @example
 * await listImages(["photos", "extra/*.png", "street [1].jpg"]);
 */
export async function listImages(patterns: readonly string[]): Promise<string[]> {
  return [...(await findImages(patterns)).files];
}

/**
 * As `listImages`, and says what was left out: files that are no images by their name, names that are not UTF-8, links to
 * nothing, folders that may not be read.
 *
 * @throws CamlabError as `listImages`
 * @example
 * const { files, leftOut } = await images.findImages(["photos"]);
 */
export async function findImages(patterns: readonly string[]): Promise<FoundImages> {
  if (!Array.isArray(patterns) || !patterns.every((pattern) => typeof pattern === "string")) {
    throw invalid("patterns", patterns, 'a list of files, folders and globs, such as ["photos"]');
  }
  const files = new Map<string, string>();
  const leftOut = new Map<string, LeftOut>();
  for (const pattern of patterns) {
    const found = await imagesOf(pattern);
    for (const { path, real } of found.files) if (!files.has(real)) files.set(real, path);
    for (const each of found.leftOut) leftOut.set(resolve(each.file), each);
  }
  return { files: [...files.values()], leftOut: [...leftOut.values()] };
}

/**
 * What was found, on one line: how many of the files are images, and which are not.
 *
 * @returns undefined when nothing was left out
 * @example
 * images.describeFound(await images.findImages(["photos"])); // "10 of 12 files; 2 left out: notes.txt, clip.mov (no image by its name)"
 */
export function describeFound({
  files,
  leftOut,
}: Pick<FoundImages, "leftOut"> & { readonly files: readonly unknown[] }): string | undefined {
  if (leftOut.length === 0) return undefined;
  const byReason = grouped(leftOut, ({ reason }) => reason);
  const named = [...byReason].map(([reason, some]) => {
    const names = some.slice(0, NAMED).map(({ file }) => readableName(file));
    const more = some.length > NAMED ? ` and ${some.length - NAMED} more` : "";
    return `${names.join(", ")}${more} (${reason})`;
  });
  const all = files.length + leftOut.length;
  return `${files.length} of ${all} files; ${leftOut.length} left out: ${named.join("; ")}`;
}

const NAMED = 5;

interface Found {
  readonly files: readonly Pick<FoundFile, "path" | "real">[];
  readonly leftOut: readonly LeftOut[];
}

async function imagesOf(pattern: string): Promise<Found> {
  const name = readableName(pattern);
  const found = await stat(pattern).catch(() => undefined);
  if (found?.isDirectory()) {
    const inside = await imagesBelow(pattern, () => true);
    if (inside.files.length > 0) return inside;
    const others =
      inside.leftOut.length > 0 ? `: ${describeFound(inside)}` : ` (looked for ${IMAGE_ENDINGS.join(" ")})`;
    throw new CamlabError(`no images in the folder ${name}${others}`);
  }
  if (found) return { files: [{ path: pattern, real: await realpath(pattern) }], leftOut: [] };
  if (!/[*?{}[\]()!]/.test(pattern)) throw new CamlabError(`there is no file or folder ${name}`);
  const matching = await imagesMatching(pattern);
  if (matching.files.length > 0) return matching;
  const others = matching.leftOut.length > 0 ? ` (${describeFound(matching)})` : "";
  throw new CamlabError(`there is no file ${name}, and as a glob it matches no image${others}`);
}

/** A glob is matched below the folder that it begins with. Line breaks count as any character does. */
async function imagesMatching(pattern: string): Promise<Found> {
  const { base, glob } = picomatch.scan(pattern);
  const matches = picomatch(onOneLine(glob));
  return imagesBelow(base || ".", (path) => matches(onOneLine(path)), base).catch(() => ({ files: [], leftOut: [] }));
}

async function imagesBelow(folder: string, isMeant: (path: string) => boolean, prefix = folder): Promise<Found> {
  const { files, leftOut } = await walkFolder(folder);
  const meant = files.filter(({ path }) => isMeant(path));
  const images = meant.filter(({ path }) => isImageName(path));
  const others = meant.filter(({ path }) => !isImageName(path));
  const order = new Intl.Collator("en", { numeric: true });
  images.sort((a, b) => order.compare(a.path, b.path) || (a.path < b.path ? -1 : 1));
  const originals = new Set(images.filter(({ isLink }) => !isLink).map(({ real }) => real));
  const listed = images.filter(({ isLink, real }) => !isLink || !originals.has(real));
  return {
    files: listed.map(({ path, real }) => ({ path: join(prefix, path), real })),
    leftOut: [
      ...leftOut.filter(({ file }) => isMeant(file)),
      ...others.map(({ path }) => ({ file: path, reason: "no image by its name" })),
    ].map(({ file, reason }) => ({ file: join(prefix, file), reason })),
  };
}

/** Every kind of line break as a character that globs match like others. */
function onOneLine(text: string): string {
  return text.replace(/[\n\r\u2028\u2029]/g, "\ue000");
}
