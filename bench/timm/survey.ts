// Exports the architectures of networks.txt and more.txt (bench/timm/export.py), opens each, checks what its head promises
// against PyTorch's own scores, and writes docs/networks.md and docs/more-networks.md:
//   node --import tsx bench/timm/survey.ts FOLDER OUT_FOLDER [--jobs N] [--python PYTHON] [--only NAME,…] [--lean]
// Exports lie in FOLDER, those of PyTorch's newer exporter in FOLDER/dynamo; with --lean each is deleted once it has been
// looked at. What was found lies in FOLDER/rows.jsonl: a second call goes on from there. N exports at once, and half as
// many that are opened: as many as there are processors unless given.
import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { createOnnxRuntimeEngine } from "../../src/kernel-helpers/engines/onnxruntime.js";
import { classWeightsFor, scoreOffsetFor } from "../../src/kernel-helpers/graph/head/class-weights.js";
import { activationFunction } from "../../src/kernel-helpers/graph/head/activations.js";
import { findGapHead } from "../../src/kernel-helpers/graph/head/find-gap-head.js";
import type { GapHead } from "../../src/kernel-helpers/graph/head/gap-head.js";
import { readGraph } from "../../src/kernel-helpers/graph/onnx/read-graph.js";
import { writeGraph } from "../../src/kernel-helpers/graph/onnx/write-graph.js";
import { exposeHead, headOutputs } from "../../src/kernel-helpers/graph/surgery/expose-head.js";
import { openNetwork } from "../../src/kernel-helpers/networks/open-network.js";
import { isAssumed } from "../../src/kernel-helpers/networks/opening/token-order.js";
import { messageOf } from "../../src/kernel-helpers/support/errors.js";

/** How a score against PyTorch's may be without a second look. */
const NEAR = 1e-3;

type Exporter = "classic" | "dynamo";

interface Found {
  readonly form: GapHead["form"];
  readonly summary: string;
  readonly maps: string;
  /** Largest difference to PyTorch's scores, over the largest score. */
  readonly logits: number;
  /** The same without ONNX Runtime's optimisations, where it is far. */
  readonly plain?: number;
  /** Largest |Σ w F + offset − S|, over the largest score. */
  readonly identity: number;
  /** Largest |mean of a map − F|, over the largest feature. */
  readonly pooling: number;
}

interface Row {
  readonly name: string;
  readonly exporter: Exporter;
  readonly found?: Found;
  /** Why it is refused. */
  readonly refused?: string;
  /** Why PyTorch did not export it. */
  readonly failed?: string;
}

const HERE = dirname(fileURLToPath(import.meta.url));
const PAGES: readonly { readonly page: string; readonly list: string; readonly exporters: readonly Exporter[] }[] = [
  { page: "networks.md", list: "networks.txt", exporters: ["classic"] },
  { page: "more-networks.md", list: "more.txt", exporters: ["classic", "dynamo"] },
];

