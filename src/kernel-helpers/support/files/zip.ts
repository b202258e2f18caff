import { inflateRawSync } from "node:zlib";
import { CamlabError, messageOf } from "../errors.js";

/** A file inside an archive. */
export interface ArchiveEntry {
  readonly name: string;
  /** Bytes when unpacked, as the archive says. */
  readonly size: number;
  /**
   * Its content: a view of the archive's own bytes where they are stored as they are.
   *
   * @throws CamlabError when the archive is damaged
   */
  bytes(): Uint8Array;
}

/** No file of an archive that camlab reads is larger when unpacked. */
const LARGEST = 2 ** 31;

const [END, END_64, LOCATOR_64, CENTRAL, LOCAL] = [0x06054b50, 0x06064b50, 0x07064b50, 0x02014b50, 0x04034b50];

/** Whether bytes begin as a ZIP archive does. */
export function isZip(head: Uint8Array): boolean {
  return head.length >= 4 && viewOf(head).getUint32(0, true) === LOCAL;
}

/**
 * The files of a ZIP archive (PyTorch's files, Python's wheels), stored or deflated, as its directory at the end lists
 * them. Nothing is written anywhere, so that names that lead elsewhere do no harm.
 *
 * @param path what the archive is called, for messages
 * @throws CamlabError when it is no archive, is cut off, or is packed in another way
 * @example
 * const entry = readZip(bytes, "model.pth").find(({ name }) => name.endsWith("/data.pkl"));
 */
export function readZip(bytes: Uint8Array, path: string): ArchiveEntry[] {
  const view = viewOf(bytes);
  const damaged = (why: string) => new CamlabError(`cannot read ${path}: ${why}; it may be cut off: get it again`);
  try {
    const { count, start } = directoryOf(view, damaged);
    const entries: ArchiveEntry[] = [];
    let at = start;
    for (let i = 0; i < count; i++) {
      if (view.getUint32(at, true) !== CENTRAL) throw damaged("its list of files is damaged");
      const [names, extras, comments] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
      const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + names));
      const method = view.getUint16(at + 10, true);
      const sizes = longSizes(view, at, at + 46 + names, extras);
      if (sizes.size > LARGEST) throw damaged(`${name} would be ${sizes.size} bytes large`);
      entries.push({ name, size: sizes.size, bytes: () => unpacked(bytes, { name, method, ...sizes }, damaged) });
      at += 46 + names + extras + comments;
    }
    return entries;
  } catch (error) {
    if (error instanceof CamlabError) throw error;
    throw damaged(`it is no whole ZIP archive (${messageOf(error)})`);
  }
}

interface Place {
  readonly size: number;
  readonly packed: number;
  readonly offset: number;
}

type Damaged = (why: string) => CamlabError;

function directoryOf(view: DataView, damaged: Damaged): { count: number; start: number } {
  let end = view.byteLength - 22;
  const first = Math.max(0, end - 0xffff);
  while (end >= first && view.getUint32(end, true) !== END) end--;
  if (end < first) throw damaged("the list of files at its end is missing");
  const short = { count: view.getUint16(end + 10, true), start: view.getUint32(end + 16, true) };
  const isLong = end >= 20 && view.getUint32(end - 20, true) === LOCATOR_64;
  if (!isLong) return short;
  const long = Number(view.getBigUint64(end - 12, true));
  if (view.getUint32(long, true) !== END_64) throw damaged("the list of files at its end is damaged");
  return { count: Number(view.getBigUint64(long + 32, true)), start: Number(view.getBigUint64(long + 48, true)) };
}

/** Sizes past 4 GiB stand in an extra field, those of the three that did not fit, in this order. */
function longSizes(view: DataView, at: number, extra: number, length: number): Place {
  const sizes = [24, 20, 42].map((offset) => view.getUint32(at + offset, true));
  for (let field = extra; field + 4 <= extra + length; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue;
    let long = field + 4;
    sizes.forEach((size, i) => {
      if (size !== 0xffffffff) return;
      sizes[i] = Number(view.getBigUint64(long, true));
      long += 8;
    });
  }
  const [size, packed, offset] = sizes;
  return { size, packed, offset };
}

function unpacked(
  bytes: Uint8Array,
  { name, method, size, packed, offset }: Place & { readonly name: string; readonly method: number },
  damaged: Damaged,
): Uint8Array {
  const view = viewOf(bytes);
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== LOCAL)
    throw damaged(`${name} is not in its place`);
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + packed > bytes.length) throw damaged(`${name} is not all there`);
  const stored = bytes.subarray(start, start + packed);
  if (method === 0) return stored;
  if (method !== 8) throw damaged(`${name} is packed in a way (${method}) that camlab does not read`);
  try {
    const content = inflateRawSync(stored, { maxOutputLength: Math.max(1, size) });
    if (content.length === size) return content;
  } catch (error) {
    throw damaged(`${name} cannot be unpacked (${messageOf(error)})`);
  }
  throw damaged(`${name} is not as long as the archive says`);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
