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
import { CamlabError, messageOf } from "../support/errors.js";
import { printable } from "../support/escape.js";
import { sha256 } from "../support/hash.js";
import { SavedObject } from "../support/files/saved-object.js";
import { type ColumnKind, columnOf, featureColumn, featuresOf } from "./arrow-columns.js";
import { checkArrowStructure } from "./arrow-structure.js";
import { FeatureTable, type FeatureOrigin } from "./feature-table.js";
import type { FeatureRow } from "./feature-row.js";
import { savedOrigin } from "./saved-origin.js";
import { savedShard, type TableShard } from "./shards/table-shard.js";

const METADATA = "camlab";

/**
 * A table of features as the bytes of an Arrow IPC file, as `pyarrow.ipc.open_file` reads it: columns `file`, `label`,
 * `labels`, `split`, `id`, `region` (x, y, width, height), `flip`, `crop`, `features` (a fixed-size list of float32) and
 * `error`. Pictures that gave no features are the last rows, with `features` null. What the features were made with is
 * JSON in the schema's metadata, under `camlab`; beside it the checksum of the file.
 *
 * @example
 * await writeFile("features.arrow", tables.featuresToArrow(features));
 */
export function featuresToArrow(table: FeatureTable): Uint8Array {
  const all = table.described;
  const texts = (of: (row: DescribedRow) => string | undefined) =>
    columnFromArray(all.map((row) => of(row) ?? null) as string[], utf8());
  const label = labelType(all.map((row) => row.label));
  const labels = labelType(all.flatMap((row) => row.labels ?? []));
  const corners = all.map(({ region }) => region && [region.x, region.y, region.width, region.height]);
  const result = tableFromColumns([
    ["file", texts(({ file }) => file)],
    ["label", columnFromArray(all.map((row) => label.written(row.label)) as string[], label.type)],
    [
      "labels",
      columnFromArray(all.map((row) => row.labels?.map(labels.written) ?? null) as string[][], list(labels.type)),
    ],
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
  const metadata = new Map([
    [METADATA, JSON.stringify({ origin: table.origin, notes: table.notes, shard: table.shard })],
    ["camlab.checksum", UNSEALED],
  ]);
  (result.schema as { metadata: Map<string, string> }).metadata = metadata;
  return sealed(tableToIPC(result, { format: "file" })!);
}

/**
 * Reads a table of features from the bytes of an Arrow file or stream. Of the columns only `features` is needed, and
 * `file` wanted; float32 values of equally long lists. Labels that are numbers come back as numbers.
 *
 * @throws CamlabError when the bytes are not Arrow, hold no features, or are not those that camlab wrote
 * @example
 * tables.featuresFromArrow(await readFile("features.arrow"));
 */
export function featuresFromArrow(bytes: Uint8Array, name = "the Arrow bytes"): FeatureTable {
  try {
    checkSeal(bytes);
    checkArrowStructure(bytes);
    const table = tableFromIPC(bytes);
    const { columns, data, empty } = featuresOf(table);
    const all = rowsOf(table, data.length / columns);
    const read = all.filter(({ error }) => error === undefined);
    if (all.slice(0, read.length).some(({ error }) => error !== undefined)) {
      throw new CamlabError("pictures without features are expected to be its last rows");
    }
    const [gap] = [...empty].filter((row) => row < read.length);
    if (gap !== undefined) throw new CamlabError(`row ${gap} has no features, and no error that says why`);
    const skipped = all.slice(read.length).map(({ error = "", ...picture }) => ({ picture, error }));
    return new FeatureTable({
      rows: read.length,
      columns,
      data: data.subarray(0, read.length * columns),
      pictures: read.map(({ crop: _, ...picture }) => picture),
      crops: read.map(({ crop }) => crop),
      skipped,
      ...aboutOf(table, name),
    });
  } catch (error) {
    const wrong =
      error instanceof CamlabError ? error.message : `it is not an Arrow file, or is cut short (${messageOf(error)})`;
    throw new CamlabError(`cannot read features from ${printable(name)}: ${wrong}`, { cause: error });
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

/** Numbers stay numbers where all labels are; beside texts they become texts. */
function labelType(labels: readonly (string | number | undefined)[]) {
  const known = labels.filter((label) => label !== undefined);
  return known.length > 0 && known.every((label) => typeof label === "number")
    ? { type: float64(), written: (label?: string | number) => label ?? null }
    : { type: utf8(), written: (label?: string | number) => (label === undefined ? null : String(label)) };
}

function rowsOf(table: Table, rows: number): DescribedRow[] {
  const column = (name: string, kind: ColumnKind) => columnOf(table, name, kind, rows);
  const [file, split, id, crop, error] = ["file", "split", "id", "crop", "error"].map((name) => column(name, "text"));
  const [label, labels] = [column("label", "label"), column("labels", "labels")];
  const [region, flip] = [column("region", "box"), column("flip", "flag")];
  return Array.from({ length: rows }, (_, row) => {
    const valueOf = <T>(of: ReturnType<typeof column>): T | undefined => {
      const value = of?.at(row);
      return value === null || Number.isNaN(value) ? undefined : (value as T | undefined);
    };
    const corner = valueOf<ArrayLike<number>>(region);
    const several = valueOf<Iterable<string>>(labels);
    const parts = {
      label: valueOf<string>(label),
      labels: several && Array.from(several),
      split: valueOf<string>(split),
      id: valueOf<string>(id),
      region: corner && { x: corner[0], y: corner[1], width: corner[2], height: corner[3] },
      flip: valueOf<boolean>(flip) || undefined,
      crop: valueOf<string>(crop),
      error: valueOf<string>(error),
    };
    const known = Object.entries(parts).filter(([, value]) => value !== undefined);
    return { file: valueOf<string>(file) ?? `row ${row}`, ...(Object.fromEntries(known) as Partial<DescribedRow>) };
  });
}

function aboutOf(table: Table, name: string): { origin?: FeatureOrigin; notes?: string[]; shard?: TableShard } {
  const text = table.schema.metadata?.get(METADATA);
  if (text === undefined) return {};
  const about = new SavedObject(JSON.parse(text), name);
  return {
    ...(about.has("origin") && { origin: savedOrigin(about.object("origin")) }),
    ...(about.has("notes") && { notes: about.texts("notes") }),
    ...(about.has("shard") && { shard: savedShard(about.object("shard")) }),
  };
}

/** What stands in the metadata until the checksum is known; the checksum is that of the file with this in its place. */
const SEAL = "camlab-sha256:";
const DIGITS = 64;
const UNSEALED = SEAL + "0".repeat(DIGITS);

/** The schema stands at both ends of a file, and with it the seal. */
function sealed(bytes: Uint8Array): Uint8Array {
  const digest = Buffer.from(sha256(bytes));
  for (const at of sealsIn(bytes)) bytes.set(digest, at);
  return bytes;
}

/** A file that has no seal is somebody else's, and is not summed up; nothing changed can hide both seals at once. */
function checkSeal(bytes: Uint8Array): void {
  const seals = sealsIn(bytes);
  if (seals.length === 0) return;
  const ends = [0, ...seals.map((at) => at + DIGITS)];
  const between = [...seals, bytes.length].map((at, i) => bytes.subarray(ends[i], at));
  const digest = sha256(...between.flatMap((piece, i) => (i > 0 ? ["0".repeat(DIGITS), piece] : [piece])));
  const same = seals.every((at) => Buffer.from(bytes.subarray(at, at + DIGITS)).toString("latin1") === digest);
  if (!same) throw new CamlabError("it is not as it was saved: its checksum differs. Get it again, or make it again");
}

function sealsIn(bytes: Uint8Array): number[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [first, last] = [buffer.indexOf(SEAL), buffer.lastIndexOf(SEAL)];
  if (first < 0) return [];
  return [...new Set([first, last])].map((at) => at + SEAL.length).filter((at) => at + DIGITS <= bytes.length);
}
