// Windows bitmaps (BMP, DIB): 1 to 32 bits, palettes, run lengths, masks, either way up. Read here because none of the
// small libraries reads all of them right: one swaps the colours of palettes, another refuses run lengths and never gives
// its memory back.
import { CamlabError } from "../../support/errors.js";
import { isCutRaster } from "../whole/raster-cut.js";
import type { Image } from "../image.js";
import type { DecodedFile } from "./decoded-file.js";

/**
 * Opens a BMP file.
 *
 * @throws CamlabError for a kind that is not read; RangeError when the file is damaged or cut short
 */
export function openBmp(bytes: Uint8Array, name: string): DecodedFile {
  const header = headerOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  const { width, height, bits, compression } = header;
  if (!(width >= 1 && height >= 1)) throw new RangeError("a size that is none");
  if (compression === 4 || compression === 5 || compression > 6) {
    throw new CamlabError(`cannot read ${name}: it is a BMP file that holds another format; convert it to PNG first`);
  }
  const isPacked = compression === 1 || compression === 2;
  const isKnown = isPacked ? bits === (compression === 1 ? 8 : 4) : [1, 2, 4, 8, 16, 24, 32].includes(bits);
  if (!isKnown) throw new RangeError(`${bits} bits a pixel`);
  return {
    stored: { width, height },
    memory: width * height * 4,
    decode: () => Promise.resolve().then(() => decode(bytes, header, isPacked)),
  };
}

interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly compression: number;
  readonly data: number;
  /** Red, green, blue, alpha; alpha is 0 where there is none. */
  readonly masks: readonly number[];
  readonly palette: Uint8Array;
  readonly paletteEntry: number;
}

function headerOf(file: Buffer): BmpHeader {
  const size = file.readUInt32LE(14);
  const data = file.readUInt32LE(10);
  if (size === 12) {
    const [width, height, bits] = [file.readUInt16LE(18), file.readUInt16LE(20), file.readUInt16LE(24)];
    const palette = file.subarray(26, data);
    return {
      width,
      height,
      isTopDown: false,
      bits,
      compression: 0,
      data,
      masks: usualMasks(bits),
      palette,
      paletteEntry: 3,
    };
  }
  const [width, height] = [file.readInt32LE(18), file.readInt32LE(22)];
  const [bits, compression] = [file.readUInt16LE(28), file.readUInt32LE(30)];
  const hasMasks = compression === 3 || compression === 6;
  const count = size >= 56 || compression === 6 ? 4 : 3;
  const masks = hasMasks
    ? Array.from({ length: 4 }, (_, i) => (i < count ? file.readUInt32LE(54 + 4 * i) : 0))
    : usualMasks(bits);
  const palette = file.subarray(14 + size + (hasMasks && size === 40 ? 4 * count : 0), data);
  return {
    width,
    height: Math.abs(height),
    isTopDown: height < 0,
    bits,
    compression,
    data,
    masks,
    palette,
    paletteEntry: 4,
  };
}

function usualMasks(bits: number): number[] {
  return bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0];
}

function decode(bytes: Uint8Array, header: BmpHeader, isPacked: boolean): Image {
  const { width, height, isTopDown, bits, data: start } = header;
  const line = Math.ceil((width * bits) / 32) * 4;
  const packed = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, bytes.length - start));
  const lines = isPacked ? undefined : packed.subarray(0, line * height);
  if (lines && (lines.length < line * height || isCutRaster([{ bytes: lines, line }]))) {
    throw new RangeError("lines are missing");
  }
  const indices = isPacked ? unpackRuns(packed, width, height, bits) : undefined;
  const data = new Uint8Array(width * height * 3);
  const colourAt = bits <= 8 ? paletteColours(header) : maskedColours(header);
  for (let row = 0; row < height; row++) {
    const to = (isTopDown ? row : height - 1 - row) * width * 3;
    for (let x = 0; x < width; x++) {
      const value = indices ? indices[row * width + x] : valueAt(lines!, row * line, x, bits);
      colourAt(value, data, to + 3 * x);
    }
  }
  return { width, height, data };
}

function valueAt(lines: Buffer, line: number, x: number, bits: number): number {
  if (bits === 24) return lines.readUIntLE(line + 3 * x, 3);
  if (bits === 32) return lines.readUInt32LE(line + 4 * x);
  if (bits === 16) return lines.readUInt16LE(line + 2 * x);
  const shift = 8 - bits - ((x * bits) & 7);
  return (lines[line + ((x * bits) >> 3)] >> shift) & ((1 << bits) - 1);
}

type WriteColour = (value: number, data: Uint8Array, to: number) => void;

function paletteColours({ palette, paletteEntry }: BmpHeader): WriteColour {
  return (value, data, to) => {
    const from = value * paletteEntry;
    for (let channel = 0; channel < 3; channel++) data[to + channel] = palette[from + 2 - channel] ?? 0;
  };
}

/** Transparent pixels show white. */
function maskedColours({ masks }: BmpHeader): WriteColour {
  const parts = masks.map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { mask, shift, most: mask >>> shift };
  });
  const share = (value: number, i: number) =>
    parts[i].most === 0 ? 0 : ((value & parts[i].mask) >>> parts[i].shift) / parts[i].most;
  const hasAlpha = parts[3].most > 0;
  return (value, data, to) => {
    const alpha = hasAlpha ? share(value, 3) : 1;
    for (let channel = 0; channel < 3; channel++) {
      data[to + channel] = Math.round(255 * (share(value, channel) * alpha + 1 - alpha));
    }
  };
}

/** Run lengths of 8 or 4 bits: an index a pixel, lines in the order of the file; pixels that are jumped over are 0. */
function unpackRuns(packed: Buffer, width: number, height: number, bits: number): Uint8Array {
  const indices = new Uint8Array(width * height);
  let [at, x, row] = [0, 0, 0];
  const put = (index: number) => {
    if (x < width && row < height) indices[row * width + x] = index;
    x += 1;
  };
  const nibble = (byte: number, i: number) => (bits === 8 ? byte : i % 2 === 0 ? byte >> 4 : byte & 15);
  while (row < height) {
    if (at + 2 > packed.length) throw new RangeError("runs are missing");
    const [count, value] = [packed[at], packed[at + 1]];
    at += 2;
    if (count > 0) for (let i = 0; i < count; i++) put(nibble(value, i));
    else if (value === END_OF_LINE) [x, row] = [0, row + 1];
    else if (value === END_OF_PICTURE) {
      if (row < height - 1 || (x > 0 && x < width)) throw new RangeError("runs are missing");
      break;
    } else if (value === JUMP) {
      if (at + 2 > packed.length) throw new RangeError("runs are missing");
      x += packed[at];
      row += packed[at + 1];
      at += 2;
    } else {
      const size = bits === 8 ? value : Math.ceil(value / 2);
      if (at + size > packed.length) throw new RangeError("runs are missing");
      for (let i = 0; i < value; i++) put(nibble(packed[at + (bits === 8 ? i : i >> 1)], i));
      at += size + (size & 1);
    }
  }
  return indices;
}

const END_OF_LINE = 0;
const END_OF_PICTURE = 1;
const JUMP = 2;
