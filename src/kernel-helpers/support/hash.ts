import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/**
 * The SHA-256 of texts (UTF-8) and bytes, one after the other, in hexadecimal.
 *
 * @example
 * sha256("abc"); // "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
 */
export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

const known = new WeakMap<ArrayBufferLike, string>();

/** The SHA-256 of a whole buffer, in hexadecimal, computed once: for what is never changed. */
export function sha256OfBuffer(buffer: ArrayBufferLike): string {
  const found = known.get(buffer) ?? sha256(new Uint8Array(buffer));
  known.set(buffer, found);
  return found;
}

/**
 * A short name for some content: the first 32 of the 64 hexadecimal digits of its SHA-256.
 *
 * @example
 * contentName(JSON.stringify({ layer: "pool5" }));
 */
export function contentName(...parts: readonly (string | Uint8Array)[]): string {
  return sha256(...parts).slice(0, 32);
}

/**
 * The SHA-256 of a file's content, in hexadecimal; the file is read piece by piece.
 *
 * @throws the file system's own error
 * @example
 * await sha256OfFile("model.onnx");
 */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
