// camlab beside its peers: every row of docs/speed.md, ours and theirs in turn, round after round.
//
//     npm run build && CAMLAB_REAL=/path npm run peers -- --python .venv/bin/python [--jupyter PYTHON] [--deno deno]
//                                                         [--rounds 5] [--rows look,once] [--write docs/speed.md]
//
// `--python` has numpy, pillow, opencv-python-headless, onnx, onnxruntime, torch and torchcam; `--jupyter` (the same unless
// given) ipykernel. liblinear wants a C compiler and its library (Debian: gcc, liblinear-dev). What is missing makes its
// rows say so. The first round warms up and is not counted.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { exposeHead } from "../../src/kernel-helpers/graph/surgery/expose-head.js";
import { findGapHead } from "../../src/kernel-helpers/graph/head/find-gap-head.js";
import { readGraph } from "../../src/kernel-helpers/graph/onnx/read-graph.js";
import { writeGraph } from "../../src/kernel-helpers/graph/onnx/write-graph.js";
import { messageOf } from "../../src/kernel-helpers/support/errors.js";
import { writeNpy } from "../../src/kernel-helpers/support/files/npy.js";
import { benchArguments } from "../arguments.js";
import { gapLike } from "../svm/gap-like.js";
import { type Kernel, measureKernel, measureTen } from "./kernels.js";
import { type Measured, speedPage } from "./page.js";
import { type Contender, type Row, ROWS } from "./rows.js";

const { values } = benchArguments({ python: "python3", jupyter: "", deno: "deno", rounds: "5", rows: "", write: "" });
const real = process.env.CAMLAB_REAL;
if (!real) throw new Error("set CAMLAB_REAL to the folder of the real photographs and weights");
const root = fileURLToPath(new URL("../..", import.meta.url));
const here = (name: string) => join(root, "bench/peers", name);
const work = mkdtempSync(join(tmpdir(), "camlab-peers-"));
const photos = join(real, "data/imagenet-photos");
const model = join(real, "models/mobilenet_v1_0.75_224");
const rounds = Number(values.rounds);
const wanted = values.rows.split(",").filter(Boolean);
const isWanted = ({ id }: Row) => wanted.length === 0 || wanted.includes(id);

