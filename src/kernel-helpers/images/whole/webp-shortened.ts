import { hasZeroRun } from "./zero-run.js";

/**
 * A WebP file without the last bytes of its picture's data, where that data holds a long run of zeros. libwebp takes what
 * was never written for pixels; but zeros decode to many more pixels a byte than a photograph's data, so that the
 * picture is complete before its data ends. A sound picture needs the last bytes of its data.
 *
 * @returns undefined when nothing looks suspicious
 */
export function shortenedWebp(bytes: Uint8Array): Uint8Array | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const data = pictureChunk(file, 12, file.length);
  if (!data || data.end - data.start < 4 * CUT) return undefined;
  if (!hasZeroRun(file, data.start, data.end)) return undefined;
  const size = (data.end - data.start - CUT) & ~1;
  const chunk = Buffer.from(file.subarray(data.start - 8, data.start + size));
  chunk.writeUInt32LE(size, 4);
  const head = Buffer.from("RIFF\0\0\0\0WEBP", "latin1");
  head.writeUInt32LE(4 + chunk.length, 4);
  return Buffer.concat([head, chunk]);
}

/**
 * Whether a chunk that the file's head counts in has no name but zeros: it was never written, and so the end of what lies
 * before it may not have been either.
 */
export function hasUnwrittenChunk(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const to = file.length < 12 ? 0 : Math.min(file.length, 8 + file.readUInt32LE(4));
  for (let at = 12; at + 8 <= to;) {
    if (file.readUInt32LE(at) === 0) return true;
    const size = file.readUInt32LE(at + 4);
    at += 8 + size + (size & 1);
  }
  return false;
}

const CUT = 16;

/** Where the first VP8 or VP8L data lie, in an animation those of its first frame. */
function pictureChunk(file: Buffer, from: number, to: number): { start: number; end: number } | undefined {
  let at = from;
  while (at + 8 <= to) {
    const name = file.toString("latin1", at, at + 4);
    const start = at + 8;
    const end = Math.min(start + file.readUInt32LE(at + 4), to);
    if (name === "VP8 " || name === "VP8L") return { start, end };
    if (name === "ANMF") return pictureChunk(file, start + 16, end);
    at = end + ((end - start) & 1);
  }
  return undefined;
}
