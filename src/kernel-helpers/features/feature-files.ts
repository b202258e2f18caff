import { access, constants, readFile, rm } from "node:fs/promises";
import { dirname, extname, resolve } from "node:path";
import { readRegular } from "../support/files/read-regular.js";
import { CamlabError, invalid, messageOf } from "../support/errors.js";
import { npyBytes, readNpy } from "../support/files/npy.js";
import { writeWhole } from "../support/write-file.js";
import { featuresFromArrow, featuresToArrow } from "./feature-arrow.js";
import { featuresFromCsv, featuresToCsv, featuresWithRows } from "./feature-csv.js";
import { FeatureTable } from "./feature-table.js";

/**
 * Writes a table of features; the file appears whole or not at all.
 *
 * - `.arrow`: everything, as `featuresToArrow`; pandas, Polars, DuckDB and R read it.
 * - `.npy`: the matrix alone, for `numpy.load`; beside it `NAME.rows.csv` names the rows.
 * - `.csv`: `file,label,split,…,check,f0,f1,…`, one row a picture; labels, id, region, flip and crop where there are any.
 *
 * All carry a checksum, which `loadFeatures` compares: a file that was changed is refused. Pictures without features are
 * only in the `.arrow` file.
 *
 * @throws CamlabError for another ending, and when the file cannot be written
 * @example
 * await saveFeatures(features, "features.arrow");
 */
export async function saveFeatures(table: FeatureTable, path: string): Promise<void> {
  checkEnding(path);
  if (!(table instanceof FeatureTable)) throw invalid("features", table, "what extractFeatures gave");
  if (table.shard && !path.endsWith(".arrow")) throw invalid("file name", path, "one in .arrow, for a shard");
  if (path.endsWith(".arrow")) await writeWhole(path, featuresToArrow(table));
  else if (path.endsWith(".csv")) await writeWhole(path, featuresToCsv(table, true));
  else {
    const before = await readFile(rowsFile(path)).catch(() => undefined);
    await writeWhole(rowsFile(path), featuresToCsv(table, false));
    try {
      await writeWhole(path, npyBytes({ shape: [table.rows, table.columns], data: table.data }));
    } catch (error) {
      // Rows without their matrix, or beside an older one, would be taken for its own.
      await (before === undefined ? rm(rowsFile(path), { force: true }) : writeWhole(rowsFile(path), before));
      throw error;
    }
  }
}

/**
 * Reads what `saveFeatures` wrote, or an Arrow, NumPy or CSV file from elsewhere that holds features.
 *
 * @throws CamlabError when the file cannot be read, holds no features, or is not as `saveFeatures` wrote it
 * @example
 * const features = await loadFeatures("features.arrow");
 */
export async function loadFeatures(path: string): Promise<FeatureTable> {
  checkEnding(path);
  if (path.endsWith(".npy")) return fromNpy(path);
  const bytes = await readRegular(path).catch((error: unknown) => {
    throw new CamlabError(`cannot read ${path}: ${messageOf(error)}`);
  });
  return path.endsWith(".arrow") ? featuresFromArrow(bytes, path) : featuresFromCsv(bytes.toString("utf8"), path);
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
  if (typeof path !== "string") throw invalid("path", path, "a file name in .arrow, .npy or .csv");
  if (![".arrow", ".npy", ".csv"].includes(extname(path)))
    throw invalid("file name", path, "one in .arrow, .npy or .csv");
}

function rowsFile(path: string): string {
  return path.replace(/\.npy$/, ".rows.csv");
}

async function fromNpy(path: string): Promise<FeatureTable> {
  const { shape, data } = await readNpy(path);
  if (shape.length !== 2)
    throw new CamlabError(`${path} is an array of shape ${shape.join("×")}, not images × channels`);
  if (!(data instanceof Float32Array)) throw new CamlabError(`${path} holds no float32: save array.astype(np.float32)`);
  const [rows, columns] = shape;
  const list = await readRegular(rowsFile(path)).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new CamlabError(`cannot read ${rowsFile(path)}: ${messageOf(error)}`);
  });
  if (list !== undefined) return featuresWithRows({ rows, columns, data }, list.toString("utf8"), rowsFile(path));
  const pictures = Array.from({ length: rows }, (_, row) => ({ file: `row ${row}` }));
  return new FeatureTable({ rows, columns, data, pictures });
}
