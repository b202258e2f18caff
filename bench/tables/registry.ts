// The tables of results. A new one: a file in this folder that measures it, its title and what it is about in about.json,
// in the order of the page, and a line here.
import { readFileSync } from "node:fs";
import { activitiesTable } from "./activities.js";
import { answersTable } from "./answers.js";
import { birdsTable } from "./birds.js";
import { informativeObjectsTable } from "./informative-objects.js";
import { localizationTable } from "./localization.js";
import { objectsTable } from "./objects.js";
import { phrasesTable } from "./phrases.js";
import { textDetectorTable } from "./text-detector.js";
import { transferTable } from "./transfer.js";
import { unitsTable } from "./units.js";
import { waysTable } from "./ways.js";
import type { ResultTable, TableContext, TableResult } from "./table.js";

const RUNS: Readonly<Record<string, (context: TableContext) => Promise<TableResult>>> = {
  objects: objectsTable,
  localization: localizationTable,
  transfer: transferTable,
  birds: birdsTable,
  "informative-objects": informativeObjectsTable,
  phrases: phrasesTable,
  "text-detector": textDetectorTable,
  answers: answersTable,
  activities: activitiesTable,
  units: unitsTable,
  ways: waysTable,
};

const heads = JSON.parse(readFileSync(new URL("about.json", import.meta.url), "utf8")) as Readonly<
  Record<string, Pick<ResultTable, "title" | "about">>
>;

export const TABLES: readonly ResultTable[] = Object.entries(heads).map(([id, head]) => ({
  id,
  ...head,
  run: RUNS[id],
}));
