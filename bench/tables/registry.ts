// The tables of results, in the order of the page. A new one: a file in this folder, and a line here.
import { activitiesTable } from "./activities.js";
import { answersTable } from "./answers.js";
import { birdsTable } from "./birds.js";
import { informativeObjectsTable } from "./informative-objects.js";
import { localizationTable } from "./localization.js";
import { objectsTable } from "./objects.js";
import { phrasesTable } from "./phrases.js";
import type { ResultTable } from "./table.js";
import { textDetectorTable } from "./text-detector.js";
import { transferTable } from "./transfer.js";
import { unitsTable } from "./units.js";

export const TABLES: readonly ResultTable[] = [
  objectsTable,
  localizationTable,
  transferTable,
  birdsTable,
  informativeObjectsTable,
  phrasesTable,
  textDetectorTable,
  answersTable,
  activitiesTable,
  unitsTable,
];
