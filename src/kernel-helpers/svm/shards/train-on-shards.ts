import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openMultiplier } from "../../engines/multiply.js";
import { loadFeatures } from "../../features/feature-files.js";
import type { FeatureOrigin } from "../../features/feature-table.js";
import { ahead } from "../../support/ahead.js";
import { check, optionNames } from "../../support/check.js";
import { CamlabError, invalid, messageOf } from "../../support/errors.js";
import { contentName, sha256OfFile } from "../../support/hash.js";
import type { Matrix } from "../../support/matrix.js";
import { packageVersion } from "../../support/package-root.js";
import { tellProgress } from "../../support/progress.js";
import { writeWhole } from "../../support/write-file.js";
import { classCosts } from "../class-weights.js";
import { checkProblems, encodeLabels } from "../labels.js";
import { LinearSvm } from "../linear-svm.js";
import { rowMarks } from "../row-marks.js";
import type { SvmOptions } from "../train-options.js";
import { fitSteps, rowTransform } from "../steps.js";
import { openRows, type RowStorage, writeRows } from "./row-file.js";
import { solveStream, type StreamState } from "./stream-newton.js";

/** Rows with their labels. */
export interface LabelledRows extends Matrix {
  readonly labels: readonly string[];
  readonly origin?: FeatureOrigin;
}

/** How an SVM is trained on more rows than memory holds. */
export interface ShardTrainOptions extends Pick<
  SvmOptions,
  "C" | "bias" | "classWeights" | "classes" | "positive" | "tolerance" | "onProgress" | "signal"
> {
  /** Where the rows are kept for reading them again and again, and the checkpoint: called again, training goes on there. */
  readonly folder: string;
  /** `float32`, or `float16`: half the room, each number rounded to 11 bits. */
  readonly storage?: RowStorage;
  /** `["l2Normalise"]`, or nothing. */
  readonly steps?: readonly "l2Normalise"[];
  /** CPU threads; one a core unless given. */
  readonly threads?: number;
}

const OPTIONS = optionNames<ShardTrainOptions>({
  C: true,
  bias: true,
  classWeights: true,
  classes: true,
  positive: true,
  tolerance: true,
  onProgress: true,
  signal: true,
  folder: true,
  storage: true,
  steps: true,
  threads: true,
});

interface Extra {
  /** Each class's name once, and each row's as a place in that list: 40,000 rows' worth a text. */
  readonly names: readonly string[];
  readonly codes: readonly number[];
  readonly marks: readonly number[];
  readonly origin?: FeatureOrigin;
}

/**
 * Trains linear SVMs on a table that comes in shards and need not fit into memory: the problem of `trainLinearSvm` with
 * the squared hinge, to the same tolerance of the optimum, which is certified in float64. The rows are written to a folder
 * once, and read again and again; memory holds blocks of rows, and a margin a row and class. After each of Newton's steps
 * a checkpoint is written. Files that have changed since are read anew; tables as they come are taken for those that the
 * folder holds.
 *
 * @param shards files of features with labels (`.arrow`), or tables as they come
 * @throws CamlabError for labels, numbers or options that cannot be used; the signal's reason when aborted
 * @example
 * const parts = ["birds.parts/part-000001.arrow", "birds.parts/part-000002.arrow"];
 * const birds = await svm.trainOnShards(parts, { folder: "scratch", storage: "float16", C: 0.1 });
 */
