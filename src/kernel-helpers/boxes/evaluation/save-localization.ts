import {
  bool,
  Column,
  columnFromArray,
  field,
  fixedSizeList,
  float32,
  float64,
  int32,
  list,
  tableFromColumns,
  tableToIPC,
  utf8,
} from "@uwdata/flechette";
import type { Box } from "../../images/box.js";
import { nameOf, type Picture } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { writeWhole } from "../../support/write-file.js";
import type { JudgedCase } from "./judge-case.js";
import type { LocalizationReport } from "./localization-report.js";

/**
 * An evaluation by picture, as the bytes of an Arrow IPC file that pandas, Polars, DuckDB and R read: one row a picture and
 * class. Columns: `file`, `id`, `split`, `label`, `class` (index), `width`, `height`, `truth` (a list of x, y, width,
 * height), `guesses` and `probabilities` (class indices, best first), `boxes` (of the guesses; of no size where a map had
 * none), `box` and `overlap` (of the true class's map), `pointed`, and, at every threshold of the metadata's
 * `camlab.thresholds`, `largest` and `best` (the IoU of the largest and of the best box), `inside` and `outside`
 * (pixels of the thing, and others, from each threshold up to the next). Pictures that were skipped are
 * the last rows, with `error`.
 *
 * @example
 * const judged = await boxes.evaluateLocalization(network, set);
 * await writeFile("boxes.arrow", boxes.localizationToArrow(judged));
 */
export function localizationToArrow(report: LocalizationReport): Uint8Array {
  const corner = fixedSizeList(field("item", float64()), 4);
  const columns: Record<string, [type: ColumnType, of: (row: Row) => unknown]> = {
    file: [utf8(), ({ picture }) => nameOf(picture)],
    id: [utf8(), ({ picture }) => picture.id],
    split: [utf8(), ({ picture }) => picture.split],
    label: [utf8(), ({ one, picture }) => one?.label ?? picture.label],
    class: [int32(), ({ one }) => one?.index],
    width: [int32(), ({ one }) => one?.imageWidth],
    height: [int32(), ({ one }) => one?.imageHeight],
    truth: [list(corner), ({ one }) => one?.truth.map(cornersOf)],
    guesses: [list(int32()), ({ one }) => one?.guesses.map(({ index }) => index)],
    probabilities: [list(float32()), ({ one }) => one?.guesses.map(({ probability }) => probability)],
    boxes: [list(corner), ({ one }) => one?.guesses.map(({ box }) => cornersOf(box))],
    box: [corner, ({ one }) => one?.box && cornersOf(one.box)],
    overlap: [float64(), ({ one }) => one?.overlap],
    pointed: [bool(), ({ one }) => one?.pointed],
    largest: [list(float32()), ({ one }) => one?.largest],
    best: [list(float32()), ({ one }) => one?.best],
    inside: [list(float64()), ({ one }) => one?.pixels?.inside],
    outside: [list(float64()), ({ one }) => one?.pixels?.outside],
    error: [utf8(), ({ error }) => error],
  };
  const batches = new Map(Object.keys(columns).map((name) => [name, [] as Column<unknown>["data"][number][]]));
  const rows: Row[] = [];
  const seal = () => {
    for (const [name, [type, of]] of Object.entries(columns)) {
      const { data } = columnFromArray(rows.map((row) => of(row) ?? null) as unknown[], type as never);
      batches.get(name)!.push(...data);
    }
    rows.length = 0;
  };
  for (const row of rowsOf(report)) {
    if (rows.push(row) === BATCH) seal();
  }
  if (rows.length > 0) seal();
  const table = tableFromColumns([...batches].map(([name, data]) => [name, new Column(data)]));
  const { network, way, protocol, conventions, notes, overThresholds } = report;
  (table.schema as { metadata: Map<string, string> }).metadata = new Map([
    ["camlab", JSON.stringify({ network, way, protocol, conventions, notes })],
    ["camlab.thresholds", JSON.stringify([...overThresholds.x])],
  ]);
  return tableToIPC(table, { format: "file" })!;
}

/** Rows that are in memory at once. */
const BATCH = 1024;

type ColumnType = Parameters<typeof columnFromArray>[1];

function* rowsOf({ judged, skipped }: Pick<LocalizationReport, "judged" | "skipped">): IterableIterator<Row> {
  for (const one of judged) yield { picture: one.picture, one };
  yield* skipped;
}

interface Row {
  readonly picture: Picture;
  readonly one?: JudgedCase;
  readonly error?: string;
}

function cornersOf(box: Box | undefined): number[] {
  return box ? [box.x, box.y, box.width, box.height] : [0, 0, 0, 0];
}

/**
 * Writes an evaluation by picture, as `localizationToArrow`; the file appears whole or not at all.
 *
 * @throws CamlabError for another ending than .arrow, and when the file cannot be written
 * @example
 * await boxes.saveLocalization(await boxes.evaluateLocalization(network, set), "boxes.arrow");
 */
export async function saveLocalization(report: LocalizationReport, path: string): Promise<void> {
  checkResultsFile(path);
  await writeWhole(path, localizationToArrow(report));
}

/** @throws CamlabError for a file name that does not end in .arrow */
export function checkResultsFile(path: string): void {
  if (!path.endsWith(".arrow")) throw new CamlabError(`${path}: results by picture are written as .arrow`);
}
