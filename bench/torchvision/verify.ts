// Checks camlab against PyTorch on networks that export.py wrote: the head that is found, its maps, features and
// scores, the identity Σ_k w_k F_k + offset = S_c, and the parameter count.
//   npx tsx bench/torchvision/verify.ts FOLDER
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { classWeightsFor, scoreOffsetFor } from "../../src/kernel-helpers/graph/head/class-weights.js";
import { checkGraph } from "../../src/kernel-helpers/graph/onnx/check-graph.js";
import { exposeHead, headOutputs } from "../../src/kernel-helpers/graph/surgery/expose-head.js";
import { findGapHead } from "../../src/kernel-helpers/graph/head/find-gap-head.js";
import type { GapHead } from "../../src/kernel-helpers/graph/head/gap-head.js";
import { countParameters } from "../../src/kernel-helpers/graph/list-layers.js";
import { readGraph } from "../../src/kernel-helpers/graph/onnx/read-graph.js";
import { writeGraph } from "../../src/kernel-helpers/graph/onnx/write-graph.js";
import { messageOf } from "../../src/kernel-helpers/support/errors.js";

/** What export.py says of a network. */
interface Description {
  readonly network: string;
  readonly parameters: number;
  readonly files: Readonly<Record<string, string>>;
}

const LARGEST_DIFFERENCE = 1e-4;
const WITHOUT_HEAD = ["vgg16", "alexnet"];

const folder = process.argv[2];
if (!folder) {
  console.error("usage: npx tsx bench/torchvision/verify.ts FOLDER");
  process.exit(2);
}
let failures = 0;
for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  const description = JSON.parse(readFileSync(join(folder, file), "utf8")) as Description;
  const wrong = await verify(description);
  failures += Number(wrong);
}
console.log(failures === 0 ? "all as expected" : `${failures} networks failed`);
process.exitCode = failures === 0 ? 0 : 1;

async function verify({ network, parameters, files }: Description): Promise<boolean> {
  console.log(`\n${network}`);
  const graph = await readGraph(join(folder, `${network}.onnx`));
  const problems = checkGraph(graph);
  const counted = countParameters(graph);
  console.log(
    `  parameters ${counted} (published ${parameters})${counted === parameters ? "" : ": the exporter folded normalisations"}`,
  );
  if (problems.length > 0) console.log(`  problems: ${problems.join("; ")}`);
  let head: GapHead;
  try {
    head = findGapHead(graph);
  } catch (error) {
    console.log(`  ${messageOf(error)}`);
    return !WITHOUT_HEAD.includes(network);
  }
  console.log(`  ${head.summary}${head.notes ? ` (${head.notes.join("; ")})` : ""}`);
  const names = headOutputs(head);
  const outputs = await run(writeGraph(exposeHead(graph, head)), graph.inputs[0].name, array(files.input));
  const differences = {
    maps: largestDifference(outputs[names.featureMaps], array(files.maps)),
    features: largestDifference(outputs[names.features], array(files.features)),
    logits: largestDifference(outputs[names.logits], array(files.logits)),
    identity: identityError(head, outputs[names.featureMaps], outputs[names.features], outputs[names.logits]),
  };
  console.log(
    `  largest differences ${JSON.stringify(differences, (_, v: unknown) => (typeof v === "number" ? Number(v.toExponential(1)) : v))}`,
  );
  const fine = Object.values(differences).every((difference) => difference <= LARGEST_DIFFERENCE);
  return !fine || WITHOUT_HEAD.includes(network) || problems.length > 0;
}

async function run(model: Uint8Array, input: string, image: Float32Array): Promise<Record<string, Float32Array>> {
  const ort = await import("onnxruntime-node");
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3 });
  const outputs = await session.run({ [input]: new ort.Tensor("float32", image, [1, 3, 224, 224]) });
  await session.release();
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
}

/** Float32 data of an .npy file that export.py wrote: a header, then numbers. */
function array(file: string): Float32Array {
  const bytes = readFileSync(join(folder, file));
  const start = 10 + bytes.readUInt16LE(8);
  return new Float32Array(Uint8Array.from(bytes.subarray(start)).buffer);
}

/** Relative to the largest number that is compared with. */
function largestDifference(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Infinity;
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0) / scale;
}

/** How far the scores computed from maps and class weights are from the network's own. */
function identityError(head: GapHead, maps: Float32Array, features: Float32Array, logits: Float32Array): number {
  const scores = logits.map((_, c) => scoreOf(head, c, maps, features));
  return largestDifference(scores, logits);
}

function scoreOf(head: GapHead, c: number, maps: Float32Array, features: Float32Array): number {
  const weights = classWeightsFor(head, c, features);
  const offset = scoreOffsetFor(head, c, features);
  if (head.form === "pool-then-classify") return weights.reduce((sum, w, k) => sum + w * features[k], offset);
  const places = maps.length / weights.length;
  const slope = head.activation?.kind === "leaky-relu" ? head.activation.slope : head.activation ? 0 : 1;
  let total = 0;
  for (let place = 0; place < places; place++) {
    let value = offset;
    for (let k = 0; k < weights.length; k++) value += weights[k] * maps[k * places + place];
    total += value < 0 ? slope * value : value;
  }
  return total / places;
}
