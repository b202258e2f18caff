/*
 * camlab's linear SVM beside liblinear, scikit-learn and ml-svm: training time, objective, weights, predictions.
 *
 *     npm run build && npx tsx bench/svm/compare.ts [--rounds 5] [--classes 200] [--rows 6000] [--columns 1024]
 *                                                   [--length unit|long] [--skip-scikit]
 *
 * Needs a C compiler and liblinear's library (Debian: gcc, liblinear-dev), and a Python with scikit-learn, named by the
 * environment variable PYTHON (python3 unless set).
 *
 * What is timed: training alone, in one process each, in turn, round after round; medians are shown.
 * - liblinear: train() alone, called from liblinear_train.c on rows already in its own form (its own program spends
 *   more time reading text than learning). `-s 1 -c 1 -B 1`, at its default -e 0.1 and at -e 1e-4.
 * - scikit-learn: LinearSVC.fit alone, with its defaults; once on the many classes, where it takes minutes.
 * - camlab: the whole of `await trainLinearSvm(...)`, from dist/: checks, copy, threads' start, training.
 * - ml-svm: on the two-class problem only, once: it takes seconds there.
 * Objectives are sums over the classes of ½‖w‖² + Σ max(0, 1 − y w·x)² in float64, of the weights as returned.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Matrix } from "../../src/kernel-helpers/support/matrix.js";
import { selectRows } from "../../src/kernel-helpers/support/matrix.js";
import { median } from "../../src/kernel-helpers/support/statistics.js";
import type { GapLike } from "./gap-like.js";
import { benchArguments } from "../arguments.js";
import { gapLike } from "./gap-like.js";

const { values: given } = benchArguments(
  { rounds: "5", classes: "200", rows: "6000", columns: "1024", length: "unit" },
  ["skip-scikit"],
);
const rounds = Number(given.rounds);
const length = given.length === "long" ? "long" : "unit";
const here = fileURLToPath(new URL(".", import.meta.url));
const built = new URL("../../dist/esm/kernel-helpers/svm/train-linear-svm.js", import.meta.url).href;
const { trainLinearSvm } = (await import(built)) as typeof import("../../src/kernel-helpers/svm/train-linear-svm.js");
const folder = mkdtempSync(join(tmpdir(), "camlab-bench-svm-"));

/** How one training went: `classes × (columns + 1)` weights, the bias last. */
interface Run {
  readonly milliseconds: number;
  /** Milliseconds of CPU time, of all threads: what the clock would show if each thread had a core to itself, added up. */
  readonly cpu: number;
  readonly weights: Float64Array;
}

/** All trainings of one solver, and the last of them. */
interface Runs {
  readonly times: readonly number[];
  readonly cpu: readonly number[];
  readonly run: Run;
}

type Peer = readonly [name: string, train: () => Run | Promise<Run>];

try {
  execFileSync("cc", ["-O2", join(here, "liblinear_train.c"), "-o", join(folder, "liblinear"), "-llinear", "-lm"]);
  console.log(`${cpus().length} × ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}, Node ${process.version}\n`);
  await compareMany(Number(given.rows), Number(given.columns), Number(given.classes));
  await compareTwo(1000, 768);
} finally {
  rmSync(folder, { recursive: true });
}

async function compareMany(rows: number, columns: number, classes: number): Promise<void> {
  const testRows = 2000;
  const all = gapLike(rows + testRows, columns, classes, { length, noise: 1.5, seed: 1 });
  const [train, test] = [part(all, 0, rows), part(all, rows, rows + testRows)];
  console.log(`${classes} classes × ${rows} rows × ${columns} columns, ${length} rows`);
  const runs = await inTurn(peersOn(train, "many"));
  if (!given["skip-scikit"]) for (const [name, run] of await inTurn([scikit("many", train)], 1)) runs.set(name, run);
  report(runs, train, test);
}

async function compareTwo(rows: number, columns: number): Promise<void> {
  const all = gapLike(2 * rows, columns, 2, { length, noise: 1.5, seed: 2 });
  const [train, test] = [part(all, 0, rows), part(all, rows, 2 * rows)];
  console.log(`\n2 classes × ${rows} rows × ${columns} columns, ${length} rows`);
  const first = firstCall("two", train);
  const runs = await inTurn([...peersOn(train, "two"), scikit("two", train)], 2 * rounds + 1);
  const started = performance.now();
  let ml = "";
  try {
    await trainLinearSvm(train.features, train.labels, { solver: "ml-svm" });
  } catch (error) {
    ml = ` (${String(error)})`;
  }
  report(runs, train, test);
  console.log(`ml-svm, once: ${(performance.now() - started).toFixed(0)} ms${ml}`);
  console.log(`camlab's first call in a new process: ${first.map((time) => time.toFixed(0)).join(", ")} ms`);
}

function peersOn(train: GapLike, name: string): Peer[] {
  return [
    ["camlab", () => ours(train)],
    ["liblinear -e 0.1", () => liblinear(name, train, "0.1")],
    ["liblinear -e 1e-4", () => liblinear(name, train, "1e-4")],
  ];
}

async function ours({ features, labels }: GapLike): Promise<Run> {
  const started = performance.now();
  const before = process.cpuUsage();
  const svm = await trainLinearSvm(features, labels);
  const milliseconds = performance.now() - started;
  const used = process.cpuUsage(before);
  const weights = svm.classes.flatMap((name) => [...svm.weightsOf(name), svm.biasOf(name)]);
  return { milliseconds, cpu: (used.user + used.system) / 1000, weights: Float64Array.from(weights) };
}

