import { CamlabError } from "../../support/errors.js";
import type { PackedRow } from "../image.js";
import { LARGEST_PACKED } from "./packed-image.js";
import { openParquet, type ParquetFile } from "./parquet-file.js";

/** Rows that are read at once from a file that says where its pages are; else it is a row group. */
const BLOCK = 32;
/** Blocks that are kept: the one that is being used, the one that follows, and one that is not yet done with. */
const KEPT = 3;
/** A row group without an index of its pages is read whole; one larger than this is not. */
const LARGEST_GROUP = 2 ** 30;

const blocks = new Map<string, Promise<readonly unknown[]>>();

/**
 * The bytes of an image in a Parquet file.
 *
 * @throws CamlabError when there is none in that row, or the file is damaged there
 */
export async function readRow({ pack, column, row }: PackedRow): Promise<Uint8Array> {
  const file = await openParquet(pack);
  const { start, end } = blockOf(file, column, row);
  const rows = await keptBlock(`${file.key}\n${column}\n${start}`, () => file.values(column, start, end));
  const value = rows[row - start];
  const bytes = value !== null && typeof value === "object" && "bytes" in value ? value.bytes : value;
  if (!(bytes instanceof Uint8Array)) throw new CamlabError(`there are no bytes in that row${pathIn(value)}`);
  if (bytes.length > LARGEST_PACKED) throw new CamlabError(`it takes ${bytes.length} bytes, more than a picture has`);
  return bytes;
}

/** Data sets that were not embedded hold the paths of somebody's files. */
function pathIn(value: unknown): string {
  const isPath = value !== null && typeof value === "object" && "path" in value && value.path;
  return isPath ? ", only a path: write the data set with its images inside" : "";
}

function blockOf({ groups }: ParquetFile, column: string, row: number): { start: number; end: number } {
  const group = groups.find(({ start, end }) => row >= start && row < end);
  if (!group) throw new CamlabError(`there is no row ${row}`);
  if (group.isIndexed(column)) {
    const start = group.start + Math.floor((row - group.start) / BLOCK) * BLOCK;
    return { start, end: Math.min(start + BLOCK, group.end) };
  }
  const bytes = group.bytesOf(column);
  if (bytes > LARGEST_GROUP) {
    throw new CamlabError(
      `its row group takes ${bytes} bytes and has no index of its pages: write the file with row groups of some hundred rows`,
    );
  }
  return group;
}

function keptBlock(key: string, read: () => Promise<readonly unknown[]>): Promise<readonly unknown[]> {
  const known = blocks.get(key);
  if (known) return known;
  const reading = read();
  blocks.set(key, reading);
  reading.catch(() => blocks.delete(key));
  for (const old of blocks.keys()) if (blocks.size > KEPT) blocks.delete(old);
  return reading;
}
