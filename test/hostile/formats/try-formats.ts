// Run as a process of its own: `try-formats.ts SEED FROM TO` opens mutants FROM … TO − 1 and writes one JSON line before and
// one after each, so that whoever started it knows which one crashed or never ended.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine } from "../../../src/kernel-helpers/engines/create-engine.js";
import { importGraph } from "../../../src/kernel-helpers/formats/import-graph.js";
import { readWeights } from "../../../src/kernel-helpers/formats/weights/read-weights.js";
import { checkSizes } from "../../../src/kernel-helpers/graph/shapes/check-sizes.js";
import { writeGraph } from "../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { CamlabError } from "../../../src/kernel-helpers/support/errors.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { mutateFormat } from "./mutate-format.js";
import { type FormatSeed, formatSeeds } from "./seeds.js";

const [seed, from, to] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "camlab-hostile-"));
const seeds = formatSeeds();
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

for (let index = Number(from); index < Number(to); index++) {
  const random = seededRandom(`${seed} ${index}`);
  const whole = seeds[Math.floor(random() * seeds.length)];
  const { files, what } = mutateFormat(whole, random);
  const at = join(folder, String(index));
  mkdirSync(at);
  for (const [name, bytes] of files) writeFileSync(join(at, name), bytes);
  say({ index, what: `${whole.name}: ${what}` });
  const start = performance.now();
  const outcome = await attempt(whole, join(at, files[0][0]));
  const [ms, megabytes] = [performance.now() - start, process.resourceUsage().maxRSS / 1024];
  say({ index, outcome, ms: Math.round(ms), megabytes: Math.round(megabytes) });
  rmSync(at, { recursive: true });
}
rmSync(folder, { recursive: true });

/** "refused", "opened", or what is wrong. */
async function attempt(whole: FormatSeed, path: string): Promise<string> {
  try {
    if (whole.name.startsWith("weights")) {
      for (const tensor of (await readWeights(path)).tensors.values()) tensor.floats();
      return "opened";
    }
    const { graph } = await importGraph(path);
    checkSizes(graph);
    const inputs = graph.inputs.map(({ name, dims = [] }) => ({
      name,
      dims: dims.map((dim, i) => (typeof dim === "number" ? dim : i === 0 ? 1 : 16)),
    }));
    const count = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1);
    if (inputs.some(({ dims }) => count(dims) > 2 ** 20)) return "opened";
    using engine = await createEngine(writeGraph(graph), { device: "cpu", threads: 1 });
    await engine.run(
      Object.fromEntries(inputs.map(({ name, dims }) => [name, { dims, data: new Float32Array(count(dims)) }])),
    );
    return "opened";
  } catch (error) {
    if (error instanceof CamlabError) return "refused";
    return `not a CamlabError: ${error instanceof Error ? error.stack : String(error)}`;
  }
}
