import { stat } from "node:fs/promises";
import { CamlabError, messageOf } from "../../support/errors.js";

/** Below this, a file with holes costs little to read. */
const WORTH_A_LOOK = 2 ** 26;

/**
 * The size of a file that is about to be read as a whole.
 *
 * @param path the file
 * @param what what is read from it, for the message
 * @throws CamlabError when there is none, when it is no file but a pipe, a device or a folder, and when it is mostly
 *   holes, as a download that was never finished
 */
export async function wholeFileSize(path: string, what: string): Promise<number> {
  let found;
  try {
    found = await stat(path);
  } catch (error) {
    throw new CamlabError(`cannot read ${what}: ${messageOf(error)}`);
  }
  if (!found.isFile()) {
    throw new CamlabError(
      `cannot read ${what}: ${found.isDirectory() ? "it is a folder" : "it is a pipe or a device"}, not a file`,
    );
  }
  if (found.size > WORTH_A_LOOK && found.blocks * 512 < found.size / 8) {
    throw new CamlabError(
      `cannot read ${what}: of its ${gigabytes(found.size)} GB only ${gigabytes(found.blocks * 512)} are there, the rest are holes; ` +
        "download or copy it again",
    );
  }
  return found.size;
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(2);
}
