// Walks the Huffman codes of a sequential JPEG (ITU-T T.81, annexes F and C) without computing a pixel: whether there are
// data for all of its blocks, and whether data are left over once it has them.

/** What a walk found. */
export interface JpegWalk {
  /** Blocks for which there are no data. */
  readonly missing: number;
  /** Bytes of scans that no block needed. */
  readonly unused: number;
}

/** Walks a JPEG file; undefined for kinds that are not walked: progressive, arithmetic, lossless, or broken ones. */
export function walkJpeg(file: Uint8Array): JpegWalk | undefined {
  const tables = new Map<number, HuffmanTable>();
  let frame: Frame | undefined;
  let restart = 0;
  let [missing, unused] = [0, 0];
  let at = 2;
  while (at + 4 <= file.length) {
    if (file[at] !== 0xff || file[at + 1] === 0xff || file[at + 1] === 0) {
      at += 1;
      continue;
    }
    const marker = file[at + 1];
    if (marker === 0xd9) break;
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2;
      continue;
    }
    const segment = file.subarray(at + 4, at + 2 + word(file, at + 2));
    at += 2 + word(file, at + 2);
    if (marker === 0xc0 || marker === 0xc1) frame = frameOf(segment);
    else if (marker === 0xc4) readTables(segment, tables);
    else if (marker >= 0xc2 && marker <= 0xcf && marker !== 0xc8) return undefined;
    else if (marker === 0xdd) restart = word(segment, 0);
    else if (marker === 0xda) {
      const parts = frame && partsOf(segment, frame, tables);
      if (!frame || !parts) return undefined;
      const scan = walkScan(new Bits(file, at), frame, parts, restart);
      missing += scan.missing;
      unused += scan.unused;
      at = scan.end;
    }
  }
  return frame && { missing, unused };
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: readonly { readonly id: number; readonly across: number; readonly down: number }[];
}

/** A component's share of a scan's units: how many blocks, by which tables. */
interface Part {
  readonly blocks: number;
  readonly dc: HuffmanTable;
  readonly ac: HuffmanTable;
}

function frameOf(segment: Uint8Array): Frame {
  const components = Array.from({ length: segment[5] }, (_, i) => {
    const factors = segment[7 + 3 * i];
    return { id: segment[6 + 3 * i], across: factors >> 4 || 1, down: factors & 15 || 1 };
  });
  return { height: word(segment, 1), width: word(segment, 3), components };
}

function partsOf(segment: Uint8Array, frame: Frame, tables: Map<number, HuffmanTable>): Part[] | undefined {
  const parts: Part[] = [];
  for (let i = 0; i < segment[0]; i++) {
    const component = frame.components.find(({ id }) => id === segment[1 + 2 * i]);
    const chosen = segment[2 + 2 * i];
    const dc = tables.get(chosen >> 4);
    const ac = tables.get(16 + (chosen & 15));
    if (!component || !dc || !ac) return undefined;
    parts.push({ blocks: segment[0] === 1 ? 1 : component.across * component.down, dc, ac });
  }
  return parts;
}

/** How many units, each of some blocks of every component, a scan of these components has. */
function unitsOf({ width, height, components }: Frame, count: number, segmentId: number): number {
  const widest = Math.max(...components.map(({ across }) => across));
  const tallest = Math.max(...components.map(({ down }) => down));
  if (count > 1) return Math.ceil(width / (8 * widest)) * Math.ceil(height / (8 * tallest));
  const { across, down } = components.find(({ id }) => id === segmentId)!;
  return Math.ceil(Math.ceil((width * across) / widest) / 8) * Math.ceil(Math.ceil((height * down) / tallest) / 8);
}

