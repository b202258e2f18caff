// The one door to hyparquet.
import { stat } from "node:fs/promises";
import type { FileMetaData } from "hyparquet";
import { CamlabError, messageOf } from "../../support/errors.js";

/** A Parquet file that is open. */
export interface ParquetFile {
  /** Changes when the file does. */
  readonly key: string;
  readonly rows: number;
  readonly metadata: FileMetaData;
  readonly groups: readonly RowGroup[];
  /** The values of a column in the rows from `start` up to `end`; bytes stay bytes. */
  values(column: string, start: number, end: number): Promise<readonly unknown[]>;
}

/** Rows that were written together. */
export interface RowGroup {
  readonly start: number;
  readonly end: number;
  /** Whether the file says where the pages of a column are, so that some can be read without the others. */
  isIndexed(column: string): boolean;
  bytesOf(column: string): number;
}

const OPEN_AT_ONCE = 4;
const opened = new Map<string, Promise<ParquetFile>>();

/**
 * Opens a Parquet file; a few stay open.
 *
 * @throws CamlabError when it is none, or damaged
 */
export async function openParquet(path: string): Promise<ParquetFile> {
  const { mtimeMs, size, ino } = await stat(path);
  const key = [path, mtimeMs, size, ino].join("\n");
  const known = opened.get(key);
  if (known) return known;
  const opening = open(path, key);
  opened.set(key, opening);
  opening.catch(() => opened.delete(key));
  for (const old of opened.keys()) if (opened.size > OPEN_AT_ONCE) opened.delete(old);
  return opening;
}

async function open(path: string, key: string): Promise<ParquetFile> {
  const [{ asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    throw new CamlabError(`it is no Parquet file, or cut short (${saidBy(error)})`, { cause: error });
  });
  checkMetadata(metadata, file.byteLength);
  return {
    key,
    metadata,
    rows: Number(metadata.num_rows),
    groups: groupsOf(metadata),
    async values(column, rowStart, rowEnd) {
      const range = { rowStart, rowEnd, columns: [column], utf8: false, useOffsetIndex: true };
      try {
        const rows = await parquetReadObjects({ file, metadata, compressors, ...range });
        return rows.map((row) => row[column] as unknown);
      } catch (error) {
        throw new CamlabError(`${path} is damaged in rows ${rowStart} to ${rowEnd - 1} (${saidBy(error)})`, {
          cause: error,
        });
      }
    },
  };
}

/** What a decoder trips over in damaged bytes is no word for people. */
function saidBy(error: unknown): string {
  const said = messageOf(error);
  const isForPeople = [TypeError, RangeError, SyntaxError].every((kind) => !(error instanceof kind));
  return isForPeople && !/undefined|NaN/.test(said) ? said : "what it says of itself does not fit together";
}

/**
 * A count of rows that nothing bears out would be believed in memory.
 *
 * @throws CamlabError for lists that are missing, and rows that the file cannot hold
 */
function checkMetadata({ num_rows, row_groups, schema }: FileMetaData, bytes: number): void {
  const lists = [row_groups, schema, ...(row_groups ?? []).map(({ columns }) => columns)];
  if (!lists.every(Array.isArray)) throw new CamlabError("it is damaged: what it says of its columns is not there");
  const counts = [num_rows, ...row_groups.map((group) => group.num_rows)].map(Number);
  const [rows, ...parts] = counts;
  const isCounted = counts.every((count) => Number.isSafeInteger(count) && count >= 0);
  if (!isCounted || rows !== parts.reduce((sum, count) => sum + count, 0) || rows > 8 * bytes)
    throw new CamlabError(`it is damaged: its ${bytes} bytes are said to hold ${rows} rows, in ${parts.length} groups`);
}

function groupsOf({ row_groups }: FileMetaData): RowGroup[] {
  let start = 0;
  return row_groups.map((group) => {
    const chunks = (column: string) => group.columns.filter(({ meta_data }) => meta_data?.path_in_schema[0] === column);
    const own = { start, end: start + Number(group.num_rows) };
    start = own.end;
    return {
      ...own,
      isIndexed: (column) => chunks(column).every(({ offset_index_offset }) => offset_index_offset !== undefined),
      bytesOf: (column) =>
        chunks(column).reduce((sum, { meta_data }) => sum + Number(meta_data?.total_compressed_size ?? 0), 0),
    };
  });
}
