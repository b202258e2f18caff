// Writes sequential JPEG files of random Huffman codes (ITU-T T.81, annexes B, C and F): blocks that mean nothing, whose
// number and place is known.

/** Uniform numbers below a limit. */
export type Whole = (limit: number) => number;

/** A table: for each value the bits of its code. */
interface Codes {
  readonly segment: readonly number[];
  readonly codes: ReadonlyMap<number, string>;
}

/** What is written. */
export interface JpegKind {
  readonly width: number;
  readonly height: number;
  /** Of each component, how finely it is sampled across and down. */
  readonly sampling: readonly (readonly [across: number, down: number])[];
  /** The components of each scan, by their place. */
  readonly scans: readonly (readonly number[])[];
  /** Units from one restart marker to the next; 0 for none. */
  readonly restart: number;
  /** The file has data for so many blocks of its last scan only. */
  readonly blocksOfLast?: number;
}

/** The file, how many blocks it should have, and how many bytes the data of its last scan take. */
export interface WrittenJpeg {
  readonly bytes: Uint8Array;
  readonly blocks: number;
  readonly blocksOfLast: number;
  readonly lastStart: number;
  readonly lastEnd: number;
}

/** Canonical codes (annex C) of lengths that leave the code of all ones free. */
function codesOf(values: readonly number[], id: number, whole: Whole): Codes {
  const counts = new Array<number>(17).fill(0);
  // Shorter codes first; the last length has room for all that are left.
  let [left, room, length] = [values.length, 1, 0];
  while (left > 0) {
    length += 1;
    room *= 2;
    const isEnough = room - 1 >= left;
    const most = isEnough && (length >= 7 || whole(2) === 0) ? left : Math.min(left, Math.floor((room - 1) / 4));
    counts[length] = most;
    left -= most;
    room -= most;
  }
  const codes = new Map<number, string>();
  let [code, next] = [0, 0];
  for (let bits = 1; bits <= 16; bits++) {
    for (let i = 0; i < counts[bits]; i++) codes.set(values[next++], (code++).toString(2).padStart(bits, "0"));
    code *= 2;
  }
  return { segment: [id, ...counts.slice(1), ...values], codes };
}

/** Bits as bytes, the last filled with ones, zeros stuffed behind 0xFF. */
function dataOf(bits: string): number[] {
  const padded = bits.padEnd(8 * Math.ceil(bits.length / 8), "1");
  const bytes = (padded.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2));
  return bytes.flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte]));
}

export function writtenJpeg(kind: JpegKind, whole: Whole): WrittenJpeg {
  const { width, height, sampling, scans, restart } = kind;
  const word = (value: number) => [value >> 8, value & 255];
  const segment = (marker: number, content: readonly number[]) => [
    0xff,
    marker,
    ...word(content.length + 2),
    ...content,
  ];
  const dc = [codesOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 0x00, whole), codesOf([3, 0, 11], 0x01, whole)];
  const acValues = [0x00, 0xf0, ...Array.from({ length: 60 }, (_, i) => ((i % 15) << 4) | (1 + (i % 10)))];
  const ac = [codesOf([...new Set(acValues)], 0x10, whole), codesOf([0x00, 0x01, 0x11, 0xf0, 0x7a], 0x11, whole)];
  const widest = Math.max(...sampling.map(([across]) => across));
  const tallest = Math.max(...sampling.map(([, down]) => down));
  const out: number[] = [0xff, 0xd8, ...segment(0xe0, [1, 2, 3])];
  out.push(...segment(0xc4, [...dc[0].segment, ...ac[0].segment]), ...segment(0xc4, dc[1].segment));
  out.push(...segment(0xc4, ac[1].segment));
  out.push(
    ...segment(0xc0, [
      ...[8, ...word(height), ...word(width), sampling.length],
      ...sampling.flatMap(([across, down], i) => [i + 1, (across << 4) | down, 0]),
    ]),
  );
  if (restart > 0) out.push(...segment(0xdd, word(restart)));
  const bitsOf = (count: number) => Array.from({ length: count }, () => whole(2)).join("");
  const block = (table: number) => {
    const size = [...dc[table].codes.keys()][whole(dc[table].codes.size)];
    let bits = dc[table].codes.get(size)! + bitsOf(size);
    let coefficient = 1;
    while (coefficient < 64) {
      const values = [...ac[table].codes.keys()];
      const value = whole(4) === 0 ? 0x00 : values[whole(values.length)];
      if (value !== 0 && coefficient + (value >> 4) > 63) continue;
      bits += ac[table].codes.get(value)! + bitsOf(value & 15);
      if (value === 0) break;
      coefficient += (value >> 4) + 1;
    }
    return bits;
  };
  let [blocks, blocksOfLast, lastStart, lastEnd] = [0, 0, 0, 0];
  scans.forEach((members, index) => {
    const isLast = index === scans.length - 1;
    const tables = members.map(() => whole(2));
    out.push(...segment(0xda, [members.length, ...members.flatMap((i, k) => [i + 1, tables[k] * 0x11]), 0, 63, 0]));
    const isAlone = members.length === 1;
    const [across, down] = sampling[members[0]];
    const units = isAlone
      ? Math.ceil(Math.ceil((width * across) / widest) / 8) * Math.ceil(Math.ceil((height * down) / tallest) / 8)
      : Math.ceil(width / (8 * widest)) * Math.ceil(height / (8 * tallest));
    lastStart = out.length;
    let [bits, inScan] = ["", 0];
    for (let unit = 0; unit < units; unit++) {
      if (restart > 0 && unit > 0 && unit % restart === 0 && (!isLast || kind.blocksOfLast === undefined)) {
        out.push(...dataOf(bits), 0xff, 0xd0 + ((unit / restart - 1) % 8));
        bits = "";
      }
      members.forEach((i, k) => {
        for (let b = 0; b < (isAlone ? 1 : sampling[i][0] * sampling[i][1]); b++) {
          if (!isLast || kind.blocksOfLast === undefined || inScan < kind.blocksOfLast) bits += block(tables[k]);
          inScan += 1;
        }
      });
    }
    out.push(...dataOf(bits));
    lastEnd = out.length;
    blocks += inScan;
    blocksOfLast = inScan;
  });
  out.push(0xff, 0xd9);
  return { bytes: Uint8Array.from(out), blocks, blocksOfLast, lastStart, lastEnd };
}
