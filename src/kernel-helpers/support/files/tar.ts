import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { CamlabError, messageOf } from "../errors.js";
import { type ArchiveFile, LARGEST_UNPACKED } from "./archive-file.js";
import { tarFiles } from "./tar-files.js";

const unzipped = promisify(gunzip);

/**
 * The files of a gzipped TAR archive, the form of npm's packages. Nothing is written anywhere, so that names that lead
 * elsewhere do no harm; links and folders are passed over.
 *
 * @param path what the archive is called, for messages
 * @throws CamlabError when it is no such archive, or is cut off
 * @example
 * (await readTarGz(bytes, "model-1.0.0.tgz")).map(({ name }) => name); // ["package/package.json", …]
 */
export async function readTarGz(bytes: Uint8Array, path: string): Promise<ArchiveFile[]> {
  const damaged = (why: string) => new CamlabError(`cannot read ${path}: ${why}; it may be cut off: get it again`);
  let tar: Buffer;
  try {
    tar = await unzipped(bytes, { maxOutputLength: LARGEST_UNPACKED });
  } catch (error) {
    throw damaged(`it cannot be unpacked (${messageOf(error)})`);
  }
  const files: ArchiveFile[] = [];
  try {
    const archive = { size: tar.length, bytesAt: (start: number, size: number) => tar.subarray(start, start + size) };
    for await (const { name, start, size, reason } of tarFiles(archive)) {
      if (start + size > tar.length) throw damaged(`it ends in the middle of ${name}`);
      if (reason === undefined) files.push({ name, size, bytes: () => tar.subarray(start, start + size) });
    }
  } catch (error) {
    const message = messageOf(error);
    throw message.startsWith("cannot read") ? error : damaged(message);
  }
  return files;
}
