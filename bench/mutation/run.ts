// How sharp the tests are: small changes to the source, one at a time, and whether a test of the same room notices.
// See README.md beside this file.
//
//   node --import tsx bench/mutation/run.ts [--sample 0.2] [--seed 1] [--longest 5] [--minutes 10] [--without killed] [--also TESTS] [--out FILE.json] PATH…
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { globSync } from "tinyglobby";
import { seededRandom, shuffled } from "../../src/kernel-helpers/support/random.js";
import { instrument, type Mutant } from "./instrument.js";
import { testsOf } from "./tests-of.js";
import { tryRoom, type Verdict } from "./try-room.js";

const root = resolve(import.meta.dirname, "../..");
const runner = join(import.meta.dirname, "node-test.ts");
const ROOMS = "src/kernel-helpers";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: "string" },
    seed: { type: "string" },
    longest: { type: "string" },
    minutes: { type: "string" },
    without: { type: "string" },
    also: { type: "string", multiple: true },
    out: { type: "string" },
  },
});
const sources = positionals.flatMap((path) =>
  statSync(join(root, path)).isDirectory() ? globSync(`${path}/**/*.ts`, { cwd: root }).sort() : [path],
);
const folder = copyOfProject();
const all: Record<string, readonly Verdict[]> = {};
try {
  for (const room of new Set(sources.map(roomOf))) {
    await tryAll(
      room,
      sources.filter((source) => roomOf(source) === room),
    );
  }
  process.stdout.write(`${line("all", Object.values(all).flat())}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

/** Sources and tests to be changed at will; everything else is lent. */
function copyOfProject(): string {
  const copy = mkdtempSync(join(tmpdir(), "camlab-mutation-"));
  chmodSync(copy, 0o755);
  for (const name of ["src", "test"]) cpSync(join(root, name), join(copy, name), { recursive: true });
  const lent = [
    "node_modules",
    "package.json",
    "tsconfig.json",
    "models",
    "datasets",
    "dist",
    "bench",
    "scripts",
    "docs",
  ];
  for (const name of lent) symlinkSync(join(root, name), join(copy, name));
  for (const path of globSync("test/**/*.ts", { cwd: copy, absolute: true })) {
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace('from "node:test"', `from ${JSON.stringify(pathToFileURL(runner).href)}`));
  }
  return copy;
}

/** Instruments a room's files, tries their mutants, and tells what became of each file's. */
async function tryAll(room: string, paths: readonly string[]): Promise<void> {
  const { sample = "1", seed = "1", longest = "Infinity", minutes = "Infinity" } = values;
  const mutants: Mutant[] = [];
  const originals = new Map<string, string>();
  const reaching = new Map<string, Set<string>>();
  for (const path of paths) {
    const random = seededRandom(`${seed} ${path}`);
    const original = readFileSync(join(folder, path), "utf8");
    const isWanted = () => random() < Number(sample);
    const instrumented = instrument(path, original, { from: mutants.length + 1, isWanted });
    if (instrumented.mutants.length === 0) continue;
    mutants.push(...instrumented.mutants);
    originals.set(path, original);
    reaching.set(path, new Set());
    for (const below of [join("test/kernel-helpers", room), ...(values.also ?? [])]) {
      for (const test of testsOf(join(folder, below), join(folder, path))) {
        if (values.without === undefined || !test.includes(values.without)) reaching.get(path)!.add(test);
      }
    }
    writeFileSync(join(folder, path), instrumented.code);
  }
  const tests = [...new Set([...reaching.values()].flatMap((some) => [...some]))].sort();
  const done: Verdict[] = [];
  const onVerdict = (verdict: Verdict) => {
    done.push(verdict);
    if (verdict.fate === "survived" || verdict.fate === "unreached") process.stdout.write(shown(verdict));
  };
  await tryRoom({
    folder,
    runner,
    tests,
    testsOf: (path) => tests.filter((test) => reaching.get(path)!.has(test)),
    // In any order, so that what was tried when the time was up is a sample of all.
    mutants: shuffled(mutants, seededRandom(`${seed} ${room}`)),
    longest: 1000 * Number(longest),
    milliseconds: 60_000 * Number(minutes),
    onVerdict,
  });
  for (const path of new Set(mutants.map(({ path }) => path))) {
    all[path] = done.filter((one) => one.path === path);
    process.stdout.write(`${line(path, all[path])}\n`);
  }
  if (values.out) writeFileSync(values.out, JSON.stringify(all, null, 1));
  for (const [path, original] of originals) writeFileSync(join(folder, path), original);
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

function shown({ path, line: at, kind, before, after, fate }: Verdict): string {
  const short = (text: string) => text.replace(/\s+/g, " ").slice(0, 90);
  return `    ${path.slice(ROOMS.length + 1)}:${at}: ${fate}, ${kind}: ${short(before)}  →  ${short(after)}\n`;
}
