import {
  bool,
  columnFromArray,
  field,
  fixedSizeList,
  float64,
  int32,
  list,
  tableFromColumns,
  tableFromIPC,
  tableToIPC,
  utf8,
  type Table,
} from "@uwdata/flechette";
import type { Box } from "../images/box.js";
import { CamlabError, messageOf } from "../support/errors.js";
import { featureColumn, featuresOf } from "./arrow-columns.js";
import { FeatureTable, type FeatureOrigin } from "./feature-table.js";
import type { FeatureError, FeatureRow } from "./image-item.js";

const METADATA = "camlab";

/**
 * A table of features as the bytes of an Arrow IPC file, as `pyarrow.ipc.open_file` reads it: columns `file`, `label`,
 * `labels`, `split`, `id`, `region` (x, y, width, height), `flip`, `crop`, `features` (a fixed-size list of float32), `error` and
 * `item`. Images that gave no features are the last rows, with `features` null. What the features were made with is
 * JSON in the schema's metadata, under `camlab`.
 *
 * @example
 * await writeFile("features.arrow", featuresToArrow(features));
 */
export function featuresToArrow(table: FeatureTable): Uint8Array {
  const all: readonly (FeatureRow & Partial<FeatureError>)[] = [...table.images, ...table.errors];
  const texts = (of: (row: FeatureRow & Partial<FeatureError>) => string | undefined) =>
    columnFromArray(all.map((row) => of(row) ?? null) as string[], utf8());
  const corners = all.map(({ region }) => region && [region.x, region.y, region.width, region.height]);
  const result = tableFromColumns([
    ["file", texts(({ file }) => file)],
    ["label", texts(({ label }) => label)],
    ["labels", columnFromArray(all.map(({ labels }) => labels ?? null) as string[][], list(utf8()))],
    ["split", texts(({ split }) => split)],
    ["id", texts(({ id }) => id)],
    [
      "region",
      columnFromArray(
        corners.map((corner) => corner ?? null) as number[][],
        fixedSizeList(field("item", float64()), 4),
      ),
    ],
    [
      "flip",
      columnFromArray(
        all.map(({ flip }) => flip ?? false),
        bool(),
      ),
    ],
    ["crop", texts(({ crop }) => crop)],
    ["features", vectorColumn(table)],
    ["error", texts(({ error }) => error)],
    ["item", columnFromArray(all.map(({ item }) => item ?? null) as number[], int32())],
  ]);
  const metadata = new Map([[METADATA, JSON.stringify({ origin: table.origin, notes: table.notes })]]);
  (result.schema as { metadata: Map<string, string> }).metadata = metadata;
  return tableToIPC(result, { format: "file" })!;
}

/**
 * Reads a table of features from the bytes of an Arrow file or stream. Of the columns only `features` is needed, and
 * `file` wanted; float32 values of equally long lists.
 *
 * @throws CamlabError when the bytes are not Arrow, or hold no features
 * @example
 * featuresFromArrow(await readFile("features.arrow"));
 */
export function featuresFromArrow(bytes: Uint8Array, name = "the Arrow bytes"): FeatureTable {
  try {
    const table = tableFromIPC(bytes);
    const { columns, data } = featuresOf(table);
    const all = rowsOf(table);
    const images = all.filter(({ error }) => error === undefined);
    const errors = all.filter((row): row is FeatureError => row.error !== undefined);
    if (errors.length > 0 && all.findIndex(({ error }) => error !== undefined) !== images.length) {
      throw new CamlabError("images without features are expected to be its last rows");
    }
    const kept = data.subarray(0, images.length * columns);
    return new FeatureTable({ rows: images.length, columns, data: kept, images, errors, ...aboutOf(table) });
  } catch (error) {
    const wrong =
      error instanceof CamlabError ? error.message : `it is not an Arrow file, or is cut short (${messageOf(error)})`;
    throw new CamlabError(`cannot read features from ${name}: ${wrong}`, { cause: error });
  }
}

function vectorColumn({ rows, columns, data, errors }: FeatureTable) {
  if (errors.length === 0) return featureColumn(data, rows, columns);
  const padded = new Float32Array((rows + errors.length) * columns);
  padded.set(data);
  const bits = new Uint8Array(Math.ceil((rows + errors.length) / 64) * 8);
  for (let row = 0; row < rows; row++) bits[row >> 3] |= 1 << (row & 7);
  return featureColumn(padded, rows + errors.length, columns, { bits, nullCount: errors.length });
}

function rowsOf(table: Table): (FeatureRow & Partial<FeatureError>)[] {
  const column = (name: string) => (table.names.includes(name) ? table.getChild(name) : undefined);
  const [file, label, split, id, region] = ["file", "label", "split", "id", "region"].map(column);
  const [flip, crop, error, item, labels] = ["flip", "crop", "error", "item", "labels"].map(column);
  return Array.from({ length: table.numRows }, (_, row) => {
    const text = (of: ReturnType<typeof column>) => (of?.at(row) ?? undefined) as string | undefined;
    const corner = region?.at(row) as ArrayLike<number> | null | undefined;
    const box: Box | undefined = corner
      ? { x: corner[0], y: corner[1], width: corner[2], height: corner[3] }
      : undefined;
    const parts = {
      label: text(label),
      labels: (labels?.at(row) ?? undefined) as string[] | undefined,
      split: text(split),
      id: text(id),
      region: box,
      flip: flip?.at(row) === true || undefined,
      crop: text(crop),
      error: text(error),
      item: item?.at(row) as number | undefined,
    };
    const known = Object.entries(parts).filter(([, value]) => value !== undefined && value !== null);
    return { file: text(file) ?? `row ${row}`, ...(Object.fromEntries(known) as Partial<FeatureError>) };
  });
}

function aboutOf(table: Table): { origin?: FeatureOrigin; notes?: string[] } {
  const text = table.schema.metadata?.get(METADATA);
  return text === undefined ? {} : (JSON.parse(text) as { origin?: FeatureOrigin; notes?: string[] });
}
