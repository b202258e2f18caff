import { inflateSync } from "node:zlib";

/**
 * The bytes of a strip or tile, uncompressed.
 *
 * @param size how many there must be
 * @throws RangeError when there are fewer
 */
export function unpackSegment(packed: Uint8Array, compression: number, size: number): Uint8Array {
  const bytes = unpacked(packed, compression, size);
  if (bytes.length < size) throw new RangeError("a strip holds fewer bytes than its lines need");
  return bytes.subarray(0, size);
}

function unpacked(packed: Uint8Array, compression: number, size: number): Uint8Array {
  switch (compression) {
    case 5:
      return unpackLzw(packed, size);
    case 8:
    case 32_946:
      return inflated(packed, size);
    case 32_773:
      return unpackBits(packed, size);
    default:
      return packed;
  }
}

function inflated(packed: Uint8Array, size: number): Uint8Array {
  try {
    return inflateSync(packed, { maxOutputLength: size + 65_536 });
  } catch (error) {
    throw new RangeError("a strip is damaged", { cause: error });
  }
}

function unpackBits(packed: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let [from, to] = [0, 0];
  while (from < packed.length && to < size) {
    const count = (packed[from++] << 24) >> 24;
    if (count >= 0) {
      const run = packed.subarray(from, from + count + 1);
      bytes.set(run.subarray(0, size - to), to);
      from += count + 1;
      to += run.length;
    } else if (count !== -128) {
      bytes.fill(packed[from++], to, to + 1 - count);
      to += 1 - count;
    }
  }
  return bytes.subarray(0, to);
}

const CLEAR = 256;
const END = 257;

/** TIFF's LZW: codes from the high bit on, and one longer a code earlier than GIF's. */
function unpackLzw(packed: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  // Every code but the first 258 stands for bytes that were written before.
  const starts = new Uint32Array(4097);
  const lengths = new Uint32Array(4097);
  let [codes, bits, held, count, to, previous] = [258, 9, 0, 0, 0, -1];
  for (let from = 0; to < size;) {
    while (count < bits && from < packed.length) {
      held = ((held << 8) | packed[from++]) & 0xffffff;
      count += 8;
    }
    if (count < bits) break;
    const code = (held >>> (count - bits)) & ((1 << bits) - 1);
    count -= bits;
    if (code === END) break;
    if (code === CLEAR) {
      [codes, bits, previous] = [258, 9, -1];
      continue;
    }
    if (code > codes || (code === codes && previous < 0)) throw new RangeError("a strip is damaged");
    const start = to;
    if (previous >= 0) {
      starts[codes] = previous;
      lengths[codes] = start - previous + 1;
      if (codes < 4096) codes += 1;
    }
    if (code < CLEAR) bytes[to++] = code;
    else {
      const length = Math.min(lengths[code], size - to);
      for (let i = 0; i < length; i++) bytes[to++] = bytes[starts[code] + i];
    }
    previous = start;
    if (codes >= (1 << bits) - 1 && bits < 12) bits += 1;
  }
  return bytes.subarray(0, to);
}
