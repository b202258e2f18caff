// Rows of features as CSV: what a row was made from, a check of the row, and in a file of its own the features too.
import { type CsvValue, csvText, parseCsv } from "../support/files/csv.js";
import { CamlabError } from "../support/errors.js";
import { sha256 } from "../support/hash.js";
import type { FeatureRow } from "./feature-row.js";
import { FeatureTable, type FeatureTableParts } from "./feature-table.js";

/** Columns that are always there, and those that are where a row has something to say. */
const ALWAYS = ["file", "label", "split"] as const;
const WHERE_KNOWN = ["labels", "id", "region_x", "region_y", "region_width", "region_height", "flip", "crop"] as const;
const CHECK = "check";

type ColumnName = (typeof ALWAYS)[number] | (typeof WHERE_KNOWN)[number];

/**
 * The rows of a table as CSV text.
 *
 * @param withFeatures whether the features stand in columns `f0`, `f1`, …
 */
export function featuresToCsv({ described, rows, columns, data }: FeatureTable, withFeatures: boolean): string {
  const about = described.slice(0, rows).map(fieldsOf);
  const names = [...ALWAYS, ...WHERE_KNOWN.filter((name) => about.some((fields) => fields[name] !== undefined))];
  const numbers = withFeatures ? Array.from({ length: columns }, (_, k) => `f${k}`) : [];
  const lines = about.map((fields, row): CsvValue[] => {
    const features = data.subarray(row * columns, (row + 1) * columns);
    const texts = names.map((name) => fields[name] ?? "");
    return [...texts, checkOf(names, texts, rows, row, features), ...(withFeatures ? features : [])];
  });
  return csvText([[...names, CHECK, ...numbers], ...lines]);
}

/**
 * The table in a CSV text whose columns `f0`, `f1`, … hold the features. Other columns may be missing, and there may be
 * more of them.
 *
 * @param path what the text is called in an error
 * @throws CamlabError naming the row and the column that cannot be used, or that was changed since camlab wrote it
 */
export function featuresFromCsv(text: string, path: string): FeatureTable {
  const [header = [], ...rows] = parseCsv(text, path);
  const places = featurePlaces(header, path);
  const columns = places.length;
  const data = new Float32Array(rows.length * columns);
  rows.forEach((row, r) => {
    checkWidth(row, header, path, r);
    places.forEach((place, k) => {
      const value = row[place].trim() === "" ? NaN : Math.fround(Number(row[place]));
      if (!Number.isFinite(value)) throw new CamlabError(`${path}, row ${r + 2}: ${header[place]} is no number`);
      data[r * columns + k] = value;
    });
  });
  return new FeatureTable({ rows: rows.length, columns, data, ...aboutRows(header, rows, data, path) });
}

/**
 * The table of a matrix whose rows a CSV text names.
 *
 * @param path what the text is called in an error
 * @throws CamlabError when it names another number of rows, or does not go with them
 */
export function featuresWithRows(
  matrix: { rows: number; columns: number; data: Float32Array },
  text: string,
  path: string,
) {
  const [header = [], ...rows] = parseCsv(text, path);
  if (rows.length !== matrix.rows) {
    throw new CamlabError(`there are ${matrix.rows} rows of features, but ${path} names ${rows.length}`);
  }
  rows.forEach((row, r) => checkWidth(row, header, path, r));
  return new FeatureTable({ ...matrix, ...aboutRows(header, rows, matrix.data, path) });
}

function fieldsOf(row: FeatureRow): Partial<Record<ColumnName, string>> {
  const { file, label, labels, split, id, region, flip, crop } = row;
  return {
    file,
    label: label === undefined ? undefined : String(label),
    split,
    labels: labels && JSON.stringify(labels),
    id,
    region_x: region && String(region.x),
    region_y: region && String(region.y),
    region_width: region && String(region.width),
    region_height: region && String(region.height),
    flip: flip ? "true" : undefined,
    crop,
  };
}

