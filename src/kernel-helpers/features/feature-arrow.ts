import {
  bool,
  columnFromArray,
  field,
  fixedSizeList,
  float64,
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
import type { FeatureRow } from "./feature-row.js";

const METADATA = "camlab";

/**
 * A table of features as the bytes of an Arrow IPC file, as `pyarrow.ipc.open_file` reads it: columns `file`, `label`,
 * `labels`, `split`, `id`, `region` (x, y, width, height), `flip`, `crop`, `features` (a fixed-size list of float32) and
 * `error`. Pictures that gave no features are the last rows, with `features` null. What the features were made with is
 * JSON in the schema's metadata, under `camlab`.
 *
 * @example
 * await writeFile("features.arrow", featuresToArrow(features));
 */
export function featuresToArrow(table: FeatureTable): Uint8Array {
  const all = table.described;
  const texts = (of: (row: DescribedRow) => string | undefined) =>
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
    const read = all.filter(({ error }) => error === undefined);
    if (all.slice(0, read.length).some(({ error }) => error !== undefined)) {
      throw new CamlabError("pictures without features are expected to be its last rows");
    }
    const skipped = all.slice(read.length).map(({ error = "", ...picture }) => ({ picture, error }));
    return new FeatureTable({
      rows: read.length,
      columns,
      data: data.subarray(0, read.length * columns),
      pictures: read.map(({ crop: _, ...picture }) => picture),
      crops: read.map(({ crop }) => crop),
      skipped,
      ...aboutOf(table),
    });
  } catch (error) {
    const wrong =
      error instanceof CamlabError ? error.message : `it is not an Arrow file, or is cut short (${messageOf(error)})`;
    throw new CamlabError(`cannot read features from ${name}: ${wrong}`, { cause: error });
  }
}

type DescribedRow = FeatureRow & { readonly error?: string };

function vectorColumn({ rows, columns, data, skipped }: FeatureTable) {
  if (skipped.length === 0) return featureColumn(data, rows, columns);
  const padded = new Float32Array((rows + skipped.length) * columns);
  padded.set(data);
  const bits = new Uint8Array(Math.ceil((rows + skipped.length) / 64) * 8);
  for (let row = 0; row < rows; row++) bits[row >> 3] |= 1 << (row & 7);
  return featureColumn(padded, rows + skipped.length, columns, { bits, nullCount: skipped.length });
}

function rowsOf(table: Table): DescribedRow[] {
  const column = (name: string) => (table.names.includes(name) ? table.getChild(name) : undefined);
  const [file, label, split, id, region] = ["file", "label", "split", "id", "region"].map(column);
  const [flip, crop, error, labels] = ["flip", "crop", "error", "labels"].map(column);
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
    };
    const known = Object.entries(parts).filter(([, value]) => value !== undefined && value !== null);
    return { file: text(file) ?? `row ${row}`, ...(Object.fromEntries(known) as Partial<DescribedRow>) };
  });
}

function aboutOf(table: Table): { origin?: FeatureOrigin; notes?: string[] } {
  const text = table.schema.metadata?.get(METADATA);
  return text === undefined ? {} : (JSON.parse(text) as { origin?: FeatureOrigin; notes?: string[] });
}