const KERNELS: Record<string, Kernel> = {
  camlab: { argv: undefined, cell: "const v = [1, 'a']; v" },
  ipykernel: {
    argv: [values.jupyter || values.python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    cell: "v = [1, 'a']; v",
  },
  Deno: {
    argv: [values.deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
    cell: "{ const v = [1, 'a']; v }",
    transport: "tcp",
  },
};

/** What a contender needs for one task, or why it cannot be done here. */
type Outcome = { readonly value: number } | { readonly missing: string };

/** A process that is told tasks by lines and answers by lines. */
class Lines {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(command: string, words: readonly string[]) {
    this.#process = spawn(command, words, { cwd: root, stdio: ["pipe", "pipe", "ignore"] });
    this.#process.on("error", () => undefined);
    this.#answers = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  async start(): Promise<this> {
    await this.#next();
    return this;
  }

  async ask(task: string): Promise<Outcome> {
    this.#process.stdin!.write(`${task}\n`);
    return this.#next();
  }

  end(): void {
    this.#process.stdin?.end();
    this.#process.kill();
  }

  async #next(): Promise<Outcome> {
    for (;;) {
      const { value, done } = (await this.#answers.next()) as { value: string; done?: boolean };
      if (done) return { missing: "its process ended" };
      if (value.startsWith("{")) return JSON.parse(value) as Outcome;
    }
  }
}

const processes = new Map<string, Promise<Lines>>();
function lines(by: "camlab" | "python"): Promise<Lines> {
  const start = () =>
    by === "camlab"
      ? new Lines(process.execPath, ["--import", "tsx", here("camlab-tasks.ts"), real!])
      : new Lines(values.python, [here("peers.py"), work, photos]);
  if (!processes.has(by)) processes.set(by, start().start());
  return processes.get(by)!;
}

/** Figures that one run of a contender gives together: asked for once a round. */
const thisRound = new Map<string, Promise<Record<string, number>>>();

/** Milliseconds before each measurement: threads of whoever worked last go on spinning for a while, on either side. */
const PAUSE = 500;

async function outcomeOf({ by, task }: Contender): Promise<Outcome> {
  await sleep(PAUSE);
  try {
    switch (by) {
      case "camlab":
      case "python":
        return await (await lines(by)).ask(task);
      case "commands":
        return { value: await wholeProcess(task) };
      case "liblinear":
        return { value: liblinear() };
      case "kernels": {
        const [name, figure] = task.split(" ");
        const together = figure === "ten" || figure === "memory" ? "ten" : "one";
        const key = `${name} ${together}`;
        const measure = together === "ten" ? measureTen : measureKernel;
        if (!thisRound.has(key)) thisRound.set(key, measure(KERNELS[name]));
        return { value: (await thisRound.get(key)!)[figure] };
      }
    }
  } catch (error) {
    return { missing: messageOf(error).split("\n")[0] };
  }
}

/** Seconds from a process's start to its end. */
async function wholeProcess(task: string): Promise<number> {
  const photo = join(photos, readdirSync(photos).sort()[0]);
  const [command, ...words] =
    task === "look"
      ? [process.execPath, join(root, "bin/camlab.js"), "look", photo, "--network", "mobilenet_v1_0.75_224"]
      : [values.python, here(task), work, photo, join(model, "classes.json")];
  const begun = performance.now();
  const child = spawn(command, words, {
    stdio: "ignore",
    env: { ...process.env, CAMLAB_MODELS: join(real!, "models") },
  });
  const [code] = (await once(child, "exit")) as [number];
  if (code !== 0) throw new Error(`${command} ${words[0]} ended with code ${code}`);
  return (performance.now() - begun) / 1000;
}

/** Milliseconds of liblinear's own training, without reading text. */
function liblinear(): number {
  const [x, y, program] = ["svm.f32", "svm.i32", "liblinear"].map((name) => join(work, name));
  if (!readdirSync(work).includes("liblinear")) {
    const { features, labels } = gapLike(1000, 768, 2, { length: "unit", noise: 1.5, seed: 2 });
    writeFileSync(x, features.data);
    writeFileSync(y, labels);
    const source = join(root, "bench/svm/liblinear_train.c");
    try {
      execFileSync("cc", ["-O2", source, "-o", program, "-llinear", "-lm"], { stdio: "ignore" });
    } catch {
      throw new Error("no C compiler, or no liblinear: apt-get install gcc liblinear-dev");
    }
  }
  const words = [x, y, "1000", "768", "1", "1", "0.1", join(work, "svm.f64")];
  return Number(execFileSync(program, words, { encoding: "utf8" }).split(" ")[0]);
}

async function prepare(): Promise<void> {
  const graph = await readGraph(join(model, "model.onnx"));
  const head = findGapHead(graph);
  writeFileSync(join(work, "exposed.onnx"), writeGraph(exposeHead(graph, head)));
  copyFileSync(join(model, "model.onnx"), join(work, "model.onnx"));
  // Classes × channels, as the head holds them.
  await writeNpy(join(work, "weights.npy"), { shape: [1000, 768], data: head.weights });
}

async function measure(): Promise<Measured[]> {
  const contenders = new Map<string, Contender>();
  for (const { ours, peer } of ROWS.filter(isWanted)) {
    for (const one of [ours, peer]) contenders.set(`${one.by} ${one.task}`, one);
  }
  const found = new Map<string, { values: number[]; missing?: string }>();
  for (let round = 0; round <= rounds; round++) {
    thisRound.clear();
    for (const [key, one] of contenders) {
      const kept = found.get(key) ?? { values: [] };
      found.set(key, kept);
      if (kept.missing !== undefined) continue;
      const outcome = await outcomeOf(one);
      if ("missing" in outcome) kept.missing = outcome.missing;
      else if (round > 0) kept.values.push(outcome.value);
      process.stderr.write(`${round} ${key}: ${"value" in outcome ? outcome.value.toFixed(3) : outcome.missing}\n`);
    }
  }
  const leftOut = { values: [], missing: "left out of this run (--rows)" };
  const of = ({ by, task }: Contender) => found.get(`${by} ${task}`) ?? leftOut;
  return ROWS.map((row) => ({ row, ours: of(row.ours), peer: of(row.peer) }));
}

function peerVersions(): string {
  const script =
    "import importlib.metadata as m, platform\n" +
    "print('Python ' + platform.python_version(), *[f'{n} {m.version(n)}' for n in ['onnxruntime', 'torch', 'torchcam', " +
    "'opencv-python-headless', 'pillow', 'ipykernel'] if any(True for d in m.distributions() if (d.metadata['Name'] or '').lower() == n)], sep=', ')";
  const versions = [...new Set([values.python, values.jupyter].filter(Boolean))].map((python) => {
    try {
      return execFileSync(python, ["-c", script], { encoding: "utf8" }).trim();
    } catch {
      return "";
    }
  });
  try {
    versions.push(execFileSync(values.deno, ["--version"], { encoding: "utf8" }).split(" (")[0]);
  } catch {
    // Its rows say so.
  }
  return versions.filter(Boolean).join("; ");
}

try {
  const before = loadavg()[0];
  await prepare();
  const measured = await measure();
  const page = speedPage(measured, { rounds, load: [before, loadavg()[0]], versions: peerVersions() });
  console.log(page);
  if (values.write) writeFileSync(values.write, page);
} finally {
  for (const one of processes.values()) (await one).end();
  rmSync(work, { recursive: true, force: true });
}