function aboutRows(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  data: Float32Array,
  path: string,
): Pick<FeatureTableParts, "pictures" | "crops"> {
  checkRows(header, rows, data, path);
  const fieldOf = (row: readonly string[], name: ColumnName) => {
    const text = row[header.indexOf(name)];
    return text === undefined || text === "" ? undefined : text;
  };
  const about = rows.map((row, r): FeatureRow => {
    const [label, split, id, crop] = (["label", "split", "id", "crop"] as const).map((name) => fieldOf(row, name));
    const [labels, region] = [labelsOf(fieldOf(row, "labels"), path, r), regionOf(row, fieldOf, path, r)];
    return {
      file: fieldOf(row, "file") ?? `row ${r}`,
      ...(label !== undefined && { label }),
      ...(labels && { labels }),
      ...(split !== undefined && { split }),
      ...(id !== undefined && { id }),
      ...(region && { region }),
      ...(fieldOf(row, "flip") === "true" && { flip: true }),
      ...(crop !== undefined && { crop }),
    };
  });
  return { pictures: about.map(({ crop: _, ...picture }) => picture), crops: about.map(({ crop }) => crop) };
}

function labelsOf(text: string | undefined, path: string, row: number): string[] | undefined {
  if (text === undefined) return undefined;
  if (!text.startsWith("[")) return text.split("|").map((label) => label.trim());
  try {
    const labels: unknown = JSON.parse(text);
    if (Array.isArray(labels) && labels.every((label) => typeof label === "string")) return labels;
  } catch {
    // Said below, as for a list of other things.
  }
  throw new CamlabError(
    `${path}, row ${row + 2}: labels should be a list such as ["cat", "dog"], or cat|dog, not ${text}`,
  );
}

function regionOf(
  row: readonly string[],
  fieldOf: (row: readonly string[], name: ColumnName) => string | undefined,
  path: string,
  r: number,
): FeatureRow["region"] {
  const texts = (["region_x", "region_y", "region_width", "region_height"] as const).map((name) => fieldOf(row, name));
  if (texts.every((text) => text === undefined)) return undefined;
  const [x, y, width, height] = texts.map((text) => (text === undefined ? NaN : Number(text)));
  if ([x, y, width, height].every(Number.isFinite)) return { x, y, width, height };
  throw new CamlabError(`${path}, row ${r + 2}: a region needs region_x, region_y, region_width and region_height`);
}

/** Where `f0`, `f1`, … stand. */
function featurePlaces(header: readonly string[], path: string): number[] {
  const places: number[] = [];
  let found = 0;
  header.forEach((name, place) => {
    if (!/^f\d+$/.test(name)) return;
    found += 1;
    if (name !== `f${Number(name.slice(1))}` || places[Number(name.slice(1))] !== undefined) {
      throw new CamlabError(`cannot read features from ${path}: it has two columns ${name}`);
    }
    places[Number(name.slice(1))] = place;
  });
  if (found === 0) throw new CamlabError(`cannot read features from ${path}: it has no columns f0, f1, …`);
  if (places.length === found) return places;
  const missing = places.findIndex((place) => place === undefined);
  throw new CamlabError(`cannot read features from ${path}: it has ${found} columns f0, f1, …, but no f${missing}`);
}

function checkWidth(row: readonly string[], header: readonly string[], path: string, r: number): void {
  if (row.length === header.length) return;
  throw new CamlabError(`${path}, row ${r + 2}: ${row.length} fields, the first line has ${header.length}`);
}

/** Compares each row with its check; a file without checks is somebody else's. */
function checkRows(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  data: Float32Array,
  path: string,
): void {
  const place = header.indexOf(CHECK);
  if (place < 0) return;
  const columns = data.length / rows.length;
  const names = header.slice(0, place);
  rows.forEach((row, r) => {
    const features = data.subarray(r * columns, (r + 1) * columns);
    if (row[place] === checkOf(names, row.slice(0, place), rows.length, r, features)) return;
    throw new CamlabError(
      `${path} is not as it was saved: the check of row ${r + 2} differs. Get it again; or, if it was changed on ` +
        `purpose, leave its column "${CHECK}" out`,
    );
  });
}

/** Stands for all that a row says, which row it is, and of how many. */
function checkOf(
  names: readonly string[],
  texts: readonly string[],
  rows: number,
  row: number,
  features: Float32Array,
): string {
  const bytes = new Uint8Array(features.buffer, features.byteOffset, features.byteLength);
  return sha256(JSON.stringify([names, texts, rows, row]), bytes).slice(0, 16);
}
