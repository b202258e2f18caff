import { inflateRawSync } from "node:zlib";
import { CamlabError, messageOf } from "../errors.js";
import { type ArchiveFile, LARGEST_UNPACKED } from "./archive-file.js";
import {
  bufferOf,
  bytesBeforeContent,
  directoryAt,
  type DirectoryPlace,
  type ListedFile,
  listedFiles,
  LOCAL_SIZE,
  TAIL_SIZE,
  WIDE_SIZE,
  wideDirectoryAt,
} from "./zip-directory.js";

/**
 * The files of a ZIP archive (PyTorch's files, Python's wheels), stored or deflated, as its directory at the end lists
 * them. Nothing is written anywhere, so that names that lead elsewhere do no harm.
 *
 * @param path what the archive is called, for messages
 * @throws CamlabError when it is no archive, is cut off, or is packed in another way
 * @example
 * const file = readZip(bytes, "model.pth").find(({ name }) => name.endsWith("/data.pkl"));
 */
export function readZip(bytes: Uint8Array, path: string): ArchiveFile[] {
  const archive = bufferOf(bytes);
  const damaged = (why: string) => new CamlabError(`cannot read ${path}: ${why}; it may be cut off: get it again`);
  try {
    const { start, length, count } = placeOf(archive, damaged);
    const files = start + length <= archive.length ? listedFiles(archive.subarray(start, start + length)) : [];
    if (files.length < count) throw damaged("its list of files is damaged");
    return files.map((file) => {
      const { name, size } = file;
      if (size > LARGEST_UNPACKED) throw damaged(`${name} would be ${size} bytes large`);
      return { name, size, bytes: () => unpacked(archive, file, damaged) };
    });
  } catch (error) {
    const message = messageOf(error);
    if (error instanceof CamlabError) throw message.startsWith("cannot read") ? error : damaged(message);
    throw damaged(`it is no whole ZIP archive (${message})`);
  }
}

type Damaged = (why: string) => CamlabError;

function placeOf(archive: Buffer, damaged: Damaged): DirectoryPlace {
  const place = directoryAt(archive.subarray(-TAIL_SIZE));
  if (!place) throw damaged("the list of files at its end is missing");
  if (place.wide === undefined) return place;
  const wide = wideDirectoryAt(archive.subarray(place.wide, place.wide + WIDE_SIZE));
  if (!wide) throw damaged("the list of files at its end is damaged");
  return wide;
}

function unpacked(
  archive: Buffer,
  { name, method, size, packedSize, start }: ListedFile,
  damaged: Damaged,
): Uint8Array {
  const before = bytesBeforeContent(archive.subarray(start, start + LOCAL_SIZE));
  if (before === undefined) throw damaged(`${name} is not in its place`);
  const from = start + before;
  if (from + packedSize > archive.length) throw damaged(`${name} is not all there`);
  const stored = archive.subarray(from, from + packedSize);
  if (method === 0) return stored;
  if (method !== 8) throw damaged(`${name} is packed in a way (${method}) that camlab does not read`);
  try {
    const content = inflateRawSync(stored, { maxOutputLength: Math.max(1, size) });
    if (content.length === size) return content;
  } catch (error) {
    throw damaged(`${name} cannot be unpacked (${messageOf(error)})`);
  }
  throw damaged(`${name} is not as long as the archive says`);
}
