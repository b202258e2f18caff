import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CamlabError } from "./errors.js";
import { printable } from "./escape.js";
import { codeOf, reasonOf } from "./files/file-reasons.js";

/** How the names of unfinished files begin. */
export const UNFINISHED = "unfinished-";

/** What a file can be made of: text (UTF-8), bytes, or pieces of either as they come. */
export type FileContent = FilePiece | Iterable<FilePiece> | AsyncIterable<FilePiece>;

/** A piece of a file. */
export type FilePiece = string | Uint8Array;

/** Small pieces are written together, in blocks of so many bytes. */
const BLOCK = 1 << 16;

/**
 * Writes a file so that it is there whole or not at all, whenever the process or the machine stops: beside its place
 * first, under a name of its own, forced to the disk, then renamed. A reader meets the old file or the new one, and two
 * that write the same file at once do not meet. When it fails, nothing is left behind and the old file is as it was.
 *
 * The permissions of a file that is replaced are kept, a link still leads where it led, and a device or a pipe
 * (`/dev/stdout`) is written to as it is.
 *
 * @throws CamlabError naming the file when it cannot be written; what `content` throws, as it is
 * @example
 * await writeWhole("classes.json", JSON.stringify(["cat", "dog"]));
 * await writeWhole("numbers.txt", [1, 2, 3].map((number) => `${number}\n`));
 */
export async function writeWhole(path: string, content: FileContent): Promise<void> {
  const refuse = (error: unknown): never => {
    throw new CamlabError(`cannot write ${printable(path)}: ${reasonOf(error)}`);
  };
  const place = await placeOf(path).catch(refuse);
  if (place.isStream) {
    const stream = await open(place.path, "w").catch(refuse);
    try {
      await writePieces(stream, content, refuse);
    } finally {
      await stream.close();
    }
    return;
  }
  const temporary = unfinishedBeside(place.path);
  try {
    const file = await open(temporary, "wx").catch(refuse);
    try {
      await writePieces(file, content, refuse);
      if (place.mode !== undefined) await file.chmod(place.mode).catch(refuse);
      await file.sync().catch(refuse);
    } finally {
      await file.close();
    }
    await rename(temporary, place.path).catch(refuse);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(place.path));
}

/**
 * `writeWhole` for code that cannot wait: a plain file, a link to one is replaced.
 *
 * @param mode the permissions of the file, less what the process withholds
 * @throws CamlabError naming the file when it cannot be written
 */
export function writeWholeSync(path: string, content: FilePiece, { mode }: { readonly mode?: number } = {}): void {
  const temporary = unfinishedBeside(path);
  try {
    const file = openSync(temporary, "wx", mode);
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // Its folder is none.
    }
    throw new CamlabError(`cannot write ${printable(path)}: ${reasonOf(error)}`);
  }
}

function unfinishedBeside(path: string): string {
  return join(dirname(path), `${UNFINISHED}${process.pid}-${randomBytes(6).toString("hex")}`);
}

interface Place {
  /** Where the file lies, behind links. */
  readonly path: string;
  /** A device or a pipe: nothing that can be replaced. */
  readonly isStream?: boolean;
  /** The permissions of the file that is there. */
  readonly mode?: number;
}

async function placeOf(path: string): Promise<Place> {
  const behindLinks = await realpath(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return path;
    throw error;
  });
  const found = await stat(behindLinks).catch(() => undefined);
  if (!found) return { path: behindLinks };
  if (found.isDirectory()) throw new CamlabError("it is a folder");
  return found.isFile() ? { path: behindLinks, mode: found.mode & 0o7777 } : { path: behindLinks, isStream: true };
}

async function writePieces(file: FileHandle, content: FileContent, refuse: (error: unknown) => never): Promise<void> {
  const write = (bytes: FilePiece) => file.writeFile(bytes).catch(refuse);
  if (typeof content === "string" || content instanceof Uint8Array) return write(content);
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    const bytes = typeof piece === "string" ? Buffer.from(piece, "utf8") : piece;
    waiting.push(bytes);
    size += bytes.length;
    if (size < BLOCK) continue;
    await write(joined(waiting));
    [waiting, size] = [[], 0];
  }
  await write(joined(waiting));
}

/** One large piece is not copied. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
}

/** Makes a rename last; not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  // The file is whole either way; only after a power cut might the old one be back.
  await handle?.sync().catch(() => {});
  await handle?.close();
}
