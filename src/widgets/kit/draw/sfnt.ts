/** A TrueType or OpenType font inside its file; a collection holds several. */
export interface SfntFace {
  /** Where each table lies in the file, by its tag. */
  readonly tables: ReadonlyMap<string, { readonly offset: number; readonly length: number }>;
}

/** The bytes of a file from `offset` on; fewer than `length` where the file ends. */
export type ReadBytes = (offset: number, length: number) => Buffer;

/**
 * The faces of a font file: one, or as many as the collection holds; none when it is no font.
 *
 * @param read gives bytes of the file, so that a font of 20 MB is not read for its table of characters
 */
export function facesOf(read: ReadBytes): SfntFace[] {
  const start = read(0, 12);
  if (start.length < 12) return [];
  if (start.toString("latin1", 0, 4) !== "ttcf") return faceAt(read, 0);
  const count = Math.min(start.readUInt32BE(8), MOST_FACES);
  const offsets = read(12, 4 * count);
  return Array.from({ length: Math.floor(offsets.length / 4) }, (_, i) => offsets.readUInt32BE(4 * i)).flatMap(
    (offset) => faceAt(read, offset),
  );
}

const MOST_FACES = 64;
const SIGNATURES: readonly number[] = [0x00010000, 0x4f54544f, 0x74727565]; // TrueType, "OTTO", "true"

function faceAt(read: ReadBytes, offset: number): SfntFace[] {
  const header = read(offset, 12);
  if (header.length < 12 || !SIGNATURES.includes(header.readUInt32BE(0))) return [];
  const records = read(offset + 12, 16 * Math.min(header.readUInt16BE(4), 200));
  const tables = new Map<string, { offset: number; length: number }>();
  for (let at = 0; at + 16 <= records.length; at += 16) {
    const tag = records.toString("latin1", at, at + 4);
    tables.set(tag, { offset: records.readUInt32BE(at + 8), length: records.readUInt32BE(at + 12) });
  }
  return [{ tables }];
}

/**
 * The glyph of each character that a face has, by code point.
 *
 * @returns a function: the number of the glyph; 0 for a character that the face lacks
 */
export function glyphsOf(read: ReadBytes, { tables }: SfntFace): (codePoint: number) => number {
  const table = tables.get("cmap");
  if (!table || table.length > LARGEST_CMAP) return () => 0;
  const cmap = read(table.offset, table.length);
  if (cmap.length < 4) return () => 0;
  const found = subtables(cmap);
  const all = found.find(({ format }) => format === 12);
  if (all) return segmented(cmap, all.offset);
  const basic = found.find(({ format }) => format === 4);
  return basic ? basicPlane(cmap, basic.offset) : () => 0;
}

const LARGEST_CMAP = 8 * 2 ** 20;

/** Those that speak Unicode. */
function subtables(cmap: Buffer): { readonly format: number; readonly offset: number }[] {
  const found: { format: number; offset: number }[] = [];
  for (let i = 0, at = 4; i < cmap.readUInt16BE(2) && at + 8 <= cmap.length; i++, at += 8) {
    const [platform, encoding, offset] = [cmap.readUInt16BE(at), cmap.readUInt16BE(at + 2), cmap.readUInt32BE(at + 4)];
    const unicode = platform === 0 ? encoding !== 5 : platform === 3 && (encoding === 1 || encoding === 10);
    if (unicode && offset + 16 <= cmap.length) found.push({ format: cmap.readUInt16BE(offset), offset });
  }
  return found;
}

/** Format 12: groups of consecutive characters with consecutive glyphs, in order. */
function segmented(cmap: Buffer, offset: number): (codePoint: number) => number {
  const count = Math.min(cmap.readUInt32BE(offset + 12), Math.floor((cmap.length - offset - 16) / 12));
  return (codePoint) => {
    let [low, high] = [0, count - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const at = offset + 16 + 12 * middle;
      if (codePoint < cmap.readUInt32BE(at)) high = middle - 1;
      else if (codePoint > cmap.readUInt32BE(at + 4)) low = middle + 1;
      else return cmap.readUInt32BE(at + 8) + codePoint - cmap.readUInt32BE(at);
    }
    return 0;
  };
}

/** Format 4: segments of the first 65,536 characters, each with an offset to its glyphs or a list of them. */
function basicPlane(cmap: Buffer, offset: number): (codePoint: number) => number {
  const doubled = cmap.readUInt16BE(offset + 6);
  const [ends, starts] = [offset + 14, offset + 16 + doubled];
  if (starts + 3 * doubled > cmap.length) return () => 0;
  return (codePoint) => {
    if (codePoint > 0xffff) return 0;
    for (let at = 0; at < doubled; at += 2) {
      if (codePoint > cmap.readUInt16BE(ends + at)) continue;
      const start = cmap.readUInt16BE(starts + at);
      if (codePoint < start) return 0;
      const delta = cmap.readUInt16BE(starts + doubled + at);
      const listed = starts + 2 * doubled + at;
      const range = cmap.readUInt16BE(listed);
      if (range === 0) return (codePoint + delta) & 0xffff;
      const place = listed + range + 2 * (codePoint - start);
      const glyph = place + 2 <= cmap.length ? cmap.readUInt16BE(place) : 0;
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}

/**
 * How far each glyph of a face moves the pen, in ems.
 *
 * @returns a function of a glyph's number
 */
export function advancesOf(read: ReadBytes, { tables }: SfntFace): (glyph: number) => number {
  const [head, hhea, hmtx] = ["head", "hhea", "hmtx"].map((tag) => tables.get(tag));
  if (!head || !hhea || !hmtx) return () => 0;
  const unitsPerEm = read(head.offset + 18, 2).readUInt16BE(0);
  const count = read(hhea.offset + 34, 2).readUInt16BE(0);
  const metrics = read(hmtx.offset, 4 * count);
  return (glyph) => metrics.readUInt16BE(4 * Math.min(glyph, count - 1)) / unitsPerEm;
}
