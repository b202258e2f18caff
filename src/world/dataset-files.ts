import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { checkRegular, readRegular } from "../kernel-helpers/support/files/read-regular.js";
import { messageOf } from "../kernel-helpers/support/errors.js";
import { csvText, parseCsv } from "../kernel-helpers/support/files/csv.js";
import { writeWhole } from "../kernel-helpers/support/write-file.js";
import type { DrawingRecord, Manifest } from "./dataset-record.js";

/** The list of a data set's files, within it. */
const LIST = "files.csv";
/** Files that are looked at together. */
const AT_ONCE = 64;

/** How many files a data set has beside its manifest and their list, and their bytes together. */
export type FileTotals = NonNullable<Manifest["files"]>;

/** Writes the list of a data set's files: each path within the folder, and its bytes. */
export async function listFiles(folder: string, paths: readonly string[]): Promise<FileTotals> {
  const rows: [string, number][] = [];
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const group = paths.slice(at, at + AT_ONCE);
    const sizes = await Promise.all(group.map(async (path) => (await stat(join(folder, path))).size));
    group.forEach((path, i) => rows.push([path, sizes[i]]));
  }
  await writeWhole(join(folder, LIST), csvText([["file", "bytes"], ...rows]));
  return { count: rows.length, bytes: rows.reduce((sum, [, bytes]) => sum + bytes, 0) };
}

/**
 * What is wrong with a data set on disk: the first file that is missing or has another size than it was written with.
 * Nothing when it is whole. Files that were added are nobody's business.
 */
export async function faultOf(folder: string, manifest: Manifest): Promise<string | undefined> {
  if (!manifest.files) return faultByRecords(folder, manifest);
  const { count, bytes } = manifest.files;
  let rows: { path: string; size: number }[];
  try {
    const [, ...lines] = parseCsv((await readRegular(join(folder, LIST))).toString("utf8"));
    rows = lines.map(([path = "", size = ""]) => ({ path, size: Number(size) }));
  } catch (error) {
    return `${LIST}: ${messageOf(error)}`;
  }
  const sum = rows.reduce((total, { size }) => total + size, 0);
  if (rows.length !== count || sum !== bytes) return `${LIST} lists ${rows.length} of ${count} files`;
  return firstFault(folder, rows);
}

/** Data sets of camlab 0.1 have no list of their files. */
async function faultByRecords(folder: string, { counts }: Manifest): Promise<string | undefined> {
  const rows: { path: string }[] = [];
  try {
    await checkRegular(join(folder, "records.jsonl"));
    const lines = createInterface({ input: createReadStream(join(folder, "records.jsonl"), "utf8") });
    for await (const line of lines) if (line) rows.push({ path: `images/${(JSON.parse(line) as DrawingRecord).file}` });
  } catch (error) {
    return `records.jsonl: ${messageOf(error)}`;
  }
  const total = counts.train + counts.val + counts.test;
  if (rows.length !== total) return `records.jsonl holds ${rows.length} of ${total} pictures`;
  return firstFault(folder, rows);
}

async function firstFault(
  folder: string,
  rows: readonly { readonly path: string; readonly size?: number }[],
): Promise<string | undefined> {
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const group = rows.slice(at, at + AT_ONCE);
    const sizes = await Promise.all(
      group.map(({ path }) =>
        stat(join(folder, path)).then(
          ({ size }) => size,
          () => undefined,
        ),
      ),
    );
    for (const [i, { path, size }] of group.entries()) {
      const found = sizes[i];
      if (found === undefined) return `${path} is missing`;
      if (size === undefined ? found === 0 : found !== size) {
        return `${path} has ${found} bytes${size === undefined ? "" : ` instead of ${size}`}`;
      }
    }
  }
  return undefined;
}
