import {
  bool,
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
  const { judged, skipped } = report;
  const all: readonly Row[] = [
    ...judged.map((one) => ({ picture: one.picture, one })),
    ...skipped.map(({ picture, error }) => ({ picture, error })),
  ];
  const corner = fixedSizeList(field("item", float64()), 4);
  const column = <T>(of: (row: Row) => T | undefined | null, type: Parameters<typeof columnFromArray>[1]) =>
    columnFromArray(all.map((row) => of(row) ?? null) as unknown[], type as never);
  const table = tableFromColumns([
    ["file", column(({ picture }) => nameOf(picture), utf8())],
    ["id", column(({ picture }) => picture.id, utf8())],
    ["split", column(({ picture }) => picture.split, utf8())],
    ["label", column(({ one, picture }) => one?.label ?? picture.label, utf8())],
    ["class", column(({ one }) => one?.index, int32())],
    ["width", column(({ one }) => one?.imageWidth, int32())],
    ["height", column(({ one }) => one?.imageHeight, int32())],
    ["truth", column(({ one }) => one?.truth.map(cornersOf), list(corner))],
    ["guesses", column(({ one }) => one?.guesses.map(({ index }) => index), list(int32()))],
    ["probabilities", column(({ one }) => one?.guesses.map(({ probability }) => probability), list(float32()))],
    ["boxes", column(({ one }) => one?.guesses.map(({ box }) => cornersOf(box)), list(corner))],
    ["box", column(({ one }) => one?.box && cornersOf(one.box), corner)],
    ["overlap", column(({ one }) => one?.overlap, float64())],
    ["pointed", column(({ one }) => one?.pointed, bool())],
    ["largest", column(({ one }) => one?.largest, list(float32()))],
    ["best", column(({ one }) => one?.best, list(float32()))],
    ["inside", column(({ one }) => one?.pixels?.inside, list(float64()))],
    ["outside", column(({ one }) => one?.pixels?.outside, list(float64()))],
    ["error", column(({ error }) => error, utf8())],
  ]);
  const { network, way, protocol, conventions, notes, overThresholds } = report;
  (table.schema as { metadata: Map<string, string> }).metadata = new Map([
    ["camlab", JSON.stringify({ network, way, protocol, conventions, notes })],
    ["camlab.thresholds", JSON.stringify([...overThresholds.x])],
  ]);
  return tableToIPC(table, { format: "file" })!;
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
