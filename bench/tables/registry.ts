// The tables of results, in the order of the page. A new one: a file in this folder, and a line here.
import type { ResultTable } from "./table.js";

export const TABLES: readonly ResultTable[] = [];
