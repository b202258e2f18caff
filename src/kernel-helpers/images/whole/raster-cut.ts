/** Uncompressed lines in the order of the file. */
export interface Raster {
  readonly bytes: Uint8Array;
  /** Bytes from one line to the next. */
  readonly line: number;
}

/**
 * Whether uncompressed pixels end in the middle of a line, zeros from there to the end of the file: what was never
 * written. A picture that is black below does not begin to be so in the middle of a line, right under pixels that are not.
 *
 * @param parts strips or tiles, in the order of the file
 */
export function isCutRaster(parts: readonly Raster[]): boolean {
  let index = parts.length - 1;
  while (index >= 0 && lastNonZero(parts[index].bytes) < 0) index -= 1;
  if (index < 0) return false;
  const { bytes, line } = parts[index];
  const cut = lastNonZero(bytes) + 1;
  const column = cut % line;
  const zeros = bytes.length - cut + parts.slice(index + 1).reduce((sum, part) => sum + part.bytes.length, 0);
  if (column < SEEN || line - column < SEEN || zeros < line) return false;
  const start = cut - column;
  const above = start >= line ? bytes.subarray(start - line, start) : parts[index - 1]?.bytes.slice(-line);
  return above !== undefined && isFull(bytes.subarray(start, cut)) && isFull(above.subarray(column));
}

/** So many bytes of a line on either side are enough to judge by. */
const SEEN = 12;

function lastNonZero(bytes: Uint8Array): number {
  let at = bytes.length - 1;
  while (at >= 0 && bytes[at] === 0) at -= 1;
  return at;
}

function isFull(bytes: Uint8Array): boolean {
  let zeros = 0;
  for (const byte of bytes) if (byte === 0) zeros += 1;
  return zeros < bytes.length / 4;
}
