import { existsSync, mkdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder, and those above it that are missing. Unlike `mkdir` with `recursive`, it gives up where a file system
 * answers "no such file" for a folder whose parent exists (`/proc` does), instead of trying for ever.
 *
 * @throws the file system's own error
 * @example
 * await makeFolder("out/2026/maps");
 */
export async function makeFolder(path: string): Promise<void> {
  const folder = resolve(path);
  if (existsSync(folder)) {
    await mkdir(folder, { recursive: true });
    return;
  }
  const parent = dirname(folder);
  if (!existsSync(parent)) await makeFolder(parent);
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** As `makeFolder`, without waiting. */
export function makeFolderSync(path: string): void {
  const folder = resolve(path);
  if (existsSync(folder)) return;
  makeFolderSync(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}
