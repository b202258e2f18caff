// Rows that are read again and again: their numbers alone, one after the other, as float32 or float16.
import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { CamlabError, invalid } from "../../support/errors.js";
import { halfToNumbers, LARGEST_HALF, numbersToHalf } from "../../support/half-float.js";
import { makeFolder } from "../../support/make-folder.js";
import { writeWhole } from "../../support/write-file.js";

/** How numbers are kept: float16 takes half the room, with 11 bits of each number. */
export type RowStorage = "float32" | "float16";

/** Rows on disk. */
export interface RowFile extends AsyncDisposable {
  readonly rows: number;
  readonly columns: number;
  /**
   * The rows from `start` on, as many as `into` holds or are left.
   *
   * @returns how many rows were read
   */
  read(start: number, into: Float32Array): Promise<number>;
}

/** What stands beside the numbers. */
export interface RowsAbout<Extra> {
  readonly version: 1;
  /** Stands for what the rows were made of. */
  readonly key: string;
  readonly rows: number;
  readonly columns: number;
  readonly storage: RowStorage;
  readonly extra: Extra;
}

const SIZES: Readonly<Record<RowStorage, number>> = { float32: 4, float16: 2 };

/**
 * Writes rows as they come; what was written before with the same key is left as it is.
 *
 * @param source gives tables of rows, and in the end what is to be remembered of them
 * @throws CamlabError when tables have other columns than the first, hold numbers that are not finite, or none that
 * float16 can hold
 */
export async function writeRows<Extra>(
  folder: string,
  key: string,
  storage: RowStorage,
  source: () => AsyncGenerator<{ readonly columns: number; readonly data: Float32Array }, Extra>,
): Promise<RowsAbout<Extra>> {
  await makeFolder(folder);
  const known = await readAbout<Extra>(folder);
  if (known?.key === key && (await sizeOf(rowsPath(folder))) === known.rows * known.columns * SIZES[known.storage]) {
    return known;
  }
  let [rows, columns] = [0, 0];
  let extra: Extra;
  const numbers = async function* () {
    const tables = source();
    for (;;) {
      const { done, value } = await tables.next();
      if (done) {
        extra = value;
        return;
      }
      if (columns === 0) ({ columns } = value);
      if (value.columns !== columns) {
        throw new CamlabError(`after ${rows} rows of ${columns} columns come rows of ${value.columns}`);
      }
      checkNumbers(value.data, columns, rows, storage);
      const kept = storage === "float32" ? value.data : numbersToHalf(value.data);
      yield new Uint8Array(kept.buffer, kept.byteOffset, kept.byteLength);
      rows += value.data.length / columns;
    }
  };
  await writeWhole(rowsPath(folder), numbers());
  const about: RowsAbout<Extra> = { version: 1, key, rows, columns, storage, extra: extra! };
  await writeWhole(join(folder, "rows.json"), JSON.stringify(about));
  return about;
}

/** Opens rows that `writeRows` wrote. */
export async function openRows(folder: string, { rows, columns, storage }: RowsAbout<unknown>): Promise<RowFile> {
  const handle = await open(rowsPath(folder), "r");
  return {
    rows,
    columns,
    read: async (start, into) => readRows(handle, start, into, { rows, columns, storage }),
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

async function readRows(
  handle: FileHandle,
  start: number,
  into: Float32Array,
  { rows, columns, storage }: Pick<RowsAbout<unknown>, "rows" | "columns" | "storage">,
): Promise<number> {
  const count = Math.min(Math.floor(into.length / columns), rows - start);
  const values = count * columns;
  const halves = storage === "float16" ? new Uint16Array(values) : undefined;
  const target = halves ?? into.subarray(0, values);
  const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, start * columns * SIZES[storage]);
  if (bytesRead < bytes.length) throw new CamlabError("the rows on disk are cut short: remove their folder");
  if (halves) halfToNumbers(halves, into);
  return count;
}

function checkNumbers(data: Float32Array, columns: number, before: number, storage: RowStorage): void {
  const most = storage === "float16" ? LARGEST_HALF : Number.MAX_VALUE;
  for (let i = 0; i < data.length; i++) {
    if (Math.abs(data[i]) <= most) continue;
    const place = `row ${before + Math.floor(i / columns)}, column ${i % columns}`;
    throw invalid(place, data[i], storage === "float16" ? "at most 65504, for float16" : "a finite number");
  }
}

async function readAbout<Extra>(folder: string): Promise<RowsAbout<Extra> | undefined> {
  const text = await readFile(join(folder, "rows.json"), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as RowsAbout<Extra>);
}

function rowsPath(folder: string): string {
  return join(folder, "rows.bin");
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => ({ size: -1 }))).size;
}
