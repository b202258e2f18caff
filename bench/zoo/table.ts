// Every architecture: parameters, maps, multiplications, outputs against PyTorch's, and milliseconds a picture beside
// PyTorch's, the two taking turns in one run. Writes docs/zoo-table.md with --write. What was measured is kept in
// .cache/zoo-table.json, and taken from there with --resume after a run that was cut.
//   node --import tsx bench/zoo/table.ts --python .venv/bin/python [--write] [--resume] [NAME …]
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine } from "../../src/kernel-helpers/engines/create-engine.js";
import type { Graph } from "../../src/kernel-helpers/graph/onnx/graph.js";
import { writeGraphFile } from "../../src/kernel-helpers/graph/onnx/write-graph.js";
import { networks } from "../../src/index.js";
import { readNpy } from "../../src/kernel-helpers/support/files/npy.js";
import { messageOf } from "../../src/kernel-helpers/support/errors.js";
import { median } from "../../src/kernel-helpers/support/statistics.js";
import { writeWhole } from "../../src/kernel-helpers/support/write-file.js";
import { benchArguments } from "../arguments.js";
import { machineMeasured, versionsMeasured } from "../tables/measured-on.js";
import { startTorch, type TorchSide } from "./torch-side.js";

const { values, positionals } = benchArguments({ python: "python3", threads: "2", rounds: "5" }, ["write", "resume"]);
const names = positionals.length > 0 ? positionals : networks.listArchitectures();
/** Architectures whose weights people hold as torchvision's files; the others are compared layer by layer. */
const OF_TORCHVISION =
  /^(alexnet|vgg\d+(_bn)?|resnet\d+|googlenet|mobilenet_v2|densenet121|squeezenet1_[01]|efficientnet_b0)$/;
/** Above this many parameters, one form of the file is read instead of three. */
const SMALL = 50e6;

/** What a run keeps for the one that goes on. */
interface Kept {
  version: string;
  readonly settings: string;
  readonly load: number;
  readonly rows: Record<string, string[]>;
}
const KEPT = join(".cache", "zoo-table.json");
const settings = `${values.threads} threads, ${values.rounds} rounds`;

const folder = mkdtempSync(join(tmpdir(), "camlab-zoo-"));
using torch = startTorch(values.python, Number(values.threads));
const kept = values.resume ? keptBefore() : undefined;
const measured: Kept = kept ?? { version: "", settings, load: loadavg()[0], rows: {} };
try {
  for (const name of names) {
    if (Object.hasOwn(measured.rows, name)) continue;
    try {
      measured.rows[name] = await measure(name, torch);
      await writeWhole(KEPT, JSON.stringify(measured));
    } catch (error) {
      console.error(`${name}: ${messageOf(error)}`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (values.write) await writePage();

function keptBefore(): Kept | undefined {
  try {
    const before = JSON.parse(readFileSync(KEPT, "utf8")) as Kept;
    return before.settings === settings ? before : undefined;
  } catch {
    return undefined;
  }
}

async function measure(name: string, side: TorchSide): Promise<string[]> {
  const facts = networks.describeArchitecture(name);
  const { width, height } = facts.preprocessing;
  const path = (ending: string) => join(folder, `${name}${ending}`);
  const weighed: [string, Graph][] = [];
  if (OF_TORCHVISION.test(name)) {
    measured.version = (await side.ask({ torchvision: name, folder })).torch ?? measured.version;
    const forms = facts.parameters < SMALL ? [".pth", "-old.pth", ".safetensors"] : [".pth"];
    for (const form of forms) {
      const { graph, architecture } = networks.fitWeights(await networks.readWeights(path(form)));
      if (architecture.name !== name) throw new Error(`${name}${form} was taken for ${architecture.name}`);
      weighed.push([form, graph]);
    }
  } else {
    const built = networks.buildNetwork(name);
    await writeGraphFile(built, path(".onnx"));
    await side.ask({ graph: path(".onnx"), folder });
    weighed.push([".onnx", built]);
  }
  const image = (await readNpy(path(".input.npy"))).data as Float32Array;
  const expected = (await readNpy(path(".output.npy"))).data as Float32Array;
  const times = { camlab: [] as number[], torch: [] as number[] };
  let apart = 0;
  for (const [i, [, graph]] of weighed.entries()) {
    using engine = await createEngine(graph, { device: "cpu", threads: Number(values.threads) });
    const run = () => engine.run({ image: { dims: [1, 3, height, width], data: image } });
    const [output] = Object.values(await run());
    apart = Math.max(apart, difference(output.data, expected));
    if (i > 0) continue;
    for (let round = 0; round < Number(values.rounds); round++) {
      times.torch.push(...((await side.ask({ run: 3 })).ms ?? []));
      for (let n = 0; n < 3; n++) {
        const began = performance.now();
        await run();
        times.camlab.push(performance.now() - began);
      }
    }
  }
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  const [own, theirs] = [median(times.camlab), median(times.torch)];
  const { maps } = facts;
  const row = [
    name,
    `${width}`,
    `${maps.channels} × ${maps.height}×${maps.width}${facts.pooled ? "" : " (not pooled)"}`,
    facts.parameters.toLocaleString("en"),
    (facts.macs / 1e6).toFixed(0),
    apart.toExponential(1),
    own.toFixed(1),
    theirs.toFixed(1),
    (own / theirs).toFixed(2),
  ];
  console.log(row.join("  "));
  return row;
}

/** The largest difference, as a share of the largest number. */
function difference(found: Float32Array, wanted: Float32Array): number {
  if (found.length !== wanted.length) return Infinity;
  const size = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return found.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0) / size;
}

async function writePage(): Promise<void> {
  const head = ["network", "input", "maps", "parameters", "million MACs", "apart", "ms", "ms PyTorch", "ratio"];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const options = `--threads ${values.threads} --rounds ${values.rounds}`;
  const text = [
    "# Architectures, measured",
    "",
    `Seeded weights; one picture at a time, ${values.threads} threads, PyTorch ${measured.version} and camlab taking turns, medians of`,
    `${3 * Number(values.rounds)} runs each; the machine's load when it began was ${measured.load.toFixed(1)} (well above 0 it was shared, and the ratio says more`,
    "than the milliseconds). Apart: the largest difference of the scores, as a share of the largest score, over all forms of the",
    "file (`.pth`, the old `.pth`, safetensors) for torchvision's networks, and for the others over the graph computed by",
    "PyTorch layer by layer.",
    "",
    "Written by this command, of every architecture; names behind it measure these alone, and `--resume` goes on after a run",
    "that was cut:",
    "",
    "```sh",
    [`node --import tsx bench/zoo/table.ts --python PYTHON ${options} --write`, ...positionals].join(" "),
    "```",
    "",
    `${versionsMeasured()}; ${machineMeasured()}.`,
    "",
    line(head),
    line(head.map(() => "---")),
    ...names.flatMap((name) => (measured.rows[name] ? [line(measured.rows[name])] : [])),
    "",
  ].join("\n");
  await writeWhole("docs/zoo-table.md", text);
}
