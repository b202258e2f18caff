// npm run notebooks [-- NAME …] [--update]: executes the notebooks whose names begin so (all, when none is named) and
// compares what they print with what they printed when they were committed. Ends with exit code 1 on a difference
// beyond noise. --update keeps the new outputs in place of the old ones.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NotebookCells, notebookDifferences } from "./notebook-differences.js";

const FOLDER = "notebooks";
const names = process.argv.slice(2).filter((word) => word !== "--update");
const update = process.argv.includes("--update");
const all = readdirSync(FOLDER).filter((file) => file.endsWith(".ipynb"));
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
  const differences = notebookDifferences(read(committed), read(output));
  console.log(`${file}: ${minutes} min, ${differences.length ? `${differences.length} lines differ` : "as committed"}`);
  for (const line of differences) console.log(`  ${line}`);
  if (update) copyFileSync(output, committed);
  else if (differences.length) failed++;
}
process.exitCode = failed ? 1 : 0;

function read(file: string): NotebookCells {
  return JSON.parse(readFileSync(file, "utf8")) as NotebookCells;
}
