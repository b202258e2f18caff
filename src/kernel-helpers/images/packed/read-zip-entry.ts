import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import { CamlabError } from "../../support/errors.js";
import { bytesBeforeContent, LOCAL_SIZE } from "../../support/files/zip-directory.js";
import type { PackedZipEntry } from "../image.js";
import { LARGEST_PACKED } from "./packed-image.js";

const inflated = promisify(inflateRaw);

/**
 * The bytes of an entry of a zip archive: never more than it claims, whatever they unfold to.
 *
 * @throws CamlabError when it is damaged, or unfolds to other bytes than it claims
 */
export async function readZipEntry(
  { pack, start, packedSize, size, crc, isDeflated }: PackedZipEntry,
  readStretch: (path: string, start: number, size: number) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  if (size > LARGEST_PACKED) throw new CamlabError(`it would unfold to ${size} bytes, more than a picture has`);
  const before = bytesBeforeContent(Buffer.from(await readStretch(pack, start, LOCAL_SIZE)));
  if (before === undefined) throw new CamlabError("its header is damaged");
  const packed = await readStretch(pack, start + before, packedSize);
  const bytes = isDeflated ? await unfold(packed, size) : packed;
  if (bytes.length !== size || crc32(bytes) !== crc) throw new CamlabError("it is damaged: its checksum differs");
  return bytes;
}

async function unfold(packed: Uint8Array, size: number): Promise<Uint8Array> {
  try {
    return await inflated(packed, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw new CamlabError(isTooLarge ? `it unfolds to more than the ${size} bytes that it claims` : "it is damaged", {
      cause: error,
    });
  }
}
