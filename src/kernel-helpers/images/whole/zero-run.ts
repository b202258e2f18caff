/** Compressed pictures hardly ever hold so many zero bytes in a row; what was never written to a disk does. */
const RUN = Buffer.alloc(24);

/**
 * Whether a stretch of a file holds two dozen zero bytes in a row.
 *
 * @param start first byte of the stretch
 * @param end first byte after it
 */
export function hasZeroRun(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, end - start)).indexOf(RUN) >= 0;
}
