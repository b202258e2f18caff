import { readFile, stat } from "node:fs/promises";
import { CamlabError } from "../errors.js";

/**
 * The bytes of a regular file. A pipe would be waited for, and a device may never end.
 *
 * @throws CamlabError when it is a pipe or a device; the file system's errors as they are
 */
export async function readRegular(path: string): Promise<Buffer> {
  await checkRegular(path);
  return readFile(path);
}

/** @throws CamlabError when there is a pipe or a device of that name */
export async function checkRegular(path: string): Promise<void> {
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory()) throw new CamlabError("it is a pipe or a device, not a file");
}