export async function trainOnShards(
  shards: readonly string[] | AsyncIterable<LabelledRows>,
  options: ShardTrainOptions,
): Promise<LinearSvm<string>> {
  check.known(options, OPTIONS, "trainOnShards");
  const { folder, storage = "float32", steps = [], C = 1, bias = 1, tolerance = 1e-5, classWeights } = options;
  if (typeof folder !== "string" || folder === "") throw invalid("folder", folder, "a folder for the rows");
  check.oneOf("storage", storage, ["float32", "float16"]);
  check.number("C", C, { above: 0 });
  check.number("bias", bias, { from: 0 });
  check.number("tolerance", tolerance, { above: 0, below: 1 });
  if ((steps as readonly string[]).includes("standardise")) {
    throw new CamlabError('steps on shards are ["l2Normalise"] or none: standardising needs all rows before the first');
  }
  const tables = Array.isArray(shards) ? loaded(shards as readonly string[]) : (shards as AsyncIterable<LabelledRows>);
  const source = Array.isArray(shards) ? await contentsOf(shards as readonly string[], options.signal) : "stream";
  const key = contentName(JSON.stringify([source, storage, steps]));
  const transform = rowTransform(fitSteps({ rows: 0, columns: 1, data: new Float32Array() }, [], steps));
  const about = await writeRows<Extra>(folder, key, storage, () => prepared(tables, transform));
  const { names, codes, marks, origin } = about.extra;
  const encoded = checkProblems(
    encodeLabels(
      codes.map((code) => names[code]),
      options,
    ),
  );
  const costs = classCosts(encoded, classWeights).map((cost) => C * cost);
  const setting = contentName(key, JSON.stringify([about.rows, encoded.classes, [...costs], bias]));
  const checkpoint = join(folder, "checkpoint.json");
  const tell = tellProgress(options.onProgress, "training on shards", encoded.problems.length);
  await using rows = await openRows(folder, about);
  using multiplier = await openMultiplier(options.threads);
  const problems = encoded.problems.length;
  const isPositive = (k: number, row: number) => encoded.isPositive(k, row);
  const { state, fits } = await solveStream(
    { rows, costs, problems, isPositive, bias, tolerance },
    multiplier,
    await readCheckpoint(checkpoint, setting),
    {
      signal: options.signal,
      onStep: async (now, solved) => {
        await writeWhole(checkpoint, checkpointText(setting, now));
        tell(solved);
      },
    },
  );
  const weights = new Float32Array(problems * about.columns);
  state.weights.forEach((w, k) => weights.set(w.subarray(0, about.columns), k * about.columns));
  return new LinearSvm<string>({
    kind: encoded.kind,
    classes: encoded.given as readonly string[],
    weights: { rows: problems, columns: about.columns, data: weights },
    bias: Float32Array.from(state.weights, (w) => (bias ? w[about.columns] * bias : 0)),
    steps,
    trainedOn: Uint32Array.from(marks),
    provenance: {
      solver: "camlab, on shards",
      software: `camlab ${packageVersion()}`,
      ...{ loss: "squared-hinge", C, bias, classWeights, sampleWeights: false, tolerance, seed: 0, rows: about.rows },
      positives: encoded.problems.map((_, k) =>
        codes.reduce((sum, _code, row) => sum + (isPositive(k, row) ? 1 : 0), 0),
      ),
      fits: fits.map(({ passes, ...fit }) => ({ sweeps: 0, fullSweeps: passes, ...fit })),
      notes: { storage },
      ...(origin && { features: origin }),
    },
  });
}

/** Checksums of files, of which a few are open at a time, however many there are. */
async function contentsOf(files: readonly string[], signal: AbortSignal | undefined): Promise<string[]> {
  const contents: string[] = [];
  for await (const content of ahead(files, contentOf, { limit: 4, signal })) contents.push(content);
  return contents;
}

/** @throws CamlabError for a file that cannot be read */
async function contentOf(file: string): Promise<string> {
  try {
    return await sha256OfFile(file);
  } catch (error) {
    throw new CamlabError(`cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
}

async function* loaded(files: readonly string[]): AsyncGenerator<LabelledRows> {
  for (const file of files) {
    const { rows, columns, data, labels, origin } = await loadFeatures(file);
    if (rows > 0) yield { rows, columns, data, labels, origin };
  }
}

async function* prepared(tables: AsyncIterable<LabelledRows>, transform: (row: Float32Array) => void) {
  const places = new Map<string, number>();
  const [codes, marks]: [number[], number[]] = [[], []];
  let origin: FeatureOrigin | undefined;
  for await (const table of tables) {
    if (table.labels.length !== table.rows) {
      throw invalid("labels.length", table.labels.length, `one a row: ${table.rows}`);
    }
    origin ??= table.origin;
    for (const mark of rowMarks(table)) marks.push(mark);
    for (const label of table.labels) {
      if (!places.has(label)) places.set(label, places.size);
      codes.push(places.get(label)!);
    }
    const data = table.data.slice();
    for (let row = 0; row < table.rows; row++) transform(data.subarray(row * table.columns, (row + 1) * table.columns));
    yield { columns: table.columns, data };
  }
  return { names: [...places.keys()], codes, marks, ...(origin && { origin }) };
}

function checkpointText(setting: string, { weights, steps }: StreamState): string {
  const texts = weights.map((w) => Buffer.from(w.buffer, w.byteOffset, w.byteLength).toString("base64"));
  return JSON.stringify({ version: 1, setting, steps, weights: texts });
}

async function readCheckpoint(path: string, setting: string): Promise<StreamState | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const saved = JSON.parse(text) as { setting: string; steps: number; weights: string[] };
  if (saved.setting !== setting) return undefined;
  const weights = saved.weights.map((one) => new Float64Array(new Uint8Array(Buffer.from(one, "base64")).buffer));
  return { steps: saved.steps, weights };
}