/** Looks at the exports that it is told of, one at a time. */
function answer(): void {
  process.on("message", (asked: { readonly path: string }) => {
    void survey(asked.path).then((seen) => process.send?.(seen));
  });
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      jobs: { type: "string", default: String(availableParallelism()) },
      python: { type: "string", default: "python3" },
      only: { type: "string" },
      lean: { type: "boolean", default: false },
    },
  });
  const [folder, out] = positionals;
  if (!folder || !out)
    throw new Error("usage: bench/timm/survey.ts FOLDER OUT_FOLDER [--jobs N] [--only NAME,…] [--lean]");
  mkdirSync(out, { recursive: true });
  mkdirSync(folder, { recursive: true });
  const rows = new Rows(join(folder, "rows.jsonl"));
  const jobs = Number(values.jobs);
  const only = values.only?.split(",");
  const wanted = (list: string) =>
    readFileSync(join(HERE, list), "utf8")
      .trim()
      .split(/\s+/)
      .filter((name) => !only || only.includes(name));
  const surveyors = new Surveyors(Math.ceil(jobs / 2));
  const seen: Promise<void>[] = [];
  for (const exporter of ["dynamo", "classic"] as const) {
    const pages = PAGES.filter(({ exporters }) => exporters.includes(exporter));
    const names = new Set(pages.flatMap(({ list }) => wanted(list)).filter((name) => !rows.get(name, exporter)));
    if (names.size === 0) continue;
    const command = [join(HERE, "export.py"), folder, "--exporter", exporter, "--jobs", String(jobs), ...names];
    const python = spawn(values.python, command, { stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface(python.stdout)) {
      const [state, , name, seconds, ...reason] = line.split(" ");
      console.log(line);
      if (state === "failed") rows.add({ name, exporter, failed: reason.join(" ") });
      if (state !== "ok" || seconds === undefined) continue;
      const path = join(exporter === "dynamo" ? join(folder, "dynamo") : folder, `${name.replace(/\//g, "_")}.onnx`);
      const look = async () => {
        const row = { ...(await surveyors.survey(path)), name, exporter };
        rows.add(row);
        console.log(told(row));
        if (values.lean) removeExport(path);
      };
      seen.push(look());
    }
    if (python.exitCode ?? (await once(python, "exit"))[0]) throw new Error(`${command.join(" ")} failed`);
  }
  await Promise.all(seen);
  surveyors.dispose();
  for (const { page: file, list, exporters } of PAGES) {
    const found = exporters.flatMap((exporter) => wanted(list).map((name) => rows.get(name, exporter)));
    const known = found.filter((row) => row !== undefined);
    if (known.length > 0)
      writeFileSync(
        join(out, file),
        page(known)
          .replace(/\n{3,}/g, "\n\n")
          .replace(/\n+$/, "\n"),
      );
  }
}

/** What was found so far, on disk as it comes. */
class Rows {
  readonly #rows = new Map<string, Row>();

  constructor(readonly file: string) {
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
    for (const line of lines) if (line) this.#set(JSON.parse(line) as Row);
  }

  #set(row: Row): void {
    this.#rows.set(`${row.exporter} ${row.name}`, row);
  }

  get(name: string, exporter: Exporter): Row | undefined {
    return this.#rows.get(`${exporter} ${name}`);
  }

  add(row: Row): void {
    this.#set(row);
    appendFileSync(this.file, `${JSON.stringify(row)}\n`);
  }
}

type Seen = Pick<Row, "found" | "refused">;

const LONGEST = 180_000;

/** Processes that look at exports, each at one at a time. */
class Surveyors {
  readonly #free: ChildProcess[] = [];
  readonly #waiting: ((child: ChildProcess) => void)[] = [];

  constructor(count: number) {
    for (let i = 0; i < count; i++) this.#free.push(this.#start());
  }

