import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Reading } from "./reading.js";

/**
 * Where an image lies that a list names: below the folder unless its path is absolute. Windows' separators are understood
 * where the name as it stands is none of a file, and of an address only the last part counts.
 *
 * @example
 * imagePath("photos", "train\\a.jpg"); // photos/train/a.jpg
 */
export function imagePath(folder: string, name: string): string {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(name)) return join(folder, lastOfAddress(name));
  const path = isAbsolute(name) ? name : join(folder, name);
  if (!name.includes("\\") || existsSync(path)) return path;
  if (/^(?:[a-z]:)?\\/i.test(name) && process.platform !== "win32") return join(folder, name.replace(/^.*\\/, ""));
  return join(folder, name.replaceAll("\\", "/"));
}

/** The last part of an address, without what is asked of it. */
function lastOfAddress(address: string): string {
  const path = address.replace(/[?#].*$/, "").replace(/\/+$/, "");
  const last = path.slice(path.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** How many pictures are looked for before it is said that none is there. */
const LOOKED_FOR = 20;

/**
 * Says so when none of the first pictures is where it should be: most often all of them lie elsewhere.
 *
 * @param advice what to do
 */
export function sayIfMissing(reading: Reading, pictures: readonly { readonly file: string }[], advice: string): void {
  const first = pictures.slice(0, LOOKED_FOR);
  if (first.length === 0 || first.some(({ file }) => existsSync(file))) return;
  const others = first.length > 1 ? `, nor any other of the first ${first.length} pictures` : "";
  reading.say(`there is no file ${first[0].file}${others}: ${advice}`);
}
