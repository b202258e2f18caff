// npm run notebooks [-- NAME …] [--update]: executes the notebooks whose names begin so (all, when none is named) and
// compares what they print and draw with what they printed and drew when they were committed. Ends with exit code 1 on a
// difference beyond noise. --update keeps the new outputs in place of the old ones, small enough to be
// committed; --light makes committed ones so without a run.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lightNotebook } from "./light-notebook.js";
import { figureDifferences } from "./notebook-figures.js";
import { type NotebookCells, notebookDifferences } from "./notebook-differences.js";

const FOLDER = "notebooks";
const words = process.argv.slice(2);
const [light, update] = ["--light", "--update"].map((flag) => words.includes(flag));
const names = words.filter((word) => word !== "--light" && word !== "--update");
const all = readdirSync(FOLDER).filter((file) => /^\d.*\.ipynb$/.test(file));
const unknown = names.filter((name) => !all.some((file) => file.startsWith(name)));
if (unknown.length) {
  console.error(`no notebook begins with ${unknown.join(", ")} (there are ${all.join(", ")})`);
  process.exit(2);
}

const temporary = mkdtempSync(join(tmpdir(), "camlab-notebooks-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));
let failed = 0;
for (const file of all.filter((file) => !names.length || names.some((name) => file.startsWith(name)))) {
  const [committed, output] = [join(FOLDER, file), join(temporary, file)];
  if (light) {
    writeFileSync(committed, `${JSON.stringify(await lightNotebook(read(committed)), null, 1)}\n`);
    continue;
  }
  const began = performance.now();
  const { status } = spawnSync(process.execPath, ["bin/camlab.js", "run", committed, "--output", output], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  if (status !== 0) {
    console.log(`${file}: failed after ${minutes} min`);
    failed++;
    continue;
  }
  const [was, is] = [read(committed), read(output)];
  const differences = [...notebookDifferences(was, is), ...(await figureDifferences(was, is))];
  console.log(`${file}: ${minutes} min, ${differences.length ? `${differences.length} differences` : "as committed"}`);
  for (const line of differences) console.log(`  ${line}`);
  if (update) writeFileSync(committed, `${JSON.stringify(await lightNotebook(is), null, 1)}\n`);
  else if (differences.length) failed++;
}
process.exitCode = failed ? 1 : 0;

function read(file: string): NotebookCells {
  return JSON.parse(readFileSync(file, "utf8")) as NotebookCells;
}
