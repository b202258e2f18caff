import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../support/errors.js";
import { isToolName } from "../../support/files/tool-names.js";

/** A file below a folder. */
export interface FoundFile {
  /** Its path below the folder, with `/`. */
  readonly path: string;
  /** Where its content is: links are followed. */
  readonly real: string;
  readonly isLink: boolean;
}

/** What was left out, and why. */
export interface LeftOut {
  readonly file: string;
  readonly reason: string;
}

/** What lies below a folder. */
export interface Folder {
  readonly files: readonly FoundFile[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Every file below a folder, whatever it is called, hidden files and what tools leave behind excepted. Links are
 * followed, each folder is entered once.
 *
 * @throws the file system's own error when the folder itself cannot be read
 */
export async function walkFolder(root: string): Promise<Folder> {
  const files: FoundFile[] = [];
  const leftOut: LeftOut[] = [];
  const real = await realpath(root);
  const entered = new Set([real]);
  // Folders that links lead to come last: their files are found where they are, if they are below the folder at all.
  const linked: [folder: string, below: string][] = [];
  await walk(real, "");
  for (const [folder, below] of linked) await enter(folder, below);
  return { files, leftOut };

  async function walk(folder: string, below: string): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true, encoding: "buffer" });
    for (const entry of entries) {
      const name = entry.name.toString();
      if (isToolName(name)) continue;
      if (!Buffer.from(name).equals(entry.name)) leftOut.push({ file: below + escaped(entry.name), reason: NOT_UTF8 });
      else await take(entry, join(folder, name), below + name);
    }
  }

  async function enter(folder: string, below: string): Promise<void> {
    if (entered.has(folder)) return;
    entered.add(folder);
    await walk(folder, below).catch((error: unknown) => leftOut.push({ file: below, reason: reasonOf(error) }));
  }

  async function take(entry: Dirent<Buffer>, path: string, below: string): Promise<void> {
    try {
      const isLink = entry.isSymbolicLink();
      const target = isLink ? await realpath(path) : path;
      const kind = isLink ? await stat(path) : entry;
      if (kind.isFile()) files.push({ path: below, real: target, isLink });
      else if (!kind.isDirectory()) leftOut.push({ file: below, reason: "it is no regular file" });
      else if (isLink) linked.push([target, `${below}/`]);
      else await enter(target, `${below}/`);
    } catch (error) {
      leftOut.push({ file: below, reason: reasonOf(error) });
    }
  }
}

const NOT_UTF8 = "its name is not UTF-8: rename it";

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ELOOP") return "it is a link to nothing";
  return code === "EACCES" || code === "EPERM" ? "you have no permission to read it" : messageOf(error);
}

/** A name that is no text, with the bytes that make it so as `\xE9`. */
function escaped(name: Buffer): string {
  return [...name]
    .map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase()}`))
    .join("");
}