  #start(): ChildProcess {
    return fork(fileURLToPath(import.meta.url), { execArgv: ["--import", "tsx"] });
  }

  async survey(path: string): Promise<Seen> {
    const free = this.#free.pop();
    const child = free ?? (await new Promise<ChildProcess>((resolve) => this.#waiting.push(resolve)));
    const seen = await new Promise<Seen>((resolve) => {
      const slow = setTimeout(() => child.kill("SIGKILL"), LONGEST);
      const ended = (code: number | null) =>
        finish({ refused: `the process that opened it ended (${code ?? "killed"})` });
      const finish = (answered: Seen) => {
        clearTimeout(slow);
        child.off("message", finish).off("exit", ended);
        resolve(answered);
      };
      child.once("message", finish).once("exit", ended);
      child.send({ path });
    });
    const next = child.connected ? child : this.#start();
    const asked = this.#waiting.shift();
    if (asked) asked(next);
    else this.#free.push(next);
    return seen;
  }

  dispose(): void {
    for (const child of this.#free) child.disconnect();
  }
}

function told({ name, exporter, found, refused = "" }: Row): string {
  if (!found) return `  ${exporter} ${name} REFUSED ${refused}`;
  const figures = [found.logits, found.identity, found.pooling].map((value) => value.toExponential(1));
  return `  ${exporter} ${name} ${found.form} ${figures.join(" ")}`;
}

/** The network, weights beside it, and what PyTorch made of it; without the last it would be exported again. */
function removeExport(path: string): void {
  const start = basename(path, ".onnx");
  for (const file of readdirSync(dirname(path))) {
    if (file.startsWith(`${start}.onnx`) || file === `${start}.in.bin` || file === `${start}.out.bin`) {
      rmSync(join(dirname(path), file));
    }
  }
}

async function survey(path: string): Promise<Seen> {
  try {
    const graph = await readGraph(path);
    const head = findGapHead(graph);
    // Tokens whose order can't be read must pass the test of the corners, as they do when the network is opened.
    if (isAssumed(head)) (await openNetwork(path, { device: "cpu", threads: 1 })).dispose();
    const bytes = writeGraph(exposeHead(graph, head));
    using engine = await createOnnxRuntimeEngine(bytes, { device: "cpu", threads: 1 });
    const [{ name: input, dims }] = graph.inputs;
    const image = floats(path.replace(/\.onnx$/, ".in.bin"));
    const shape = [1, ...(dims ?? []).slice(1).map(Number)];
    const results = await engine.run({ [input]: { dims: shape, data: image } });
    const outputs = headOutputs(head);
    const logits = head.logits.classes > 0 ? results[outputs.logits].data : new Float32Array(0);
    const features = results[outputs.features].data;
    const maps = results[outputs.featureMaps];
    const expected = floats(path.replace(/\.onnx$/, ".out.bin"));
    const largest = largestOf(logits);
    let identity = 0;
    for (let c = 0; c < Math.min(head.logits.classes, 20); c++) {
      identity = Math.max(identity, Math.abs(scoreOf(head, c, features, maps.data) - logits[c]) / largest);
    }
    const apart = (scores: Float32Array) =>
      scores.reduce((most, score, c) => Math.max(most, Math.abs(score - expected[c])), 0) / (largest || 1);
    const far = apart(logits);
    const { channels, height, width } = head.featureMaps;
    const found: Found = {
      form: head.form,
      summary: head.summary,
      maps: `${channels}×${height ?? "?"}×${width ?? "?"}`,
      logits: far,
      ...(far > NEAR && { plain: apart(await withoutOptimisations(bytes, input, shape, image, outputs.logits)) }),
      identity,
      pooling: poolingError(head, features, maps),
    };
    return { found };
  } catch (error) {
    return { refused: messageOf(error).split("\n")[0] };
  }
}

async function withoutOptimisations(
  bytes: Uint8Array,
  input: string,
  shape: readonly number[],
  image: Float32Array,
  output: string,
): Promise<Float32Array> {
  const session = await InferenceSession.create(bytes, { graphOptimizationLevel: "disabled", intraOpNumThreads: 1 });
  const results = await session.run({ [input]: new Tensor("float32", image, shape) }, [output]);
  await session.release();
  return results[output].data as Float32Array;
}

function scoreOf(head: GapHead, c: number, features: Float32Array, maps: Float32Array): number {
  const weights = classWeightsFor(head, c, features);
  const offset = scoreOffsetFor(head, c, features);
  if (head.form !== "classify-then-pool") return weights.reduce((sum, w, k) => sum + w * features[k], offset);
  const places = maps.length / weights.length;
  const act = head.activation ? activationFunction(head.activation).value : (x: number) => x;
  let [sum, most] = [0, -Infinity];
  for (let p = 0; p < places; p++) {
    const value = act(weights.reduce((total, w, k) => total + w * maps[k * places + p], offset));
    sum += value;
    most = Math.max(most, value);
  }
  return (head.pooling === "max" ? most : sum / places) + (head.outside?.[c] ?? 0);
}

function poolingError(
  { pooling, featureMaps }: GapHead,
  features: Float32Array,
  { dims, data }: { readonly dims: readonly number[]; readonly data: Float32Array },
): number {
  const [, channels, height, width] = dims;
  if (channels !== featureMaps.channels) return Infinity;
  const tokens = featureMaps.tokens?.count ?? height * width;
  if (tokens !== height * width) return NaN;
  let most = 0;
  for (let k = 0; k < channels; k++) {
    const map = data.subarray(k * height * width, (k + 1) * height * width);
    const value =
      pooling === "max" ? map.reduce((a, b) => Math.max(a, b)) : map.reduce((a, b) => a + b, 0) / map.length;
    most = Math.max(most, Math.abs(value - features[k]));
  }
  return most / (largestOf(features) || 1);
}

function page(every: readonly Row[]): string {
  const exported = every.filter(({ failed }) => failed === undefined);
  const all = exported.filter(({ name }) => !name.startsWith("torchvision/"));
  const others = exported.filter(({ name }) => name.startsWith("torchvision/"));
  const failed = every.filter((row) => row.failed !== undefined);
  const found = all.filter((row) => row.found);
  const exact = found.filter((row) => row.found?.form !== "pool-then-network");
  const paths = found.filter((row) => row.found?.form === "pool-then-network");
  const most = (list: readonly Row[], of: (found: Found) => number) =>
    list.reduce((worst, row) => Math.max(worst, row.found ? of(row.found) : 0), 0).toExponential(1);
  const embeddings = found.filter((row) => row.found?.form === "embedding").length;
  return `# Networks that open

${all.length} exports of [timm](https://github.com/huggingface/pytorch-image-models)'s architectures with random weights, opened
by camlab. Made by \`node --import tsx bench/timm/survey.ts FOLDER docs\`, which needs PyTorch and timm: \`networks.txt\` beside it
holds the smallest of each family, \`more.txt\` others of the same kind; "dynamo" is PyTorch's newer exporter.

**${found.length} of ${all.length} give a map.** In ${exact.length} the map is exact: Σ_k w_k F_k + offset is the class score within
${most(exact, ({ identity }) => identity)} of the largest score${embeddings ? ` (${embeddings} of them are embeddings: no classes, but maps of any weights)` : ""}. In
${paths.length} a small network stands behind the pooling: weights along a path, complete within ${most(paths, ({ identity }) => identity)}. The scores are
PyTorch's within ${most(found, ({ logits, plain }) => plain ?? logits)}${rounded(found)}. ${all.length - found.length} are refused, with the reason.

${table(all)}
${others.length ? `\n## torchvision\n\n${table(others)}\n` : ""}${failed.length ? `\n## Not exported\n\n${failures(failed)}\n` : ""}`;
}

/** What is known of scores that are far from PyTorch's. */
function rounded(found: readonly Row[]): string {
  const far = found.flatMap((row) => (row.found?.plain === undefined ? [] : [{ ...row.found, name: nameOf(row) }]));
  return far.length > 0
    ? `, where ${far.map(({ name, logits, plain = 0 }) => `${name} runs without ONNX Runtime's own optimisations (${plain.toExponential(1)}; with them ${logits.toExponential(1)})`).join(" and ")}`
    : "";
}

function nameOf({ name, exporter }: Row): string {
  return `${name.replace(/\//g, "_")}${exporter === "dynamo" ? " (dynamo)" : ""}`;
}

const cell = (text: string) => text.replace(/\|/g, "\\|");

function table(all: readonly Row[]): string {
  const refused = all
    .filter((row) => row.refused !== undefined)
    .map((row) => `| ${nameOf(row)} | ${cell((row.refused ?? "").replace(/^no GAP head in this network: /, ""))} |`);
  return `| architecture | maps | head | Σ w F against the score | score against PyTorch |
|---|---|---|---|---|
${all
  .filter((row) => row.found)
  .map(foundLine)
  .join("\n")}
${refused.length ? `\n| refused | why |\n|---|---|\n${refused.join("\n")}\n` : ""}`;
}

function failures(failed: readonly Row[]): string {
  return `| architecture | what PyTorch says |\n|---|---|\n${failed.map((row) => `| ${nameOf(row)} | ${cell(row.failed ?? "")} |`).join("\n")}`;
}

function foundLine(row: Row): string {
  if (!row.found) return "";
  const { form, maps, summary, identity, logits } = row.found;
  const tail = summary.slice(summary.indexOf("→") + 2).replace(/\/\S*\/(\S+)/g, "$1");
  const figures = form === "embedding" ? "– | –" : `${identity.toExponential(1)} | ${logits.toExponential(1)}`;
  return `| ${nameOf(row)} | ${maps} | ${cell(tail)} | ${figures} |`;
}

function floats(path: string): Float32Array {
  if (!existsSync(path)) return new Float32Array(0);
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function largestOf(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

if (process.send) answer();
else await main();
