import { access, constants, readFile } from "node:fs/promises";
import { dirname, extname, resolve } from "node:path";
import { csvField, parseCsv } from "../support/csv.js";
import { CamlabError, invalid, messageOf } from "../support/errors.js";
import { npyBytes, readNpy } from "../support/npy.js";
import { writeWhole } from "../support/write-file.js";
import { featuresFromArrow, featuresToArrow } from "./feature-arrow.js";
import { FeatureTable } from "./feature-table.js";
import type { FeatureRow } from "./feature-row.js";

/**
 * Writes a table of features; the file appears whole or not at all.
 *
 * - `.arrow`: everything, as `featuresToArrow`; pandas, Polars, DuckDB and R read it.
 * - `.npy`: the matrix alone, for `numpy.load`; beside it `NAME.rows.csv` names the rows.
 * - `.csv`: `file,label,split,f0,f1,…`, one row a picture.
 *
 * Pictures without features are only in the `.arrow` file.
 *
 * @throws CamlabError for another ending, and when the file cannot be written
 * @example
 * await saveFeatures(features, "features.arrow");
 */
export async function saveFeatures(table: FeatureTable, path: string): Promise<void> {
  checkEnding(path);
  if (path.endsWith(".arrow")) await writeWhole(path, featuresToArrow(table));
  else if (path.endsWith(".csv")) await writeWhole(path, csvOf(table, true));
  else {
    await writeWhole(rowsFile(path), csvOf(table, false));
    await writeWhole(path, npyBytes({ shape: [table.rows, table.columns], data: table.data }));
  }
}

/**
 * Reads what `saveFeatures` wrote, or an Arrow or NumPy file from elsewhere that holds features.
 *
 * @throws CamlabError when the file cannot be read or holds no features
 * @example
 * const features = await loadFeatures("features.arrow");
 */
export async function loadFeatures(path: string): Promise<FeatureTable> {
  checkEnding(path);
  if (path.endsWith(".npy")) return fromNpy(path);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new CamlabError(`cannot read ${path}: ${messageOf(error)}`);
  });
  return path.endsWith(".arrow") ? featuresFromArrow(bytes, path) : fromCsv(bytes.toString("utf8"), path);
}

/**
 * To be asked before long work: whether features can be saved there.
 *
 * @throws CamlabError for a file name that says no known form, and when its folder is missing or not to be written to
 */
export async function checkDestination(path: string): Promise<void> {
  checkEnding(path);
  await access(dirname(resolve(path)), constants.W_OK).catch((error: unknown) => {
    throw new CamlabError(`cannot write ${path}: ${messageOf(error)}`);
  });
}

/** @throws CamlabError for a file name that says no known form */
function checkEnding(path: string): void {
  if (![".arrow", ".npy", ".csv"].includes(extname(path)))
    throw invalid("file name", path, "one in .arrow, .npy or .csv");
}

const ABOUT = ["file", "label", "split"] as const;

function rowsFile(path: string): string {
  return path.replace(/\.npy$/, ".rows.csv");
}

function csvOf({ described, rows, columns, data }: FeatureTable, withFeatures: boolean): string {
  const header = withFeatures ? [...ABOUT, ...Array.from({ length: columns }, (_, k) => `f${k}`)] : ABOUT;
  const lines = described.slice(0, rows).map((about, row) => {
    const texts = ABOUT.map((name) => csvField(about[name] ?? ""));
    const features = withFeatures ? Array.from(data.subarray(row * columns, (row + 1) * columns), String) : [];
    return [...texts, ...features].join(",");
  });
  return `${[header.join(","), ...lines].join("\n")}\n`;
}

function fromCsv(text: string, path: string): FeatureTable {
  const [header = [], ...rows] = parseCsv(text, path);
  const features = header.flatMap((name, i) => (/^f\d+$/.test(name) ? [i] : []));
  if (features.length === 0) throw new CamlabError(`cannot read features from ${path}: it has no columns f0, f1, …`);
  const data = new Float32Array(rows.length * features.length);
  rows.forEach((row, r) =>
    features.forEach((column, k) => {
      const value = row[column] === undefined || row[column] === "" ? NaN : Number(row[column]);
      if (Number.isNaN(value)) throw new CamlabError(`${path}, row ${r + 2}: ${header[column]} is no number`);
      data[r * features.length + k] = value;
    }),
  );
  return new FeatureTable({ rows: rows.length, columns: features.length, data, pictures: aboutRows(header, rows) });
}

async function fromNpy(path: string): Promise<FeatureTable> {
  const { shape, data } = await readNpy(path);
  if (shape.length !== 2)
    throw new CamlabError(`${path} is an array of shape ${shape.join("×")}, not images × channels`);
  if (!(data instanceof Float32Array)) throw new CamlabError(`${path} holds no float32: save array.astype(np.float32)`);
  const [rows, columns] = shape;
  const text = await readFile(rowsFile(path), "utf8").catch(() => "");
  const [header = [], ...lines] = parseCsv(text, path);
  if (text !== "" && lines.length !== rows) {
    throw new CamlabError(`${path} has ${rows} rows, but ${rowsFile(path)} names ${lines.length}`);
  }
  const pictures =
    text === "" ? Array.from({ length: rows }, (_, row) => ({ file: `row ${row}` })) : aboutRows(header, lines);
  return new FeatureTable({ rows, columns, data, pictures });
}

function aboutRows(header: readonly string[], rows: readonly (readonly string[])[]): FeatureRow[] {
  const [file, label, split] = ABOUT.map((name) => header.indexOf(name));
  return rows.map((row, r) => ({
    file: row[file] ?? `row ${r}`,
    ...(row[label] && { label: row[label] }),
    ...(row[split] && { split: row[split] }),
  }));
}
