import { float, makeGraph, makeNode, makeTensor } from "../../graph/onnx/create-graph.js";
import type { Graph } from "../../graph/onnx/graph.js";
import type { NodeProto, TensorProto } from "../../graph/onnx/onnx.js";
import { check } from "../../support/check.js";
import { invalid } from "../../support/errors.js";
import { gaussian, type Random, seededRandom } from "../../support/random.js";
import { STANDARDISED_FILTERS } from "./standardised-filters.js";

/** A run of blocks with the same number of channels. */
export interface GapStage {
  readonly channels: number;
  /** How many blocks: convolution, normalisation, ReLU; 1 unless given. */
  readonly blocks?: number;
  /** The first block takes every second (third, …) place: what the maps shrink by; 1 unless given. */
  readonly stride?: number;
  /**
   * Side of the first block's window; the others are 3×3. Unless given it is 3, or the stride + 2, so that a cell of
   * the maps looks at the middle of what it stands for: a 3×3 window with stride 2 looks half a pixel beside it.
   */
  readonly kernel?: number;
  /** Blocks after the first are residual: x + convolution(ReLU(convolution(x))), then ReLU. */
  readonly residual?: boolean;
}

/** What `gapArchitecture` builds. */
export interface GapArchitecture {
  /** How many classes. */
  readonly classes: number;
  /** The input: a side, or width and height, in pixels. */
  readonly size: number | { readonly width: number; readonly height: number };
  readonly stages: readonly GapStage[];
  /** `average` (GAP, the default) or `max` (GMP). */
  readonly pooling?: "average" | "max";
  /**
   * - `weights` (the default): scaled weight standardisation, w = γ (v − mean(v)) / (std(v) √fan-in) a filter (Brock, De
   *   and Smith 2021). It costs nothing when the network runs: the file holds plain convolutions.
   * - `batch`: batch normalisation.
   * - `none`: plain convolutions.
   */
  readonly normalisation?: "weights" | "batch" | "none";
  /**
   * A batch normalisation of the pooled features, before the classifier: the mean of a map hardly differs between
   * pictures, and only the little that differs is worth anything. It is linear, so that class weights are still one a
   * map. Not unless given; from random weights average pooling learns far sooner with it.
   */
  readonly normalisePooled?: boolean;
  readonly seed?: number | string;
}

/**
 * A small GAP network with random weights, as an ONNX graph: stages of 3×3 convolutions, global pooling, one linear
 * classifier. Input `image` N×3×height×width, output `logits` N×classes; the last feature maps are the last stage's.
 * Filters are drawn by He's rule (He et al. 2015), from a seed.
 *
 * @throws CamlabError for sizes that are no positive whole numbers
 * @example
 * const net = networks.gapArchitecture({
 *   classes: 12, size: 112,
 *   stages: [{ channels: 32, stride: 2 }, { channels: 64, stride: 2 }, { channels: 128, blocks: 2, stride: 2 }],
 * }); // maps of 128×14×14
 */
export function gapArchitecture(architecture: GapArchitecture): Graph {
  const { classes, stages, pooling = "average", normalisation = "weights", seed = 1 } = architecture;
  const { width, height } = sizeOf(architecture.size);
  checkArchitecture(architecture);
  const random = seededRandom(`architecture ${seed}`);
  const parts: Parts = { nodes: [], tensors: [], standardised: [], normalisation, random };
  let at: Maps = { name: "image", channels: 3, width, height };
  stages.forEach(({ channels, blocks = 1, stride = 1, kernel, residual = false }, stage) => {
    for (let block = 0; block < blocks; block++) {
      const name = `stage${stage + 1}_${block + 1}`;
      const first = block === 0;
      const window = first ? (kernel ?? (stride === 1 ? 3 : stride + 2)) : 3;
      at =
        residual && !first
          ? residualBlock(parts, name, at)
          : relu(parts, convolution(parts, name, at, { channels, kernel: window, stride: first ? stride : 1 }), name);
    }
  });
  const weight = gaussian(random, classes * at.channels, 0.01);
  const pool = pooling === "average" ? "GlobalAveragePool" : "GlobalMaxPool";
  parts.nodes.push(makeNode(pool, [at.name], ["pooled"]));
  const pooled = { ...at, name: "pooled", width: 1, height: 1 };
  const { name: last } = architecture.normalisePooled ? batchNorm(parts, "pooled", pooled, 1) : pooled;
  const tensors = [
    ...parts.tensors,
    makeTensor("classifier.weight", [classes, at.channels], weight),
    makeTensor("classifier.bias", [classes], new Float32Array(classes)),
  ];
  return makeGraph({
    inputs: [{ name: "image", dims: ["N", 3, height, width] }],
    outputs: [{ name: "logits", dims: ["N", classes] }],
    nodes: [
      ...parts.nodes,
      makeNode("Flatten", [last], ["features"]),
      makeNode(
        "Gemm",
        ["features", "classifier.weight", "classifier.bias"],
        ["logits"],
        { transB: 1 },
        { name: "classifier" },
      ),
    ],
    initializers: tensors,
    ...(parts.standardised.length > 0 && { metadata: { [STANDARDISED_FILTERS]: JSON.stringify(parts.standardised) } }),
  });
}

