// Gradients by ONNX Runtime against tf.grad, on networks that bench/gradient/reference.py wrote: TF.js runs the same ONNX
// graph node by node, and tf.grad shares no code with src/kernel-helpers/graph/gradient. Distances to PyTorch's autograd
// in double precision stand beside, since each of the three rounds in its own way.
//   npx tsx bench/gradient/tf-grad.ts FOLDER [NETWORK …] [--device tfjs-node]
// WebAssembly lacks the gradients of max pooling and of depthwise convolutions, plain JavaScript takes minutes.
import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";
import type { TfjsDevice } from "../../src/kernel-helpers/engines/engine.js";
import { activate, loadBackend } from "../../src/kernel-helpers/engines/tfjs/backends.js";
import { makeProgram } from "../../src/kernel-helpers/engines/tfjs/program.js";
import { runProgram } from "../../src/kernel-helpers/engines/tfjs/run-program.js";
import type { Tf } from "../../src/kernel-helpers/engines/tfjs/value.js";
import { gradientName, gradientOf } from "../../src/kernel-helpers/graph/gradient/gradient-of.js";
import type { Graph } from "../../src/kernel-helpers/graph/onnx/graph.js";
import { messageOf } from "../../src/kernel-helpers/support/errors.js";
import { benchArguments } from "../arguments.js";
import { chosenNetworks, largestDifference, openSession, readCase, reportEach } from "./measure.js";

/** Relative to the largest gradient; where single precision is further from double, as far as both are together. */
const LARGEST_DIFFERENCE = 1e-3;
const DIMS = [1, 3, 224, 224];

const { values, positionals } = benchArguments({ device: "tfjs-node" });
const { folder, networks } = chosenNetworks(
  positionals,
  "npx tsx bench/gradient/tf-grad.ts FOLDER [NETWORK …] [--device tfjs-node]",
);
console.log("| Network | camlab − tf.grad | camlab − double | tf.grad − double | PyTorch float32 − double |");
console.log("| --- | --- | --- | --- | --- |");
await reportEach(networks, compare);

async function compare(network: string): Promise<boolean> {
  const { array, graph, classIndex } = await readCase(folder, network);
  const image = { data: array("input"), dims: DIMS };
  const exact = array("gradient_exact");
  try {
    const theirs = await tfGradient(graph, values.device as TfjsDevice, image, classIndex);
    const ours = await camlabGradient(graph, image, classIndex);
    const apart = largestDifference(ours, theirs);
    const [our, their] = [largestDifference(ours, exact), largestDifference(theirs, exact)];
    const cells = [apart, our, their, largestDifference(array("gradient_input"), exact)];
    console.log(`| ${[network, ...cells.map((cell) => cell.toExponential(0))].join(" | ")} |`);
    return apart <= Math.max(LARGEST_DIFFERENCE, 1.1 * (our + their));
  } catch (error) {
    console.log(`| ${network} | ${messageOf(error).split("\n")[0]} | | | |`);
    return false;
  }
}

async function camlabGradient(
  graph: Graph,
  image: { data: Float32Array; dims: readonly number[] },
  classIndex: number,
) {
  const input = graph.inputs[0].name;
  const output = graph.outputs[0].name;
  const seed = new Float32Array(Number(graph.outputs[0].dims?.[1]));
  seed[classIndex] = 1;
  const runner = await openSession(
    gradientOf(graph, { output, withRespectTo: input, outputs: [] }),
    { threads: 0, device: "cpu" },
    { [input]: image, seed: { data: seed, dims: [1, seed.length] } },
  );
  try {
    return (await runner.run())[gradientName(input)];
  } finally {
    await runner.release();
  }
}

/** Gradient of a class's score with respect to the image, computed by `tf.grad` on a backend of TF.js. */
async function tfGradient(
  graph: Graph,
  device: TfjsDevice,
  image: { readonly data: Float32Array; readonly dims: readonly number[] },
  classIndex: number,
): Promise<Float32Array> {
  await import("@tensorflow/tfjs-layers"); // registers the gradients, which tfjs-core alone lacks
  const loaded = await loadBackend(device);
  activate(loaded);
  const { tf } = loaded;
  const program = makeProgram(graph);
  const score = (x: Tensor) => {
    const run = runProgram(differentiable(tf), program, new Map([[graph.inputs[0].name, x]]));
    let state = run.next();
    while (!state.done) state = run.next();
    const [logits] = state.value.values();
    return tf.sum(tf.slice(tf.reshape(logits, [-1]), [classIndex], [1]));
  };
  const x = tf.tensor4d(image.data, image.dims as Tensor4D["shape"]);
  const gradient = tf.grad(score)(x);
  try {
    return Float32Array.from(await gradient.data());
  } finally {
    x.dispose();
    gradient.dispose();
  }
}

type Padding = "valid" | "same" | number | [number, number][];
interface FusedInputs {
  readonly x: Tensor4D;
  readonly filter: Tensor4D;
  readonly bias?: Tensor1D;
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: Padding;
}

/**
 * TF.js with convolutions that every backend differentiates: the fused ones always compute the filter's gradient too,
 * which WebAssembly lacks, and TensorFlow's differentiate no padding by the edge. The padding becomes a node of its own.
 */
function differentiable(tf: Tf): Tf {
  const padded = (x: Tensor4D, pad: Padding) => (Array.isArray(pad) ? tf.pad(x, pad) : x);
  const biased = (value: Tensor, bias?: Tensor1D) => (bias ? tf.add(value, bias) : value);
  const conv2d = ({ x, filter, bias, strides, dilations, pad }: FusedInputs) =>
    biased(tf.conv2d(padded(x, pad), filter, strides, "valid", "NHWC", dilations), bias);
  const depthwiseConv2d = ({ x, filter, bias, strides, dilations, pad }: FusedInputs) =>
    biased(tf.depthwiseConv2d(padded(x, pad), filter, strides, "valid", "NHWC", dilations), bias);
  const plain = (x: Tensor4D, filter: Tensor4D, strides: [number, number], pad: Padding) =>
    tf.conv2d(padded(x, pad), filter, strides, "valid");
  return { ...tf, conv2d: plain, fused: { ...tf.fused, conv2d, depthwiseConv2d } } as unknown as Tf;
}
