// From what a caller gives to the bytes of a file, or pixels.
import { access, constants, open, readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { check } from "../../support/check.js";
import { CamlabError, invalid } from "../../support/errors.js";
import { FIRST_BYTES } from "../formats/first-bytes.js";
import type { Image, ImageSource } from "../image.js";
import { isPacked } from "../packed/packed-image.js";
import { readPacked } from "../packed/read-packed.js";

/**
 * Files up to so many bytes are read before they are decoded: a fifth less work than when libvips maps a file into
 * memory, once for its header and once for its pixels.
 *
 * @internal
 */
export const SMALL_FILE = 16 * 2 ** 20;

/** Files larger than this are decoded from the disk and never read whole. */
export const LOOKED_INTO = 256 * 2 ** 20;

/** An encoded file or pixels. */
export type ImageInput = EncodedInput | { readonly image: Image };

/** An encoded file: its bytes, or where it is when it is large. */
export interface EncodedInput {
  readonly bytes?: Uint8Array;
  readonly path?: string;
  /** Its first bytes, at least `FIRST_BYTES` or all. */
  readonly head: Uint8Array;
  /** In bytes. */
  readonly size: number;
}

/**
 * Reads what a source holds: small files whole, of large ones the beginning.
 *
 * @throws CamlabError naming the source: missing, empty, a folder, no regular file, not to be read; pixels that do not
 * fit their size
 */
export async function readInput(source: ImageSource, name: string): Promise<ImageInput> {
  if (typeof source === "string") return readPath(source, name);
  if (isPacked(source)) return inMemory(await readPacked(source));
  if (!(source instanceof Uint8Array)) return { image: checkedImage(source, name) };
  if (source.length === 0) throw new CamlabError(`cannot read ${name}: it is empty`);
  return inMemory(source);
}

function inMemory(bytes: Uint8Array): EncodedInput {
  return { bytes, head: bytes, size: bytes.length };
}

/** All bytes of an encoded file. */
export async function allBytes({ bytes, path }: EncodedInput): Promise<Uint8Array> {
  return bytes ?? readFile(path!);
}

async function readPath(path: string, name: string): Promise<EncodedInput> {
  if (path === "") throw invalid("image source", path, "a path, the bytes of a file, or pixels");
  const file = resolve(path);
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    const wrong = error.code === "ENOENT" || error.code === "ENOTDIR" ? "there is no such file" : error.code;
    throw new CamlabError(`cannot read ${name}: ${wrong}`, { cause: error });
  });
  if (found.isDirectory()) throw new CamlabError(`cannot read ${name}: it is a folder, list its images first`);
  if (!found.isFile()) throw new CamlabError(`cannot read ${name}: it is not a regular file`);
  if (found.size === 0) throw new CamlabError(`cannot read ${name}: the file is empty (0 bytes)`);
  const refused = (error: NodeJS.ErrnoException): never => {
    const wrong = error.code === "EACCES" || error.code === "EPERM" ? "you have no permission to read it" : error.code;
    throw new CamlabError(`cannot read ${name}: ${wrong}`, { cause: error });
  };
  // libvips takes a last "[…]" of a name for options of its own; such files, too, are handed over as bytes.
  if (found.size <= SMALL_FILE || file.endsWith("]")) {
    const bytes = await readFile(file).catch(refused);
    return inMemory(bytes);
  }
  await access(file, constants.R_OK).catch(refused);
  return { path: file, head: await beginningOf(file).catch(refused), size: found.size };
}

async function beginningOf(file: string): Promise<Uint8Array> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(FIRST_BYTES), 0, FIRST_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function checkedImage(image: Image, name: string): Image {
  if (image === null || typeof image !== "object" || !(image.data instanceof Uint8Array)) {
    throw invalid("image source", image, "a path, the bytes of a file, or { width, height, data }");
  }
  const { width, height, data } = image;
  for (const [side, value] of Object.entries({ width, height })) check.count(side, value);
  if (data.length !== width * height * 3) {
    throw new CamlabError(
      `cannot read ${name}: data holds ${data.length} bytes (expected width · height · 3 = ${width * height * 3})`,
    );
  }
  return image;
}
