// `node scripts/check-types.js 5.9 6 7`: installs the package, as npm packs it, and those versions of TypeScript into an
// empty folder, and checks a program that uses camlab's types, with the libraries checked too (skipLibCheck: false).
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PROGRAM = `
import * as camlab from "camlab";
import { camGrid, look, type notebook, openNetwork, widgets } from "camlab";

async function main(): Promise<void> {
  const network = await openNetwork();
  const seen = await look(network, "photo.jpg");
  await camGrid(seen).save("photo.png");
  const name: string = seen.top[0].name;
  const rows: number = (await widgets.probeTable([])).filter((row: { accuracy: number }) => row.accuracy > 0.5).numRows();
  // @ts-expect-error a table has no such verb
  (await widgets.probeTable([])).nosuch();
  // @ts-expect-error a score is a number
  const score: string = seen.top[0].score;
  const run: notebook.NotebookRun = await camlab.notebook.runNotebook("a.ipynb");
  console.log(name, rows, score, run.cells);
}
void main();
`;

/** Ways in which programs are compiled: kind of file, module, resolution. */
const WAYS = [
  ["cts", "node16", "node16"],
  ["mts", "nodenext", "nodenext"],
  ["mts", "esnext", "bundler"],
];

/** What a compiler says of the program, one text for each way in which it says anything. */
export function typeErrors(folder, tsc) {
  return WAYS.flatMap(([ending, module, resolution]) => {
    const file = `program.${ending}`;
    writeFileSync(join(folder, file), PROGRAM);
    const options = ["--noEmit", "--strict", "--skipLibCheck", "false", "--target", "es2022", "--lib", "es2022"];
    const way = ["--module", module, "--moduleResolution", resolution];
    const { stdout, status } = spawnSync(process.execPath, [tsc, ...options, ...way, file], {
      cwd: folder,
      encoding: "utf8",
    });
    return status === 0 ? [] : [`${file}, ${module}, ${resolution}:\n${stdout}`];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));

function main(versions) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "camlab-types-"));
  try {
    const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
    const [{ filename }] = JSON.parse(execFileSync("npm", pack, { cwd: root, encoding: "utf8", maxBuffer: 1e8 }));
    writeFileSync(join(folder, "package.json"), '{ "private": true }');
    const compilers = versions.map((version) => `ts-${version}@npm:typescript@${version}`);
    const install = ["install", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
    execFileSync("npm", [...install, join(folder, filename), ...compilers], { cwd: folder, stdio: "ignore" });
    for (const version of versions) {
      const tsc = join(folder, "node_modules", `ts-${version}`, "bin", "tsc");
      const found = typeErrors(folder, tsc);
      console.log(`TypeScript ${version}: ${found.length === 0 ? "no error" : found.join("\n")}`);
      if (found.length > 0) process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
