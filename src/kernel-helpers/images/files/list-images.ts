import { stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { glob } from "tinyglobby";
import { CamlabError } from "../../support/errors.js";
import { readableName } from "./readable-name.js";

/**
 * Every image that a list of files, folders and globs means.
 *
 * A path that exists is taken as it is, whatever characters it holds; only what does not exist is read as a glob.
 * Folders are searched with their subfolders for `.jpg .jpeg .jpe .jfif .png .webp .avif .tif .tiff .gif` (hidden files
 * and folders left out); globs are filtered in the same way, files named outright are not. What one pattern yields is
 * in natural order (photo2 before photo10), patterns stay in the order given, and no file is listed twice, however it is spelled.
 *
 * @throws CamlabError naming the pattern that does not exist or match, or the folder that holds no image
 * @example
 * await listImages(["photos", "extra/*.png", "street [1].jpg"]);
 */
export async function listImages(patterns: readonly string[]): Promise<string[]> {
  const files = new Map<string, string>();
  for (const pattern of patterns) {
    for (const file of await imagesOf(pattern)) if (!files.has(resolve(file))) files.set(resolve(file), file);
  }
  return [...files.values()];
}

async function imagesOf(pattern: string): Promise<string[]> {
  const name = readableName(pattern);
  const found = await stat(pattern).catch(() => undefined);
  if (found?.isDirectory()) {
    const inside = await imagesMatching("**/*", pattern);
    if (inside.length === 0) throw new CamlabError(`no images in the folder ${name} (looked for ${ENDINGS.join(" ")})`);
    return inside.map((file) => join(pattern, file));
  }
  if (found) return [pattern];
  if (!/[*?{}[\]()!]/.test(pattern)) throw new CamlabError(`there is no file or folder ${name}`);
  const matching = await imagesMatching(pattern);
  if (matching.length === 0) throw new CamlabError(`there is no file ${name}, and as a glob it matches no image`);
  return matching;
}

async function imagesMatching(pattern: string, cwd?: string): Promise<string[]> {
  const files = await glob(pattern, { cwd, expandDirectories: false, absolute: isAbsolute(pattern) });
  const order = new Intl.Collator("en", { numeric: true });
  return files.filter((file) => IMAGE.test(file)).sort((a, b) => order.compare(a, b) || (a < b ? -1 : 1));
}

const ENDINGS = [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".avif", ".tif", ".tiff", ".gif"];
const IMAGE = new RegExp(`(${ENDINGS.map((ending) => `\\${ending}`).join("|")})$`, "i");
