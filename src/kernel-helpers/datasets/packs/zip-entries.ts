import { type FileHandle, open } from "node:fs/promises";
import { LARGEST_PACKED } from "../../images/packed/packed-image.js";
import { CamlabError } from "../../support/errors.js";

/** A file in a zip archive. */
export interface ZipEntry {
  readonly name: string;
  /** Where its local header begins. */
  readonly start: number;
  readonly packedSize: number;
  readonly size: number;
  readonly crc: number;
  readonly isDeflated: boolean;
  /** Why its bytes are not read: encrypted, packed in a way that is not known, a bomb. */
  readonly reason?: string;
}

const END = 0x06054b50;
const END_SIZE = 22;
const LONGEST_COMMENT = 65_535;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const ENTRY = 0x02014b50;
const ENTRY_SIZE = 46;
/** A directory larger than this is that of no set of pictures. */
const LARGEST_DIRECTORY = 2 ** 30;

/**
 * The files of a zip archive, as its directory lists them: ZIP64 too, folders passed over. What is to be mistrusted is
 * said: entries that share their bytes with others, or unfold to more than a picture has.
 *
 * @throws CamlabError when it has no directory: cut short, or no zip archive
 */
export async function zipEntries(path: string): Promise<ZipEntry[]> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    const { start, length } = await directoryOf(handle, size);
    if (length > LARGEST_DIRECTORY || start + length > size) throw new CamlabError("its directory is damaged");
    return withOverlaps(entriesIn(await bytesAt(handle, start, length)), start);
  } finally {
    await handle.close();
  }
}

async function directoryOf(handle: FileHandle, size: number): Promise<{ start: number; length: number }> {
  const tailStart = Math.max(0, size - END_SIZE - LONGEST_COMMENT);
  const tail = await bytesAt(handle, tailStart, size - tailStart);
  let at = tail.length - END_SIZE;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at -= 1;
  if (at < 0) throw new CamlabError("it is no zip archive, or cut short: its directory is not there");
  const locator = at - 20;
  if (locator >= 0 && tail.readUInt32LE(locator) === LOCATOR64) {
    const record = await bytesAt(handle, Number(tail.readBigUInt64LE(locator + 8)), 56);
    if (record.length === 56 && record.readUInt32LE(0) === END64) {
      return { length: Number(record.readBigUInt64LE(40)), start: Number(record.readBigUInt64LE(48)) };
    }
  }
  return { length: tail.readUInt32LE(at + 12), start: tail.readUInt32LE(at + 16) };
}

function entriesIn(directory: Buffer): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at + ENTRY_SIZE <= directory.length;) {
    if (directory.readUInt32LE(at) !== ENTRY) throw new CamlabError("its directory is damaged");
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
    const extra = directory.subarray(at + ENTRY_SIZE + nameLength, at + ENTRY_SIZE + nameLength + extraLength);
    const flags = directory.readUInt16LE(at + 8);
    const bytes = directory.subarray(at + ENTRY_SIZE, at + ENTRY_SIZE + nameLength);
    const name = bytes.toString(flags & 0x800 ? "utf8" : isUtf8(bytes) ? "utf8" : "latin1").replaceAll("\\", "/");
    const method = directory.readUInt16LE(at + 10);
    const sizes = wideSizes(extra, {
      size: directory.readUInt32LE(at + 24),
      packedSize: directory.readUInt32LE(at + 20),
      start: directory.readUInt32LE(at + 42),
    });
    at += ENTRY_SIZE + nameLength + extraLength + commentLength;
    if (name.endsWith("/")) continue;
    const reason = reasonOf(flags, method, sizes.size);
    const crc = directory.readUInt32LE(at - commentLength - extraLength - nameLength - ENTRY_SIZE + 16);
    entries.push({ name, crc, isDeflated: method === 8, ...sizes, ...(reason !== undefined && { reason }) });
  }
  return entries;
}

function reasonOf(flags: number, method: number, size: number): string | undefined {
  if (flags & 0x2041) return "it is encrypted: unpack it with its password first";
  if (method !== 0 && method !== 8) return `it is packed in a way that is not read (method ${method})`;
  return size > LARGEST_PACKED
    ? `it would unfold to ${size} bytes: more than a picture has, perhaps a zip bomb`
    : undefined;
}

type Sizes = Pick<ZipEntry, "size" | "packedSize" | "start">;

/** Numbers of 32 bits that are full stand as 64 bits in the extra field 1, in this order. */
function wideSizes(extra: Buffer, sizes: Sizes): Sizes {
  const wide: Record<string, number> = { ...sizes };
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const end = Math.min(extra.length, at + 4 + extra.readUInt16LE(at + 2));
    let field = at + 4;
    for (const name of ["size", "packedSize", "start"]) {
      if (wide[name] !== 0xffffffff || field + 8 > end) continue;
      wide[name] = Number(extra.readBigUInt64LE(field));
      field += 8;
    }
  }
  return wide as unknown as Sizes;
}

/** Bytes that several entries claim are how a small archive unfolds to a large one. */
function withOverlaps(entries: readonly ZipEntry[], directory: number): ZipEntry[] {
  const overlapping = new Set<ZipEntry>();
  let furthest = 0;
  for (const entry of [...entries].sort((a, b) => a.start - b.start)) {
    const end = entry.start + 30 + entry.packedSize;
    if (entry.start < furthest || end > directory) overlapping.add(entry);
    furthest = Math.max(furthest, end);
  }
  return entries.map((entry) =>
    overlapping.has(entry) ? { ...entry, reason: entry.reason ?? "its bytes are those of another entry, too" } : entry,
  );
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString("utf8"), "utf8").equals(bytes);
}

async function bytesAt(handle: FileHandle, start: number, size: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, start);
  return buffer.subarray(0, bytesRead);
}
