import { sha256 } from "../support/hash.js";
import type { Image } from "./image.js";

/**
 * The SHA-256 of an image in memory, in hexadecimal: of a file's bytes as they are, of pixels with their width and
 * height, for the same bytes are another picture at another width.
 *
 * @example
 * hashOfImage({ width: 2, height: 1, data: new Uint8Array(6) });
 */
export function hashOfImage(source: Uint8Array | Image): string {
  if (source instanceof Uint8Array) return sha256(source);
  return sha256(`pixels ${source.width}×${source.height}\n`, source.data);
}
