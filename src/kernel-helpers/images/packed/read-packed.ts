// From a description of where an image's file lies to its bytes.
import { open } from "node:fs/promises";
import { CamlabError, messageOf } from "../../support/errors.js";
import type { PackedImage } from "../image.js";
import { LARGEST_PACKED, packedName } from "./packed-image.js";
import { readAddress } from "./read-address.js";
import { readRow } from "./read-row.js";
import { readZipEntry } from "./read-zip-entry.js";

/**
 * The bytes of a file that lies in a larger one, or on a server. Only they are read; of a Parquet file the block of rows
 * that they stand in, which is kept until another is asked for.
 *
 * @throws CamlabError naming the file and what is wrong: the pack is gone or cut short, the entry damaged or larger than
 * 256 MB or than it claims, the server does not give it
 * @example
 * const bytes = await images.readPacked({ kind: "part", pack: "birds.tar", entry: "0001.jpg", start: 512, size: 48_211 });
 */
export async function readPacked(file: PackedImage): Promise<Uint8Array> {
  try {
    const bytes = await bytesOf(file);
    if (bytes.length === 0) throw new CamlabError("it is empty");
    return bytes;
  } catch (error) {
    throw new CamlabError(`cannot read ${packedName(file)}: ${reasonOf(error)}`, { cause: error });
  }
}

async function bytesOf(file: PackedImage): Promise<Uint8Array> {
  switch (file.kind) {
    case "part":
      return readStretch(file.pack, file.start, file.size);
    case "zip":
      return readZipEntry(file, readStretch);
    case "row":
      return readRow(file);
    case "address":
      return readAddress(file);
  }
}

async function readStretch(path: string, start: number, size: number): Promise<Uint8Array> {
  if (size > LARGEST_PACKED)
    throw new CamlabError(`it takes ${size} bytes, more than the ${LARGEST_PACKED} of a picture`);
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(size), 0, size, start);
    if (bytesRead < size) throw new CamlabError(`${path} is cut short`);
    return buffer;
  } finally {
    await handle.close();
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" ? "there is no such file" : messageOf(error);
}
