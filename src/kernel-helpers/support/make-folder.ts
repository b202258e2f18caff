import { existsSync, mkdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { CamlabError } from "./errors.js";
import { printable } from "./escape.js";
import { codeOf, reasonOf } from "./files/file-reasons.js";

/**
 * Makes a folder, and those above it that are missing. Unlike `mkdir` with `recursive`, it gives up where a file system
 * answers "no such file" for a folder whose parent exists (`/proc` does), instead of trying for ever.
 *
 * @throws CamlabError naming the folder when it cannot be made
 * @example
 * await makeFolder("out/2026/maps");
 */
export async function makeFolder(path: string): Promise<void> {
  const folder = resolve(path);
  if (existsSync(folder)) {
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw refused(folder, error);
    });
    return;
  }
  const parent = dirname(folder);
  if (!existsSync(parent)) await makeFolder(parent);
  try {
    await mkdir(folder);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw refused(folder, error);
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
    if (!existsSync(folder)) throw refused(folder, error);
  }
}

function refused(folder: string, error: unknown): CamlabError {
  const reason = codeOf(error) === "EEXIST" ? "a file of that name is in the way" : reasonOf(error);
  return new CamlabError(`cannot make the folder ${printable(folder)}: ${reason}`, { cause: error });
}