function liblinear(name: string, train: GapLike, epsilon: string): Run {
  const [x, y] = filesOf(name, train);
  const { rows, columns } = train.features;
  const out = join(folder, "weights.f64");
  const words = [x, y, String(rows), String(columns), "1", "1", epsilon, out];
  return { ...timesOf(execFileSync(join(folder, "liblinear"), words)), weights: doubles(out) };
}

function scikit(name: string, train: GapLike): Peer {
  return [
    "scikit-learn",
    () => {
      const [x, y] = filesOf(name, train);
      const { rows, columns } = train.features;
      const out = join(folder, "weights.f64");
      const words = [join(here, "scikit_train.py"), x, y, String(rows), String(columns), "1", out];
      return { ...timesOf(execFileSync(process.env.PYTHON ?? "python3", words)), weights: doubles(out) };
    },
  ];
}

/** Five new processes: the first call in each, modules already loaded. */
function firstCall(name: string, train: GapLike): number[] {
  const [x, y] = filesOf(name, train);
  const { rows, columns } = train.features;
  const script = `
    import { readFileSync } from "node:fs";
    import { trainLinearSvm } from ${JSON.stringify(built)};
    const bytes = (path) => { const b = readFileSync(path); return b.buffer.slice(b.byteOffset, b.byteOffset + b.length); };
    const data = new Float32Array(bytes(${JSON.stringify(x)}));
    const labels = new Int32Array(bytes(${JSON.stringify(y)}));
    const started = performance.now();
    await trainLinearSvm({ rows: ${rows}, columns: ${columns}, data }, labels);
    console.log(performance.now() - started);`;
  const words = ["--input-type=module", "-e", script];
  return Array.from({ length: 5 }, () => Number(execFileSync(process.execPath, words)));
}

async function inTurn(peers: readonly Peer[], times = rounds): Promise<Map<string, Runs>> {
  const results = new Map<string, Runs>();
  for (let round = 0; round < times; round++) {
    for (const [name, train] of peers) {
      const run = await train();
      const { times, cpu } = results.get(name) ?? { times: [], cpu: [] };
      results.set(name, { times: [...times, run.milliseconds], cpu: [...cpu, run.cpu], run });
    }
  }
  return results;
}

function report(results: Map<string, Runs>, train: GapLike, test: GapLike): void {
  const own = results.get("camlab");
  const reference = results.get("liblinear -e 1e-4")?.run.weights;
  if (!own || !reference) throw new Error("camlab and liblinear must both have run");
  const base = objective(train, reference);
  const wanted = predictions(test.features, reference);
  const rows = [...results].map(([name, { times, cpu, run }]) => {
    const same = predictions(test.features, run.weights).filter((label, row) => label === wanted[row]).length;
    return {
      solver: name,
      "median ms": Number(median(times).toFixed(1)),
      "least–most": `${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)}`,
      "× camlab": Number((median(times) / median(own.times)).toFixed(2)),
      "CPU ms": Number(median(cpu).toFixed(1)),
      "objective / liblinear 1e-4": (objective(train, run.weights) / base).toFixed(6),
      "least cosine": leastCosine(run.weights, reference, train.features.columns + 1).toFixed(6),
      "same predictions": `${((100 * same) / wanted.length).toFixed(2)} %`,
    };
  });
  console.table(rows);
}

function objective({ features, labels }: GapLike, weights: Float64Array): number {
  const { rows, columns, data } = features;
  const classes = weights.length / (columns + 1);
  let total = 0;
  for (let c = 0; c < classes; c++) {
    const w = weights.subarray(c * (columns + 1), (c + 1) * (columns + 1));
    for (const value of w) total += 0.5 * value * value;
    for (let row = 0; row < rows; row++) {
      let decision = w[columns];
      for (let k = 0; k < columns; k++) decision += w[k] * data[row * columns + k];
      const slack = 1 - (labels[row] === c ? decision : -decision);
      if (slack > 0) total += slack * slack;
    }
  }
  return total;
}

function predictions({ rows, columns, data }: Matrix, weights: Float64Array): number[] {
  const classes = weights.length / (columns + 1);
  return Array.from({ length: rows }, (_, row) => {
    let [best, label] = [-Infinity, 0];
    for (let c = 0; c < classes; c++) {
      let decision = weights[c * (columns + 1) + columns];
      for (let k = 0; k < columns; k++) decision += weights[c * (columns + 1) + k] * data[row * columns + k];
      if (decision > best) [best, label] = [decision, c];
    }
    return label;
  });
}

function leastCosine(a: Float64Array, b: Float64Array, width: number): number {
  let least = 1;
  for (let at = 0; at < a.length; at += width) {
    let [ab, aa, bb] = [0, 0, 0];
    for (let k = at; k < at + width; k++) {
      ab += a[k] * b[k];
      aa += a[k] * a[k];
      bb += b[k] * b[k];
    }
    least = Math.min(least, ab / Math.sqrt(aa * bb));
  }
  return least;
}

function part({ features, labels }: GapLike, from: number, to: number): GapLike {
  const rows = Array.from({ length: to - from }, (_, i) => from + i);
  return { features: selectRows(features, rows), labels: labels.slice(from, to) };
}

function filesOf(name: string, { features, labels }: GapLike): [string, string] {
  const paths: [string, string] = [join(folder, `${name}.f32`), join(folder, `${name}.i32`)];
  writeFileSync(paths[0], features.data);
  writeFileSync(paths[1], labels);
  return paths;
}

function timesOf(printed: Buffer): Omit<Run, "weights"> {
  const [milliseconds, cpu] = String(printed).trim().split(" ").map(Number);
  return { milliseconds, cpu };
}

function doubles(path: string): Float64Array {
  const bytes = readFileSync(path);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
