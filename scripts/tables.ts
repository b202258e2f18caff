// npm run tables [-- ID …]: measures the tables of bench/tables/registry.ts and writes docs/results.md (and
// docs/results.json, from which a table that is not measured anew is taken). Ends with exit code 1 when a target is
// missed. CAMLAB_REAL adds the rows that need real photographs.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { commitMeasured, machineMeasured, versionsMeasured } from "../bench/tables/measured-on.js";
import { TABLES } from "../bench/tables/registry.js";
import { type MeasuredTable, resultsPage } from "../bench/tables/results-page.js";
import type { TableContext } from "../bench/tables/table.js";
import { openNetwork } from "../src/index.js";

const JSON_FILE = "docs/results.json";
const GMP_FOLDER = "bench/embedded/objects-gmp";

const wanted = process.argv.slice(2);
const unknown = wanted.filter((id) => !TABLES.some((table) => table.id === id));
if (unknown.length) {
  console.error(`no such table: ${unknown.join(", ")} (there are ${TABLES.map(({ id }) => id).join(", ")})`);
  process.exit(2);
}

const network = await openNetwork(process.env.CAMLAB_NETWORK);
const gmp = existsSync(GMP_FOLDER) ? await openNetwork(GMP_FOLDER) : undefined;
const say = (line: string) => console.error(line);
const context: TableContext = { network, gmp, real: process.env.CAMLAB_REAL, say };
let missed = 0;
for (const table of TABLES) {
  if (wanted.length && !wanted.includes(table.id)) continue;
  say(`${table.id}: ${table.title}`);
  const began = performance.now();
  const result = await table.run(context);
  const seconds = (performance.now() - began) / 1000;
  const measured = {
    commit: commitMeasured(),
    network: network.card.name,
    versions: versionsMeasured(),
    machine: machineMeasured(),
    seconds,
  };
  const found = write({ id: table.id, title: table.title, about: table.about, result, measured });
  missed = found.flatMap(({ result }) => result.targets ?? []).filter(({ met }) => !met).length;
  for (const { what, wanted: target, measured: value, met } of result.targets ?? [])
    say(`  ${met ? "met  " : "SHORT"} ${what}: ${value} (wanted ${target})`);
}
network.dispose();
gmp?.dispose();
process.exitCode = missed ? 1 : 0;
console.log("docs/results.md");

/** Adds a table to those measured before, by this run or another that goes on beside it, and writes all of them. */
function write(table: MeasuredTable): readonly MeasuredTable[] {
  const before = existsSync(JSON_FILE) ? (JSON.parse(readFileSync(JSON_FILE, "utf8")) as MeasuredTable[]) : [];
  const found = new Map([...before, table].map((each) => [each.id, each]));
  const tables = TABLES.flatMap(({ id }) => found.get(id) ?? []);
  writeFileSync(JSON_FILE, JSON.stringify(tables, undefined, 1) + "\n");
  writeFileSync("docs/results.md", resultsPage(tables));
  return tables;
}
