import { gunzipSync } from "node:zlib";
import { CamlabError, messageOf } from "../errors.js";
import type { ArchiveEntry } from "./zip.js";

const BLOCK = 512;
const LARGEST = 2 ** 31;

/**
 * The files of a gzipped TAR archive, the form of npm's packages. Nothing is written anywhere, so that names that lead
 * elsewhere do no harm; links and folders are passed over.
 *
 * @param path what the archive is called, for messages
 * @throws CamlabError when it is no such archive, or is cut off
 * @example
 * readTarGz(bytes, "model-1.0.0.tgz").map(({ name }) => name); // ["package/package.json", …]
 */
export function readTarGz(bytes: Uint8Array, path: string): ArchiveEntry[] {
  const damaged = (why: string) => new CamlabError(`cannot read ${path}: ${why}; it may be cut off: get it again`);
  let tar: Uint8Array;
  try {
    tar = gunzipSync(bytes, { maxOutputLength: LARGEST });
  } catch (error) {
    throw damaged(`it cannot be unpacked (${messageOf(error)})`);
  }
  const entries: ArchiveEntry[] = [];
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const text = (start: number, length: number) => textIn(tar, at + start, length);
    const size = Number.parseInt(text(124, 12).trim() || "0", 8);
    if (!(size >= 0)) throw damaged("its list of files is damaged");
    const content = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) throw damaged("it ends in the middle of a file");
    const [prefix, kind] = [text(345, 155), text(156, 1)];
    const name = longName ?? (prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`);
    longName = undefined;
    if (kind === "L") longName = textIn(content, 0, size);
    else if (kind === "x") longName = /\d+ path=(.*)\n/.exec(textIn(content, 0, size))?.[1];
    else if (kind === "" || kind === "0") entries.push({ name, size, bytes: () => content });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
}

/** Text up to its first zero. */
function textIn(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}