interface Parts {
  readonly nodes: NodeProto[];
  readonly tensors: TensorProto[];
  /** Names of the filters that stay standardised. */
  readonly standardised: string[];
  readonly normalisation: "weights" | "batch" | "none";
  readonly random: Random;
}

interface Maps {
  readonly name: string;
  readonly channels: number;
  readonly width: number;
  readonly height: number;
}

interface Windows {
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  /** Standard deviation of what comes out for one of 1 going in, behind a ReLU. */
  readonly gain?: number;
}

/** √(2 / (1 − 1/π)): keeps the variance through ReLU when filters have no mean. */
const RELU_GAIN = Math.sqrt(2 / (1 - 1 / Math.PI));

function convolution(parts: Parts, name: string, from: Maps, { channels, kernel, stride, gain = 1 }: Windows): Maps {
  const { nodes, tensors, normalisation, random } = parts;
  const fanIn = from.channels * kernel * kernel;
  const standard = normalisation === "weights";
  const filters = gaussian(random, channels * fanIn, gain * Math.sqrt(2 / fanIn));
  if (standard) standardise(filters, fanIn, (gain * RELU_GAIN) / Math.sqrt(fanIn));
  tensors.push(makeTensor(`${name}.weight`, [channels, from.channels, kernel, kernel], filters));
  if (standard) parts.standardised.push(`${name}.weight`);
  const bias = normalisation === "batch" ? [] : [`${name}.bias`];
  if (bias.length > 0) tensors.push(makeTensor(bias[0], [channels], new Float32Array(channels)));
  const [height, width] = [Math.ceil(from.height / stride), Math.ceil(from.width / stride)];
  const [top, bottom] = padding(from.height, height, kernel, stride);
  const [left, right] = padding(from.width, width, kernel, stride);
  const attributes = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [top, left, bottom, right] };
  nodes.push(makeNode("Conv", [from.name, `${name}.weight`, ...bias], [`${name}_conv`], attributes));
  const maps = { name: `${name}_conv`, channels, width, height };
  return normalisation === "batch" ? batchNorm(parts, name, maps, gain) : maps;
}

function batchNorm({ nodes, tensors }: Parts, name: string, from: Maps, gain: number): Maps {
  const filled = (value: number) => new Float32Array(from.channels).fill(value);
  const stored = { scale: gain, shift: 0, mean: 0, variance: 1 };
  for (const [part, value] of Object.entries(stored)) {
    tensors.push(makeTensor(`${name}.norm.${part}`, [from.channels], filled(value)));
  }
  const names = Object.keys(stored).map((part) => `${name}.norm.${part}`);
  nodes.push(makeNode("BatchNormalization", [from.name, ...names], [`${name}_norm`], { epsilon: float(1e-5) }));
  return { ...from, name: `${name}_norm` };
}

/** The branch starts small, so that a deep network begins as a shallow one. */
function residualBlock(parts: Parts, name: string, from: Maps): Maps {
  const { channels } = from;
  const inner = relu(parts, convolution(parts, `${name}a`, from, { channels, kernel: 3, stride: 1 }), `${name}a`);
  const branch = convolution(parts, `${name}b`, inner, { channels, kernel: 3, stride: 1, gain: 0.25 });
  parts.nodes.push(makeNode("Add", [from.name, branch.name], [`${name}_sum`]));
  return relu(parts, { ...from, name: `${name}_sum` }, name);
}

function relu({ nodes }: Parts, from: Maps, name: string): Maps {
  nodes.push(makeNode("Relu", [from.name], [`${name}_relu`]));
  return { ...from, name: `${name}_relu` };
}

/** Just enough padding for size ÷ stride windows, the odd pixel at the end. */
function padding(size: number, windows: number, kernel: number, stride: number): [number, number] {
  const needed = Math.max(0, (windows - 1) * stride + kernel - size);
  return [Math.floor(needed / 2), Math.ceil(needed / 2)];
}

/** Every filter with mean 0 and the given standard deviation. */
function standardise(filters: Float32Array, fanIn: number, deviation: number): void {
  for (let start = 0; start < filters.length; start += fanIn) {
    const filter = filters.subarray(start, start + fanIn);
    let sum = 0;
    for (const value of filter) sum += value;
    const mean = sum / fanIn;
    let squares = 0;
    for (const value of filter) squares += (value - mean) ** 2;
    const scale = deviation / Math.sqrt(squares / fanIn);
    for (let i = 0; i < fanIn; i++) filter[i] = (filter[i] - mean) * scale;
  }
}

function sizeOf(size: GapArchitecture["size"]): { width: number; height: number } {
  return typeof size === "number" ? { width: size, height: size } : size;
}

function checkArchitecture({
  classes,
  size,
  stages,
  pooling = "average",
  normalisation = "weights",
}: GapArchitecture): void {
  check.count("classes", classes);
  check.count("size", sizeOf(size).width);
  check.count("size", sizeOf(size).height);
  if (!Array.isArray(stages) || stages.length === 0) throw invalid("stages", stages, "at least one stage");
  stages.forEach((stage, i) => {
    const { channels, blocks, stride, kernel } = stage as GapStage;
    check.count(`stages[${i}].channels`, channels);
    check.counts({ blocks, stride, kernel }, `stages[${i}].`);
  });
  check.oneOf("pooling", pooling, ["average", "max"]);
  check.oneOf("normalisation", normalisation, ["weights", "batch", "none"]);
}
