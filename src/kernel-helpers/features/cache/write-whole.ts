import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** How the names of unfinished files begin. */
export const UNFINISHED = "unfinished-";

/**
 * Writes a file so that it is there whole or not at all, whenever the process or the machine stops: under another name
 * first, forced to the disk, then renamed.
 */
export async function writeWhole(path: string, data: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(path), `${UNFINISHED}${process.pid}-${randomBytes(6).toString("hex")}`);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes a rename last; not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The file is whole either way; only after a power cut might it be missing, and then it is made again.
  }
}
