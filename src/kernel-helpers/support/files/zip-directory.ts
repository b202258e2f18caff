// The list of files at the end of a ZIP archive, ZIP64 too: what lies where. Nobody reads the archive here.
import { CamlabError } from "../errors.js";

/** A file as the list of an archive names it. */
export interface ListedFile {
  /** With slashes; of a folder it ends in one. */
  readonly name: string;
  readonly flags: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly start: number;
}

/** Where the list lies in the archive, and how many files it names. */
export interface DirectoryPlace {
  readonly start: number;
  readonly length: number;
  readonly count: number;
}

/** The list's own place stands within so many bytes from an archive's end. */
export const TAIL_SIZE = 22 + 65_535;
/** The record of large archives that says where the list lies. */
export const WIDE_SIZE = 56;
/** What stands before each file's name and bytes. */
export const LOCAL_SIZE = 30;

const [END, END_SIZE] = [0x06054b50, 22];
const [END64, LOCATOR64] = [0x06064b50, 0x07064b50];
const [ENTRY, ENTRY_SIZE] = [0x02014b50, 46];
const LOCAL = 0x04034b50;

/** Whether bytes begin as a ZIP archive of at least one file does. */
export function isZip(head: Uint8Array): boolean {
  return head.length >= 4 && bufferOf(head).readUInt32LE(0) === LOCAL;
}

/**
 * Where the list lies, by an archive's last bytes.
 *
 * @param tail the last `TAIL_SIZE` bytes, or all there are
 * @returns undefined when they are no archive's; `wide`: where the record of a large archive lies, which knows better
 */
export function directoryAt(tail: Buffer): (DirectoryPlace & { readonly wide?: number }) | undefined {
  let at = tail.length - END_SIZE;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at -= 1;
  if (at < 0) return undefined;
  const locator = at - 20;
  const isWide = locator >= 0 && tail.readUInt32LE(locator) === LOCATOR64;
  return {
    count: tail.readUInt16LE(at + 10),
    length: tail.readUInt32LE(at + 12),
    start: tail.readUInt32LE(at + 16),
    ...(isWide && { wide: Number(tail.readBigUInt64LE(locator + 8)) }),
  };
}

/**
 * Where the list of a large archive lies.
 *
 * @param record `WIDE_SIZE` bytes
 * @returns undefined when it is no such record
 */
export function wideDirectoryAt(record: Buffer): DirectoryPlace | undefined {
  if (record.length < WIDE_SIZE || record.readUInt32LE(0) !== END64) return undefined;
  const [count, length, start] = [32, 40, 48].map((field) => Number(record.readBigUInt64LE(field)));
  return { count, length, start };
}

/**
 * The files of an archive, folders among them, in the list's order.
 *
 * @throws CamlabError when the list is damaged
 */
export function listedFiles(directory: Buffer): ListedFile[] {
  const files: ListedFile[] = [];
  for (let at = 0; at + ENTRY_SIZE <= directory.length;) {
    if (directory.readUInt32LE(at) !== ENTRY) throw new CamlabError("its directory is damaged");
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
    const behind = at + ENTRY_SIZE + nameLength;
    const flags = directory.readUInt16LE(at + 8);
    files.push({
      name: nameIn(directory.subarray(at + ENTRY_SIZE, behind), flags),
      flags,
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      ...wideSizes(directory.subarray(behind, behind + extraLength), {
        size: directory.readUInt32LE(at + 24),
        packedSize: directory.readUInt32LE(at + 20),
        start: directory.readUInt32LE(at + 42),
      }),
    });
    at = behind + extraLength + commentLength;
  }
  return files;
}

/**
 * How many bytes stand before the content of a file, its local header included.
 *
 * @param header `LOCAL_SIZE` bytes
 * @returns undefined when no local header is there
 */
export function bytesBeforeContent(header: Buffer): number | undefined {
  if (header.length < LOCAL_SIZE || header.readUInt32LE(0) !== LOCAL) return undefined;
  return LOCAL_SIZE + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/** The same bytes as a Buffer; nothing is copied. */
export function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

type Sizes = Pick<ListedFile, "size" | "packedSize" | "start">;

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

/** Names without the flag for UTF-8 are often UTF-8 all the same. */
function nameIn(bytes: Buffer, flags: number): string {
  const isUtf8 = (flags & 0x800) !== 0 || Buffer.from(bytes.toString("utf8"), "utf8").equals(bytes);
  return bytes.toString(isUtf8 ? "utf8" : "latin1").replaceAll("\\", "/");
}