function walkScan(bits: Bits, frame: Frame, parts: readonly Part[], restart: number): JpegWalk & { end: number } {
  const units = unitsOf(frame, parts.length, bits.file[bits.at - 3 - 2 * parts.length]);
  let [missing, unused] = [0, 0];
  for (let unit = 0; unit < units; unit++) {
    if (restart > 0 && unit > 0 && unit % restart === 0) unused += bits.toRestart();
    for (const { blocks, dc, ac } of parts) {
      for (let block = 0; block < blocks; block++) {
        if (bits.isEnded || !walkBlock(bits, dc, ac)) missing += 1;
      }
    }
  }
  const end = bits.toMarker();
  return { missing, unused: unused + end.unused, end: end.at };
}

/** @returns false when the data end within the block or make no sense */
function walkBlock(bits: Bits, dc: HuffmanTable, ac: HuffmanTable): boolean {
  const size = bits.code(dc);
  if (size < 0) return false;
  bits.skip(size);
  for (let coefficient = 1; coefficient < 64; coefficient++) {
    const code = bits.code(ac);
    if (code < 0) return false;
    const length = code & 15;
    if (length === 0 && code !== 0xf0) break;
    coefficient += code >> 4;
    bits.skip(length);
  }
  return !bits.isEnded;
}

/** By the next 16 bits: the value, and in the upper bits how long its code is; 0 where there is no such code. */
type HuffmanTable = Uint16Array;

function readTables(segment: Uint8Array, tables: Map<number, HuffmanTable>): void {
  let at = 0;
  while (at + 17 <= segment.length) {
    const table = new Uint16Array(65_536);
    const key = segment[at];
    let [value, code] = [at + 17, 0];
    for (let length = 1; length <= 16; length++) {
      for (let i = 0; i < segment[at + length]; i++, value++, code++) {
        const first = code << (16 - length);
        table.fill((length << 8) | segment[value], first, first + (1 << (16 - length)));
      }
      code <<= 1;
    }
    tables.set(key, table);
    at = value;
  }
}

/** The bits of a scan, stuffed zeros taken out, up to the next marker. */
class Bits {
  isEnded = false;
  #held = 0;
  #count = 0;
  #past = 0;

  constructor(
    readonly file: Uint8Array,
    public at: number,
  ) {}

  code(table: HuffmanTable): number {
    this.#fill();
    const found = table[(this.#held >>> (this.#count - 16)) & 0xffff];
    if (found === 0) {
      this.isEnded = true;
      return -1;
    }
    this.#take(found >> 8);
    return this.isEnded ? -1 : found & 0xff;
  }

  skip(bits: number): void {
    this.#fill();
    this.#take(bits);
  }

  /** @returns bytes that were left before the restart marker */
  toRestart(): number {
    const { unused, at } = this.toMarker();
    const marker = this.file[at + 1];
    this.isEnded = !(marker >= 0xd0 && marker <= 0xd7);
    if (!this.isEnded) this.at = at + 2;
    [this.#held, this.#count, this.#past] = [0, 0, 0];
    return unused;
  }

  /** Where the next marker stands, or the file's end, and how many bytes lie before it unused. */
  toMarker(): { at: number; unused: number } {
    let at = this.at;
    let unused = Math.max(0, Math.floor(this.#count / 8) - this.#past);
    while (at < this.file.length && !this.#isMarker(at)) {
      at += 1;
      unused += 1;
    }
    return { at, unused };
  }

  /** At least 16 bits, zeros past the end: 16 are looked at whatever a code's length. */
  #fill(): void {
    while (this.#count < 16) {
      let byte = 0;
      if (this.at >= this.file.length || this.#isMarker(this.at)) this.#past += 1;
      else {
        byte = this.file[this.at];
        this.at += byte === 0xff ? 2 : 1;
      }
      this.#held = ((this.#held << 8) | byte) & 0xffffff;
      this.#count += 8;
    }
  }

  #take(bits: number): void {
    this.#count -= bits;
    if (this.#count < 8 * this.#past) this.isEnded = true;
  }

  #isMarker(at: number): boolean {
    return this.file[at] === 0xff && this.file[at + 1] !== 0;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}
