// The first directory of a TIFF file (TIFF 6.0; BigTIFF): what its samples are and where they lie.
import { xmpOrientation } from "../xmp-orientation.js";

/** What the first picture of a TIFF file is. */
export interface TiffHeader {
  readonly isLittleEndian: boolean;
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  /** Bits of each sample. */
  readonly bits: readonly number[];
  readonly sampleFormat: number;
  readonly photometric: number;
  readonly compression: number;
  readonly predictor: number;
  readonly isPlanar: boolean;
  /** What samples beyond the colours mean: 0 nothing, 1 premultiplied alpha, 2 alpha. */
  readonly extraSamples: readonly number[];
  /** The size of a strip or tile; strips are as wide as the picture. */
  readonly segment: { readonly width: number; readonly height: number };
  readonly isTiled: boolean;
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
  readonly orientation?: number;
  readonly jpegTables?: Uint8Array;
  /** Whether it is a camera's raw file, whose first picture is no more than a preview. */
  readonly isRaw: boolean;
}

/** Reads the first directory; undefined when it makes no sense. */
export function readTiffHeader(bytes: Uint8Array): TiffHeader | undefined {
  return withinBounds(() => headerOf(new TiffTags(bytes)));
}

/** The orientation of the first directory, 1 to 8; undefined when it says none, or makes no sense. */
export function tiffOrientation(bytes: Uint8Array): number | undefined {
  const value = withinBounds(() => new TiffTags(bytes).numbers(274)?.[0]);
  return value !== undefined && value >= 1 && value <= 8 ? value : undefined;
}

/** What is read, unless a place in the file leads out of it. */
function withinBounds<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function headerOf(tags: TiffTags): TiffHeader | undefined {
  const one = (tag: number, otherwise: number) => tags.numbers(tag)?.[0] ?? otherwise;
  const [width, height, samples] = [one(256, 0), one(257, 0), one(277, 1)];
  if (!(width >= 1 && height >= 1 && samples >= 1)) return undefined;
  const isTiled = tags.numbers(322) !== undefined;
  const segment = isTiled
    ? { width: one(322, width), height: one(323, height) }
    : { width, height: Math.min(one(278, height), height) };
  return {
    isLittleEndian: tags.isLittleEndian,
    width,
    height,
    samples,
    bits: tags.numbers(258) ?? [1],
    sampleFormat: one(339, 1),
    photometric: one(262, 1),
    compression: one(259, 1),
    predictor: one(317, 1),
    isPlanar: one(284, 1) === 2 && samples > 1,
    extraSamples: tags.numbers(338) ?? [],
    segment,
    isTiled,
    offsets: tags.numbers(isTiled ? 324 : 273) ?? [],
    byteCounts: tags.numbers(isTiled ? 325 : 279) ?? [],
    orientation: tags.numbers(274)?.[0] ?? xmpOrientation(tags.bytesOf(700)),
    jpegTables: tags.bytesOf(347),
    isRaw: tags.numbers(50_706) !== undefined || ((one(254, 0) & 1) === 1 && tags.numbers(330) !== undefined),
  };
}

/** Bytes of a value, by its type. */
const SIZES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 8: 2, 9: 4, 13: 4, 16: 8, 18: 8 };

class TiffTags {
  readonly isLittleEndian: boolean;
  readonly #view: DataView;
  readonly #entries = new Map<number, { type: number; count: number; at: number }>();

  constructor(private readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.isLittleEndian = bytes[0] === 0x49;
    const isBig = this.#short(2) === 43;
    const directory = isBig ? this.#long8(8) : this.#long(4);
    const count = isBig ? this.#long8(directory) : this.#short(directory);
    const size = isBig ? 20 : 12;
    for (let i = 0; i < count; i++) {
      const at = directory + (isBig ? 8 : 2) + i * size;
      const type = this.#short(at + 2);
      const values = isBig ? this.#long8(at + 4) : this.#long(at + 4);
      const inPlace = at + (isBig ? 12 : 8);
      const fits = values * (SIZES[type] ?? 8) <= (isBig ? 8 : 4);
      const where = fits ? inPlace : isBig ? this.#long8(inPlace) : this.#long(inPlace);
      this.#entries.set(this.#short(at), { type, count: values, at: where });
    }
  }

  numbers(tag: number): readonly number[] | undefined {
    const entry = this.#entries.get(tag);
    const size = entry && SIZES[entry.type];
    if (!entry || size === undefined) return undefined;
    if (entry.at + entry.count * size > this.bytes.length) throw new RangeError("a value beyond the end");
    return Array.from({ length: entry.count }, (_, i) => this.#number(entry.at + i * size, size));
  }

  bytesOf(tag: number): Uint8Array | undefined {
    const entry = this.#entries.get(tag);
    return entry && this.bytes.subarray(entry.at, entry.at + entry.count);
  }

  #number(at: number, size: number): number {
    if (size === 1) return this.#view.getUint8(at);
    return size === 2 ? this.#short(at) : size === 4 ? this.#long(at) : this.#long8(at);
  }

  #short(at: number): number {
    return this.#view.getUint16(at, this.isLittleEndian);
  }

  #long(at: number): number {
    return this.#view.getUint32(at, this.isLittleEndian);
  }

  #long8(at: number): number {
    return Number(this.#view.getBigUint64(at, this.isLittleEndian));
  }
}
