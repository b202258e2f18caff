import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CamlabError, messageOf } from "../../support/errors.js";

/**
 * All files below a folder, by path, in the order of their characters.
 *
 * @throws CamlabError when the folder cannot be read
 */
export async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort();
  } catch (error) {
    throw new CamlabError(`cannot read the folder ${folder}: ${messageOf(error)}`);
  }
}
