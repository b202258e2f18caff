// How sharp the tests are: small changes to the source, one at a time, and whether a test of the same room notices.
// See README.md beside this file.
//
//   node --import tsx bench/mutation/run.ts [--sample 0.2] [--seed 1] [--out FILE.json] PATH…
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { globSync } from "tinyglobby";
import { instrument } from "./instrument.js";
import { testsOf } from "./tests-of.js";
import { tryFile, type Verdict } from "./try-file.js";

const root = resolve(import.meta.dirname, "../..");
const runner = join(import.meta.dirname, "node-test.ts");
const ROOMS = "src/kernel-helpers";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: "string" }, seed: { type: "string" }, out: { type: "string" } },
});
const sources = positionals.flatMap((path) =>
  statSync(join(root, path)).isDirectory() ? globSync(`${path}/**/*.ts`, { cwd: root }).sort() : [path],
);
const folder = copyOfProject();
const all: Record<string, readonly Verdict[]> = {};
try {
  for (const source of sources) {
    const verdicts = await tried(source);
    all[source] = verdicts;
    process.stdout.write(`${line(source, verdicts)}\n`);
    for (const one of verdicts)
      if (one.fate === "survived" || one.fate === "unreached") process.stdout.write(shown(one));
    if (values.out) writeFileSync(values.out, JSON.stringify(all, null, 1));
  }
  process.stdout.write(`${line("all", Object.values(all).flat())}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

/** Sources and tests to be changed at will; everything else is lent. */
function copyOfProject(): string {
  const copy = mkdtempSync(join(tmpdir(), "camlab-mutation-"));
  for (const name of ["src", "test"]) cpSync(join(root, name), join(copy, name), { recursive: true });
  const lent = ["node_modules", "package.json", "tsconfig.json", "models", "datasets", "dist", "bench", "scripts"];
  for (const name of lent) symlinkSync(join(root, name), join(copy, name));
  for (const path of globSync("test/**/*.ts", { cwd: copy, absolute: true })) {
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace('from "node:test"', `from ${JSON.stringify(pathToFileURL(runner).href)}`));
  }
  return copy;
}

async function tried(source: string): Promise<readonly Verdict[]> {
  const path = join(folder, source);
  const original = readFileSync(path, "utf8");
  const { code, mutants } = instrument(source, original);
  if (mutants.length === 0) return [];
  const tests = testsOf(join(folder, "test/kernel-helpers", roomOf(source)), path);
  writeFileSync(path, code);
  try {
    const { sample = "1", seed = "1" } = values;
    return await tryFile({ folder, runner, tests, mutants, sample: Number(sample), seed: `${seed} ${source}` });
  } finally {
    writeFileSync(path, original);
  }
}

/** `cam`, `svm`; of discovery the task, too. */
function roomOf(source: string): string {
  const parts = relative(ROOMS, source).split("/");
  return parts.slice(0, parts[0] === "discovery" ? 2 : 1).join("/");
}

function line(name: string, verdicts: readonly Verdict[]): string {
  const count = (fate: Verdict["fate"]) => verdicts.filter((one) => one.fate === fate).length;
  const caught = count("killed") + count("endless");
  const share = verdicts.length > 0 ? ((100 * caught) / verdicts.length).toFixed(1) : "–";
  return `${share} %  ${caught} of ${verdicts.length} (endless ${count("endless")}, unreached ${count("unreached")})  ${name}`;
}

function shown({ line: at, kind, before, after, fate }: Verdict): string {
  const short = (text: string) => text.replace(/\s+/g, " ").slice(0, 90);
  return `    ${at}: ${fate}, ${kind}: ${short(before)}  →  ${short(after)}\n`;
}
