// Run as a process of its own: `try-models.ts SEED FROM TO` opens mutants FROM … TO − 1 and writes one JSON line before and
// one after each, so that whoever started it knows which one crashed or never ended.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { classWeightsFor, scoreOffsetFor } from "../../../src/kernel-helpers/graph/head/class-weights.js";
import { writeGraph } from "../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { checkFinite } from "../../../src/kernel-helpers/networks/finite-outputs.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import { CamlabError } from "../../../src/kernel-helpers/support/errors.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { mutateModel } from "./mutate-model.js";
import { SEEDS } from "./seeds.js";

const [seed, from, to] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "camlab-hostile-"));
const whole = Object.entries(SEEDS).map(([name, make]) => ({ name, bytes: writeGraph(make()) }));
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

for (let index = Number(from); index < Number(to); index++) {
  const random = seededRandom(`${seed} ${index}`);
  const { name, bytes } = whole[Math.floor(random() * whole.length)];
  const mutant = mutateModel(bytes, random);
  const path = join(folder, `${index}.onnx`);
  writeFileSync(path, mutant.bytes);
  say({ index, what: `${name}: ${mutant.what}` });
  const start = performance.now();
  const outcome = await attempt(path);
  const [ms, megabytes] = [performance.now() - start, process.resourceUsage().maxRSS / 1024];
  say({ index, outcome, ms: Math.round(ms), megabytes: Math.round(megabytes) });
  rmSync(path);
}
rmSync(folder, { recursive: true });

/** "refused", "opened", or what is wrong. */
async function attempt(path: string): Promise<string> {
  let network;
  try {
    network = await openNetwork(path, { device: "cpu", threads: 1 });
    const { width, height } = network.preprocessing;
    const batch = Float32Array.from({ length: 3 * width * height }, (_, i) => Math.sin(i));
    const outputs = await network.run(batch, 1);
    checkFinite("a photo", network, outputs, 0, 1);
    return identity(network.head, outputs.features, outputs.logits);
  } catch (error) {
    if (error instanceof CamlabError) return "refused";
    return `not a CamlabError: ${error instanceof Error ? error.stack : String(error)}`;
  } finally {
    network?.dispose();
  }
}

/** What opened must be what its head says: Σ w F + offset is the score. */
function identity(head: Parameters<typeof classWeightsFor>[0], features: Float32Array, logits: Float32Array): string {
  if (head.form !== "pool-then-classify" && head.form !== "pool-then-network") return "opened";
  for (let c = 0; c < Math.min(logits.length, 8); c++) {
    const weights = classWeightsFor(head, c, features);
    let score = scoreOffsetFor(head, c, features);
    let size = Math.abs(score) + 1e-3;
    weights.forEach((w, k) => {
      score += w * features[k];
      size += Math.abs(w * features[k]);
    });
    if (!(Math.abs(score - logits[c]) <= 1e-3 * size)) {
      return `silently wrong: Σ w F + offset of class ${c} is ${score}, its score ${logits[c]} (${head.summary})`;
    }
  }
  return "opened";
}
