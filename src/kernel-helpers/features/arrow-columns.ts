// Matrices as Arrow columns and back: fixed-size lists of float32, one a row, over one stretch of memory.
import { type Batch, batchType, Column, field, fixedSizeList, float32, type Table } from "@uwdata/flechette";
import { CamlabError } from "../support/errors.js";

/**
 * A column of feature vectors over the given memory, without copying it.
 *
 * @param validity one bit a row, 0 for a row without features; absent when all rows have them
 */
export function featureColumn(
  data: Float32Array,
  rows: number,
  columns: number,
  validity?: { readonly bits: Uint8Array; readonly nullCount: number },
): Column<Float32Array> {
  const values = float32();
  const type = fixedSizeList(field("item", values), columns);
  if (rows === 0) return new Column<Float32Array>([], type);
  const child = batchOf({
    length: rows * columns,
    nullCount: 0,
    type: values,
    validity: new Uint8Array(0),
    values: data,
  });
  const batch = batchOf({
    length: rows,
    nullCount: validity?.nullCount ?? 0,
    type,
    validity: validity?.bits ?? new Uint8Array(0),
    children: [child],
  });
  return new Column([batch], type);
}

/**
 * The feature vectors of a table as one matrix; a row that is null is zeros.
 *
 * @throws CamlabError when the table has no column `features` of equally long float32 lists
 */
export function featuresOf(table: Table): { columns: number; data: Float32Array } {
  const column = table.names.includes("features") ? (table.getChild("features") as Column<unknown>) : undefined;
  const type = column?.type as { stride?: number } | undefined;
  if (!column || !type?.stride) {
    throw new CamlabError('there is no column "features" of fixed-size lists of float32');
  }
  const columns = type.stride;
  const data = new Float32Array(column.length * columns);
  let start = 0;
  for (const batch of column.data) {
    const values: unknown = batch.children?.[0].values;
    if (!(values instanceof Float32Array)) throw new CamlabError('the column "features" holds no float32 numbers');
    data.set(values.subarray(0, batch.length * columns), start);
    start += batch.length * columns;
  }
  return { columns, data };
}

/** flechette leaves its batch classes untyped. */
function batchOf(parts: ConstructorParameters<typeof Batch>[0]): Batch<Float32Array> {
  const BatchOfType = batchType(parts.type) as new (given: typeof parts) => Batch<Float32Array>;
  return new BatchOfType(parts);
}
