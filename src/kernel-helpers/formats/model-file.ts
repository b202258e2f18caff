import { readFile } from "node:fs/promises";
import { wholeFileSize } from "../graph/onnx/whole-file.js";
import { CamlabError, messageOf } from "../support/errors.js";

/** No larger file is read as a whole: neither Node nor an engine takes more at once. */
const LARGEST = 2 ** 31 - 1;

/**
 * The bytes of a model file.
 *
 * @throws CamlabError when it cannot be read, or is too large
 */
export async function modelBytes(path: string): Promise<Uint8Array> {
  const size = await wholeFileSize(path, path);
  if (size > LARGEST)
    throw new CamlabError(`cannot read ${path}: it is ${(size / 1e9).toFixed(1)} GB, at most 2.1 are read`);
  try {
    return await readFile(path);
  } catch (error) {
    throw new CamlabError(`cannot read ${path}: ${messageOf(error)}`);
  }
}

/** What `read` gives; when it refuses, the message names the file. */
export async function openedFrom<T>(path: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CamlabError) throw new CamlabError(`cannot open ${path}: ${error.message}`);
    throw error;
  }
}
