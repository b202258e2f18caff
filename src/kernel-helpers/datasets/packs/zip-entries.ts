import { LARGEST_PACKED } from "../../images/packed/packed-image.js";
import { CamlabError } from "../../support/errors.js";
import type { ArchiveBytes } from "../../support/files/archive-bytes.js";
import {
  directoryAt,
  type DirectoryPlace,
  type ListedFile,
  listedFiles,
  TAIL_SIZE,
  WIDE_SIZE,
  wideDirectoryAt,
} from "../../support/files/zip-directory.js";
import { openArchive } from "./open-archive.js";

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

/** A directory larger than this is that of no set of pictures. */
const LARGEST_DIRECTORY = 2 ** 30;

/**
 * The files of a zip archive, as its directory lists them: ZIP64 too, folders passed over. What is to be mistrusted is
 * said: entries that share their bytes with others, or unfold to more than a picture has.
 *
 * @throws CamlabError when it has no directory: cut short, or no zip archive
 */
export async function zipEntries(path: string): Promise<ZipEntry[]> {
  await using archive = await openArchive(path);
  const { start, length } = await placeOf(archive);
  if (length > LARGEST_DIRECTORY || start + length > archive.size) throw new CamlabError("its directory is damaged");
  const files = listedFiles(await archive.bytesAt(start, length)).filter(({ name }) => !name.endsWith("/"));
  return withOverlaps(files.map(entryOf), start);
}

async function placeOf({ size, bytesAt }: ArchiveBytes): Promise<DirectoryPlace> {
  const tailStart = Math.max(0, size - TAIL_SIZE);
  const place = directoryAt(await bytesAt(tailStart, size - tailStart));
  if (!place) throw new CamlabError("it is no zip archive, or cut short: its directory is not there");
  return (place.wide === undefined ? undefined : wideDirectoryAt(await bytesAt(place.wide, WIDE_SIZE))) ?? place;
}

function entryOf({ flags, method, ...place }: ListedFile): ZipEntry {
  const reason = reasonOf(flags, method, place.size);
  return { ...place, isDeflated: method === 8, ...(reason !== undefined && { reason }) };
}

function reasonOf(flags: number, method: number, size: number): string | undefined {
  if (flags & 0x2041) return "it is encrypted: unpack it with its password first";
  if (method !== 0 && method !== 8) return `it is packed in a way that is not read (method ${method})`;
  return size > LARGEST_PACKED
    ? `it would unfold to ${size} bytes: more than a picture has, perhaps a zip bomb`
    : undefined;
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
