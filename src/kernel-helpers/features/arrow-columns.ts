// Matrices as Arrow columns and back: fixed-size lists of float32, one a row, over one stretch of memory.
import { type Batch, batchType, Column, field, fixedSizeList, float32, type Table, Type } from "@uwdata/flechette";
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
 * The feature vectors of a table as one matrix; a row that is null is zeros, and named in `empty`.
 *
 * @throws CamlabError when the table has no column `features` of equally long float32 lists, or it is cut short
 */
export function featuresOf(table: Table): { columns: number; data: Float32Array; empty: ReadonlySet<number> } {
  const column = table.getChild("features") as Column<unknown> | undefined;
  const type = column?.type as { typeId: number; stride?: number } | undefined;
  if (!column || type?.typeId !== Type.FixedSizeList || !(type.stride! >= 1)) {
    throw new CamlabError('there is no column "features" of fixed-size lists of float32');
  }
  const columns = type.stride!;
  const batches = column.data.map((batch) => {
    const values: unknown = batch.children?.[0]?.values;
    if (!(values instanceof Float32Array)) throw new CamlabError('the column "features" holds no float32 numbers');
    if (!(batch.length * columns <= values.length)) {
      throw new CamlabError(
        `its ${batch.length} rows of ${columns} features are cut short: ${values.length} are there`,
      );
    }
    return values.subarray(0, batch.length * columns);
  });
  const data = new Float32Array(batches.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const values of batches) {
    data.set(values, start);
    start += values.length;
  }
  const empty = new Set<number>();
  for (let row = 0; row < column.length; row++) if (column.at(row) === null) empty.add(row);
  return { columns, data, empty };
}

/** What may stand in a column. */
export type ColumnKind = "text" | "label" | "labels" | "box" | "flag";

const TEXT = [Type.Utf8, Type.LargeUtf8];
const NUMBER = [Type.Int, Type.Float];
const WANTED: Readonly<Record<ColumnKind, string>> = {
  text: "texts",
  label: "texts or numbers",
  labels: "lists of texts or numbers",
  box: "four float64 each",
  flag: "true or false",
};

/**
 * A column's values by row, null where there is none; nothing when there is no such column.
 *
 * @param rows how many there should be
 * @throws CamlabError when it holds something else, or its offsets lead nowhere
 */
export function columnOf(table: Table, name: string, kind: ColumnKind, rows: number): Column<unknown> | undefined {
  if (!table.names.includes(name)) return undefined;
  const column = table.getChild(name) as Column<unknown>;
  if (column.length !== rows) throw new CamlabError(`its column ${name} has ${column.length} rows, not ${rows}`);
  if (!isOfKind(column.type, kind)) throw new CamlabError(`its column ${name} does not hold ${WANTED[kind]}`);
  for (const batch of column.data) checkOffsets(batch, name);
  return column;
}

interface SomeType {
  readonly typeId: number;
  readonly stride?: number;
  readonly dictionary?: SomeType;
  readonly children?: readonly { readonly type: SomeType }[];
}

function isOfKind(type: SomeType, kind: ColumnKind): boolean {
  if (type.typeId === Type.Null) return true;
  if (type.typeId === Type.Dictionary) return type.dictionary !== undefined && isOfKind(type.dictionary, kind);
  const child = type.children?.[0].type;
  switch (kind) {
    case "text":
      return TEXT.includes(type.typeId as never);
    case "label":
      return [...TEXT, ...NUMBER].includes(type.typeId as never);
    case "labels":
      return (
        [Type.List, Type.LargeList].includes(type.typeId as never) && child !== undefined && isOfKind(child, "label")
      );
    case "box":
      return type.typeId === Type.FixedSizeList && type.stride === 4 && child?.typeId === Type.Float;
    case "flag":
      return type.typeId === Type.Bool;
  }
}

interface SomeBatch {
  readonly length: number;
  readonly offsets?: Int32Array | BigInt64Array;
  readonly values?: ArrayLike<unknown>;
  readonly children?: readonly SomeBatch[];
}

/** Offsets that rise from 0 to what is there: then all values together are no longer than the file. */
function checkOffsets(batch: SomeBatch, name: string): void {
  const { offsets, length, values, children } = batch;
  for (const child of children ?? []) checkOffsets(child, name);
  if (!offsets || length === 0) return;
  const most = children ? children[0].length : (values?.length ?? 0);
  let before = 0;
  for (let i = 0; i <= length; i++) {
    const offset = Number(offsets[i]);
    if (!(offset >= before && offset <= most)) throw new CamlabError(`its column ${name} is damaged at row ${i}`);
    before = offset;
  }
}

/** flechette leaves its batch classes untyped. */
function batchOf(parts: ConstructorParameters<typeof Batch>[0]): Batch<Float32Array> {
  const BatchOfType = batchType(parts.type) as new (given: typeof parts) => Batch<Float32Array>;
  return new BatchOfType(parts);
}
