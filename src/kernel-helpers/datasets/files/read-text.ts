import { open, readFile, stat } from "node:fs/promises";
import { readableName } from "../../images/files/readable-name.js";
import { decodeText } from "../../support/decode-text.js";
import { CamlabError, invalid, messageOf } from "../../support/errors.js";
import type { Reading } from "./reading.js";

/** The longest text that JavaScript can hold. */
const LONGEST = 0x1fffffe8;

/**
 * The text of a file: UTF-8, or UTF-16 where it is told by a mark or by its bytes; without a byte-order mark. What is
 * neither is read as Windows' Western code page, and said.
 *
 * @param reading where to say so
 * @throws CamlabError when the file cannot be read
 */
export async function readText(file: string, reading?: Reading): Promise<string> {
  const { text, encoding } = decodeText(await readBytes(file));
  if (encoding === "windows-1252") reading?.sayOf("not UTF-8, so read as Windows-1252 (Western European)", file);
  return text;
}

/**
 * The lines of a text file that are not empty, with their numbers from 1.
 *
 * @throws CamlabError when the file cannot be read
 */
export async function readNumberedLines(file: string, reading?: Reading): Promise<NumberedLine[]> {
  const lines = (await readText(file, reading)).split(/\r\n|\n|\r/);
  return lines.flatMap((text, i) => (text.trim() === "" ? [] : [{ text, number: i + 1 }]));
}

/** A line of a text file. */
export interface NumberedLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/** As `readNumberedLines`, the lines alone. */
export async function readLines(file: string, reading?: Reading): Promise<string[]> {
  return (await readNumberedLines(file, reading)).map(({ text }) => text);
}

/**
 * The bytes of a regular file.
 *
 * @throws CamlabError when the file cannot be read, or is larger than a text can be
 */
export async function readBytes(file: string): Promise<Uint8Array> {
  checkPath("file", file);
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new CamlabError("it is a folder");
    if (!found.isFile()) throw new CamlabError("it is no regular file");
    if (found.size > LONGEST) throw new CamlabError("it is larger than 512 MB, more than a text can be");
    return await readFile(file);
  } catch (error) {
    throw new CamlabError(`cannot read ${readableName(file)}: ${reasonOf(error)}`);
  }
}

/**
 * The first bytes of a file, as text; empty when it cannot be read.
 */
export async function readBeginning(file: string, length = 1 << 16): Promise<string> {
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) return "";
  try {
    await using handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return decodeText(buffer.subarray(0, bytesRead)).text;
  } catch {
    return "";
  }
}

/** The error for a path that is no text. */
export function checkPath(name: string, path: unknown): void {
  if (typeof path !== "string" || path === "") throw invalid(name, path, "a path");
}

/** Why a file or folder cannot be read, without the file system's own words where there are better ones. */
export function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return (code !== undefined && REASONS[code]) || messageOf(error);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "it is no folder",
  EISDIR: "it is a folder",
  EACCES: "there is no permission to read it",
  EPERM: "there is no permission to read it",
  ELOOP: "it is a link to itself",
  ENAMETOOLONG: "its name is too long",
  EMFILE: "too many files are open",
  ERR_INVALID_ARG_VALUE: "its name cannot be that of a file",
};
