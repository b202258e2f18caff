// The tables of results, in the order of the page. A new one: a file in this folder, and a line here.
import { birdsTable } from "./birds.js";
import { objectsTable } from "./objects.js";
import type { ResultTable } from "./table.js";
import { transferTable } from "./transfer.js";

export const TABLES: readonly ResultTable[] = [objectsTable, transferTable, birdsTable];
