// Compares the engines on networks that bench/torchvision/export.py wrote: maps, features and scores, relative to the
// largest number, and the time of one image.
//   npx tsx bench/tfjs/verify.ts FOLDER [DEVICE]      DEVICE: wasm (unless given), cpu, tfjs-node or tfjs-node-gpu
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createEngine, type EngineChoice } from "../../src/kernel-helpers/engines/create-engine.js";
import type { Engine, Tensor, TfjsDevice } from "../../src/kernel-helpers/engines/engine.js";
import { exposeHead, headOutputs } from "../../src/kernel-helpers/graph/surgery/expose-head.js";
import { findGapHead } from "../../src/kernel-helpers/graph/head/find-gap-head.js";
import { readGraph } from "../../src/kernel-helpers/graph/onnx/read-graph.js";
import { readNpy } from "../../src/kernel-helpers/support/files/npy.js";

const LARGEST_DIFFERENCE = 1e-4;
const WITHOUT_HEAD = ["vgg16", "alexnet"];
const RUNS = 5;

const [folder, device = "wasm"] = process.argv.slice(2);
if (!folder) {
  console.error("usage: npx tsx bench/tfjs/verify.ts FOLDER [DEVICE]");
  process.exit(2);
}
let failures = 0;
console.log(
  `| Network | Maps | Features | Logits | ONNX Runtime, ms | TF.js (${device}), ms |\n| --- | --- | --- | --- | --- | --- |`,
);
for (const file of readdirSync(folder).filter((name) => name.endsWith(".onnx"))) {
  const name = file.slice(0, -".onnx".length);
  if (WITHOUT_HEAD.includes(name)) continue;
  const graph = await readGraph(join(folder, file));
  const head = findGapHead(graph);
  const exposed = exposeHead(graph, head);
  const image = await readNpy(join(folder, `${name}.input.npy`));
  const input = { dims: image.shape, data: image.data as Float32Array };
  const one = await timed(exposed, input, { device: "cpu" });
  const other = await timed(exposed, input, { engine: "tfjs", device: device as TfjsDevice });
  const names = headOutputs(head);
  const differences = [names.featureMaps, names.features, names.logits].map((output) => {
    return relative(one.outputs[output].data, other.outputs[output].data);
  });
  const passed = differences.every((difference) => difference < LARGEST_DIFFERENCE);
  if (!passed) failures++;
  const numbers = differences.map((difference) => difference.toExponential(0)).join(" | ");
  console.log(`| ${name}${passed ? "" : " FAILS"} | ${numbers} | ${one.best.toFixed(0)} | ${other.best.toFixed(0)} |`);
}
console.log(failures === 0 ? "all within 1e-4" : `${failures} networks differ`);
process.exitCode = failures === 0 ? 0 : 1;

async function timed(graph: Parameters<typeof createEngine>[0], input: Tensor, choice: EngineChoice) {
  using engine: Engine = await createEngine(graph, choice);
  const feeds = { [engine.inputs[0].name]: input };
  const outputs = await engine.run(feeds);
  let best = Infinity;
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    await engine.run(feeds);
    best = Math.min(best, performance.now() - start);
  }
  return { outputs, best };
}

function relative(a: Float32Array, b: Float32Array): number {
  const largest = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0) / largest;
}
