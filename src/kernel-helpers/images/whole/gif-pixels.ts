// How many pixels the first frame of a GIF really holds. Decoders leave the rest transparent without a word.

/** The first frame's size, and how many of its pixels there are data for. */
export interface GifFrame {
  readonly width: number;
  readonly height: number;
  readonly pixels: number;
}

/** Counts the pixels of the first frame; undefined when there is none, or the blocks before it make no sense. */
export function gifFirstFrame(bytes: Uint8Array): GifFrame | undefined {
  let at = 13 + colourTable(bytes[10]);
  while (at < bytes.length) {
    const kind = bytes[at];
    if (kind === EXTENSION) at = afterBlocks(bytes, at + 2);
    else if (kind === FRAME) {
      const [width, height] = [bytes[at + 5] | (bytes[at + 6] << 8), bytes[at + 7] | (bytes[at + 8] << 8)];
      const data = at + 10 + colourTable(bytes[at + 9]);
      return { width, height, pixels: countPixels(bytes, data, width * height) };
    } else return undefined;
  }
  return undefined;
}

const EXTENSION = 0x21;
const FRAME = 0x2c;
const MOST_CODES = 4096;

function colourTable(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}

function afterBlocks(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== 0) at += 1 + bytes[at];
  return at + 1;
}

/** Walks the LZW codes: of each, only how many pixels it stands for matters. */
function countPixels(bytes: Uint8Array, start: number, wanted: number): number {
  const rootBits = bytes[start];
  if (!(rootBits >= 1 && rootBits <= 11)) return 0;
  const clear = 1 << rootBits;
  const lengths = new Uint32Array(MOST_CODES).fill(1, 0, clear);
  let [codeBits, codes, previous] = [rootBits + 1, clear + 2, 0];
  let [bits, held, pixels] = [0, 0, 0];
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== 0) {
    const end = Math.min(at + 1 + bytes[at], bytes.length);
    for (at += 1; at < end; at++) {
      held |= bytes[at] << bits;
      bits += 8;
      while (bits >= codeBits) {
        const code = held & ((1 << codeBits) - 1);
        held >>>= codeBits;
        bits -= codeBits;
        if (code === clear) {
          [codeBits, codes, previous] = [rootBits + 1, clear + 2, 0];
          continue;
        }
        if (code === clear + 1 || code > codes || (code === codes && previous === 0)) return pixels;
        const length = code === codes ? previous + 1 : lengths[code];
        if (previous > 0 && codes < MOST_CODES) lengths[codes++] = previous + 1;
        if (codes === 1 << codeBits && codeBits < 12) codeBits += 1;
        pixels += length;
        if (pixels >= wanted) return wanted;
        previous = length;
      }
    }
  }
  return pixels;
}
