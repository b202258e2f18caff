import { dirname, join, resolve } from "node:path";
import { walkFolder } from "../../images/files/walk-folder.js";
import { readableName } from "../../images/files/readable-name.js";
import { CamlabError } from "../../support/errors.js";
import { checkPath, reasonOf } from "./read-text.js";
import type { Reading } from "./reading.js";

/**
 * All files below a folder, by path, in the order of their characters. Hidden files and folders, and what tools, archives
 * and shares leave behind, are passed over; links are followed.
 *
 * @param reading where to say what could not be read
 * @throws CamlabError when the folder cannot be read
 */
export async function filesBelow(folder: string, reading?: Reading): Promise<string[]> {
  checkPath("folder", folder);
  try {
    const { files, leftOut } = await walkFolder(folder);
    for (const { file, reason } of leftOut) reading?.sayOf(`left out, ${reason}`, join(folder, file));
    return files.map(({ path }) => join(folder, path)).sort();
  } catch (error) {
    throw new CamlabError(`cannot read the folder ${readableName(folder)}: ${reasonOf(error)}`);
  }
}

/** Whether a file lies in a folder itself, not below another in it. */
export function isIn(folder: string, file: string): boolean {
  return resolve(dirname(file)) === resolve(folder);
}
