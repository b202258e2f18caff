// What a plain JPEG file says of itself (ITU-T T.81, annex B): sequential, Huffman codes, 8 bits, all components in one scan.

/** A component, in the order of the scan. */
export interface PlainComponent {
  /** Blocks of a unit. */
  readonly across: number;
  readonly down: number;
  /** Numbers of its tables. */
  readonly quantisation: number;
  readonly dc: number;
  readonly ac: number;
}

/** What is needed to decode a plain JPEG: places are offsets into its bytes. */
export interface PlainJpeg {
  readonly width: number;
  readonly height: number;
  /** Grey, or Y, Cb and Cr. */
  readonly components: readonly PlainComponent[];
  /** Units between restarts; 0 for none. */
  readonly restart: number;
  /** By number: where the 64 steps lie, in the order of a file. */
  readonly quantisations: ReadonlyMap<number, number>;
  /** By number, those of AC 16 more: where the counts of a table's codes lie, and its values behind them. */
  readonly codes: ReadonlyMap<number, number>;
  /** First byte of the compressed data. */
  readonly scan: number;
  /** Whether it has EXIF or XMP, which may say how it is to be turned. */
  readonly isTagged: boolean;
  /** Its colour profile. */
  readonly icc?: Uint8Array;
}

/**
 * The header of a plain JPEG file; undefined for every other, and for one of which anything is odd, so that its decoder
 * never has to guess.
 */
export function plainJpeg(bytes: Uint8Array): PlainJpeg | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    return new HeaderReader(file).read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: readonly { readonly id: number; readonly factors: number; readonly quantisation: number }[];
}

const PROFILE = "ICC_PROFILE\0";

class HeaderReader {
  readonly #quantisations = new Map<number, number>();
  readonly #codes = new Map<number, number>();
  #frame: Frame | undefined;
  #restart = 0;
  #isJfif = false;
  #adobe: number | undefined;
  #isTagged = false;
  #icc: Uint8Array | undefined;

  constructor(private readonly file: Buffer) {}

  read(): PlainJpeg | undefined {
    const { file } = this;
    let at = 2;
    for (;;) {
      if (file.readUInt8(at) !== 0xff) return undefined;
      const marker = file.readUInt8(at + 1);
      const [start, end] = [at + 4, at + 2 + file.readUInt16BE(at + 2)];
      if (end < start || end > file.length) return undefined;
      if (marker === 0xda) return this.#withScan(start, end);
      if (!this.#take(marker, start, end)) return undefined;
      at = end;
    }
  }

  /** @returns whether the segment is one of a plain file */
  #take(marker: number, start: number, end: number): boolean {
    switch (marker) {
      case 0xc0:
      case 0xc1:
        return this.#takeFrame(start, end);
      case 0xc4:
        return this.#takeCodes(start, end);
      case 0xdb:
        return this.#takeQuantisations(start, end);
      case 0xdd:
        this.#restart = this.file.readUInt16BE(start);
        return end === start + 2;
      case 0xe0:
        return this.#takeJfif(start, end);
      case 0xe1:
        this.#isTagged = true;
        return true;
      case 0xe2:
        return this.#takeProfile(start, end);
      case 0xee:
        if (this.#text(start, 5) === "Adobe" && end >= start + 12) this.#adobe = this.file[start + 11];
        return true;
      default:
        return (marker >= 0xe3 && marker <= 0xef) || marker === 0xfe;
    }
  }

  #text(at: number, length: number): string {
    return this.file.toString("latin1", at, at + length);
  }

  #takeFrame(start: number, end: number): boolean {
    const { file } = this;
    const count = file.readUInt8(start + 5);
    if (this.#frame || file[start] !== 8 || (count !== 1 && count !== 3) || end !== start + 6 + 3 * count) return false;
    const components = Array.from({ length: count }, (_, i) => {
      const [id, factors, quantisation] = file.subarray(start + 6 + 3 * i, start + 9 + 3 * i);
      return { id, factors, quantisation };
    });
    this.#frame = { height: file.readUInt16BE(start + 1), width: file.readUInt16BE(start + 3), components };
    return true;
  }

  #takeCodes(start: number, end: number): boolean {
    let at = start;
    while (at < end) {
      const number = this.file.readUInt8(at);
      const counts = this.file.subarray(at + 1, at + 17);
      const values = counts.reduce((sum, count) => sum + count, 0);
      if ((number & 0xec) !== 0 || at + 17 + values > end) return false;
      const isDc = number < 16;
      if (isDc && this.file.subarray(at + 17, at + 17 + values).some((size) => size > 11)) return false;
      this.#codes.set(number, at + 1);
      at += 17 + values;
    }
    return at === end;
  }

  #takeQuantisations(start: number, end: number): boolean {
    let at = start;
    for (; at < end; at += 65) {
      const number = this.file.readUInt8(at);
      if (number > 3) return false;
      this.#quantisations.set(number, at + 1);
    }
    return at === end;
  }

  #takeJfif(start: number, end: number): boolean {
    if (this.#text(start, 5) !== "JFIF\0") return true;
    this.#isJfif = true;
    return end >= start + 14 && this.file[start + 5] === 1;
  }

  #takeProfile(start: number, end: number): boolean {
    const head = start + PROFILE.length;
    // One in several pieces, or beside something else that changes the picture, is left to others.
    if (this.#icc || this.#text(start, PROFILE.length) !== PROFILE) return false;
    if (this.file[head] !== 1 || this.file[head + 1] !== 1) return false;
    this.#icc = this.file.subarray(head + 2, end);
    return true;
  }

  #withScan(start: number, end: number): PlainJpeg | undefined {
    const { file } = this;
    const frame = this.#frame;
    const count = file.readUInt8(start);
    if (!frame || frame.components.length !== count || end !== start + 4 + 2 * count) return undefined;
    if (file[end - 3] !== 0 || file[end - 2] !== 63 || file[end - 1] !== 0) return undefined;
    const components: PlainComponent[] = [];
    for (const [i, { id, factors, quantisation }] of frame.components.entries()) {
      const chosen = file[start + 2 + 2 * i];
      const [dc, ac] = [chosen >> 4, chosen & 15];
      const isKnown = this.#quantisations.has(quantisation) && this.#codes.has(dc) && this.#codes.has(16 + ac);
      if (file[start + 1 + 2 * i] !== id || dc > 3 || ac > 3 || !isKnown) return undefined;
      // A component alone comes block by block, whatever its factors.
      const [across, down] = count === 1 ? [1, 1] : [factors >> 4, factors & 15];
      components.push({ across, down, quantisation, dc, ac });
    }
    if (!isUsual(components) || !this.#isLumaAndChroma(frame)) return undefined;
    return {
      width: frame.width,
      height: frame.height,
      components,
      restart: this.#restart,
      quantisations: this.#quantisations,
      codes: this.#codes,
      scan: end,
      isTagged: this.#isTagged,
      ...(this.#icc && { icc: this.#icc }),
    };
  }

  /** By JFIF, else by Adobe, else by the components' names. */
  #isLumaAndChroma({ components }: Frame): boolean {
    if (components.length === 1 || this.#isJfif) return true;
    if (this.#adobe !== undefined) return this.#adobe === 1;
    return components.every(({ id }, i) => id === i + 1);
  }
}

/** Colours as many as pixels, half as many across, or down, too. */
function isUsual([luma, ...chroma]: readonly PlainComponent[]): boolean {
  const isLuma = luma.across === 1 ? luma.down === 1 : luma.across === 2 && (luma.down === 1 || luma.down === 2);
  return isLuma && chroma.every(({ across, down }) => across === 1 && down === 1);
}
