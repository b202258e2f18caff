// Gradients by ONNX Runtime against PyTorch's autograd in double precision, on networks that bench/gradient/reference.py
// wrote, with PyTorch's own distance in single precision beside it, and the time they take beside a forward pass (medians
// of interleaved runs).
//   npx tsx bench/gradient/verify.ts FOLDER [NETWORK …] [--runs 15] [--threads 1] [--device cpu|webgpu|cuda]
//     [--clock cpu]     processor time instead of time: with one thread the same, and steady on a busy machine
//   npx tsx bench/gradient/verify.ts FOLDER [NETWORK …] --write     only writes NETWORK.gradient.onnx, for in_double.py
import { join } from "node:path";
import { headOutputs } from "../../src/kernel-helpers/graph/surgery/expose-head.js";
import { findGapHead } from "../../src/kernel-helpers/graph/head/find-gap-head.js";
import { gradientName, gradientOf } from "../../src/kernel-helpers/graph/gradient/gradient-of.js";
import type { Graph } from "../../src/kernel-helpers/graph/onnx/graph.js";
import { readGraph } from "../../src/kernel-helpers/graph/onnx/read-graph.js";
import { writeGraphFile } from "../../src/kernel-helpers/graph/onnx/write-graph.js";
import { benchArguments } from "../arguments.js";
import {
  chosenNetworks,
  type Clock,
  interleavedMedians,
  largestDifference,
  openSession,
  readCase,
  reportEach,
} from "./measure.js";

/** Relative to the largest gradient. */
const LARGEST_DIFFERENCE = 1e-3;
/** Where PyTorch's single precision is off by more than that, this many times its distance; in_double.py says why. */
const AS_PYTORCH = 2;
/** Times a forward pass. */
const LONGEST = 5;

const { values, positionals } = benchArguments({ runs: "15", threads: "0", device: "cpu", clock: "wall" }, ["write"]);
const { folder, networks } = chosenNetworks(
  positionals,
  "npx tsx bench/gradient/verify.ts FOLDER [NETWORK …] [--runs 15] [--threads 1] [--device cpu] [--write]",
);
if (values.write) {
  for (const network of networks) {
    const graph = await readGraph(join(folder, `${network}.onnx`));
    const [input, output] = [graph.inputs[0].name, graph.outputs[0].name];
    await writeGraphFile(gradientOf(graph, { output, withRespectTo: input }), join(folder, `${network}.gradient.onnx`));
  }
  process.exit();
}
console.log("| Network | Input | PyTorch float32 | Maps | Forward | With gradient | Ratio |");
console.log("| --- | --- | --- | --- | --- | --- | --- |");
await reportEach(networks, verify);

async function verify(network: string): Promise<boolean> {
  const { array, graph, classIndex } = await readCase(folder, network);
  const maps = mapsOf(graph);
  const { dims = [] } = graph.outputs[0];
  const seed = new Float32Array(Number(dims[1]));
  seed[classIndex] = 1;
  const image = array("input");
  const input = graph.inputs[0].name;
  const withGradient = gradientOf(graph, { output: graph.outputs[0].name, withRespectTo: [input, maps] });
  const how = { threads: Number(values.threads), device: values.device };
  const forward = await openSession(graph, how, {
    [input]: { dims: [1, 3, 224, 224], data: image },
  });
  const backward = await openSession(withGradient, how, {
    [input]: { dims: [1, 3, 224, 224], data: image },
    seed: { dims: [1, seed.length], data: seed },
  });
  const found = await backward.run();
  const ofInput = largestDifference(found[gradientName(input)], array("gradient_exact"));
  const rounding = largestDifference(array("gradient_input"), array("gradient_exact"));
  const ofMaps = largestDifference(found[gradientName(maps)], array("gradient_maps"));
  const [one, both] = await interleavedMedians(Number(values.runs), [forward.run, backward.run], values.clock as Clock);
  await forward.release();
  await backward.release();
  const cells = [
    network,
    ofInput.toExponential(0),
    rounding.toExponential(0),
    ofMaps.toExponential(0),
    `${one.toFixed(1)} ms`,
    `${both.toFixed(1)} ms`,
    (both / one).toFixed(1),
  ];
  console.log(`| ${cells.join(" | ")} |`);
  return (
    ofInput <= Math.max(LARGEST_DIFFERENCE, AS_PYTORCH * rounding) &&
    ofMaps <= LARGEST_DIFFERENCE &&
    both / one <= LONGEST
  );
}

/** The last feature maps: those of the head, or what the last pooling gives where there is no head that camlab uses. */
function mapsOf(graph: Graph): string {
  try {
    const head = findGapHead(graph);
    return headOutputs(head).featureMaps;
  } catch {
    const pool = graph.nodes.filter(({ opType }) => opType === "MaxPool").at(-1);
    if (!pool) throw new Error("no pooling in this network");
    return pool.output[0];
  }
}
