// The teaching network: a GAP network whose every weight was set by hand, so that a person can follow it from pixel to
// map with pencil and paper. Two convolutions find colours, edges, stripes and discs in pictures of `teachingScene`.
import { makeGraph, makeNode, makeTensor } from "../graph/onnx/create-graph.js";
import type { TensorProto } from "../graph/onnx/onnx.js";
import { writeGraph } from "../graph/onnx/write-graph.js";

/**
 * What each of the eight feature maps stands for.
 *
 * @example
 * networks.TEACHING_CHANNELS[0]; // "red"
 */
export const TEACHING_CHANNELS = [
  "red",
  "green",
  "blue",
  "yellow",
  "upright stripes",
  "level stripes",
  "red disc",
  "yellow disc",
] as const;

/**
 * The class weights w_k^c: one row a class, its weights in the order of `TEACHING_CHANNELS`.
 *
 * @example
 * networks.TEACHING_CLASS_WEIGHTS["red ball"][6]; // 100: a red disc
 */
export const TEACHING_CLASS_WEIGHTS = {
  //                red green blue yellow upright level discs: red, yellow
  "red ball": [60, 0, 0, 0, -50, 0, 100, 0],
  sun: [0, 0, 0, 60, 0, 0, 0, 100],
  tree: [0, 60, 0, 0, 0, 0, 0, 0],
  "blue house": [0, 0, 60, 0, 0, -50, 0, 0],
  awning: [20, 0, 0, 0, 60, 0, -100, 0],
  towel: [0, 0, 20, 0, 0, 60, 0, 0],
} as const;

/**
 * The first convolution, 3×3 with stride 2, then ReLU. Colours look at the middle pixel only:
 * weights of R, G, B (each 0–1) and a bias. The bias is the threshold that a colour must pass.
 */
export const TEACHING_COLOURS = {
  red: { weights: [2, -1.6, -0.4], bias: -0.6 },
  green: { weights: [-2.7, 3, -0.3], bias: -0.45 },
  blue: { weights: [-1, -1, 2], bias: -0.4 },
  yellow: { weights: [0.3, 1.7, -2], bias: -0.6 },
} as const;

/** The ONNX file of the teaching network: input `image` N×3×224×224 (RGB, 0–1), output `logits` N×6. */
export function teachingNetwork(): Uint8Array {
  const classes = Object.values(TEACHING_CLASS_WEIGHTS);
  return writeGraph(
    makeGraph({
      name: "teaching",
      inputs: [{ name: "image", dims: ["N", 3, 224, 224] }],
      outputs: [{ name: "logits", dims: ["N", classes.length] }],
      nodes: [
        makeNode("Conv", ["image", "seen.weight", "seen.bias"], ["seen"], { strides: [2, 2], pads: [1, 1, 1, 1] }),
        makeNode("Relu", ["seen"], ["seen_relu"]),
        makeNode("AveragePool", ["seen_relu"], ["cells"], { kernel_shape: [4, 4], strides: [4, 4] }),
        makeNode("Conv", ["cells", "found.weight", "found.bias"], ["found"], { pads: [4, 4, 4, 4] }),
        makeNode("Relu", ["found"], ["maps"]),
        makeNode("GlobalAveragePool", ["maps"], ["pooled"]),
        makeNode("Flatten", ["pooled"], ["features"]),
        makeNode("Gemm", ["features", "class.weight"], ["logits"], { transB: 1 }),
      ],
      initializers: [
        ...convolution("seen", firstConvolution(), 3, 3),
        ...convolution("found", secondConvolution(), 8, 9),
        tensor("class.weight", [classes.length, 8], classes.flat()),
      ],
    }),
  );
}

/** A filter of one output channel: its weight at (input channel, row, column), and its bias. */
interface Filter {
  readonly weight: (channel: number, row: number, column: number) => number;
  readonly bias: number;
}

/** Four colours, then four directions of change in brightness: lighter rightwards, leftwards, downwards, upwards. */
function firstConvolution(): Filter[] {
  const colours = Object.values(TEACHING_COLOURS).map(({ weights, bias }): Filter => ({
    weight: (channel, row, column) => (row === 1 && column === 1 ? weights[channel] : 0),
    bias,
  }));
  // Brightness is (R + G + B) / 3, taken three pixels long on either side: 1/9 each; times 4, to reach about 1.
  const change = (step: (row: number, column: number) => number): Filter => ({
    weight: (_, row, column) => (4 / 9) * step(row, column),
    bias: -0.4,
  });
  return [
    ...colours,
    change((_, column) => column - 1),
    change((_, column) => 1 - column),
    change((row) => row - 1),
    change((row) => 1 - row),
  ];
}

/** The eight feature maps from the eight maps before, on the same 28×28 cells; windows of 9×9 cells. */
function secondConvolution(): Filter[] {
  const same = (from: number): Filter => ({
    weight: (channel, row, column) => (channel === from && row === 4 && column === 4 ? 1 : 0),
    bias: 0,
  });
  // Stripes: many changes along one direction and few along the other, on average over 5×5 cells.
  const stripes = (along: readonly number[], across: readonly number[]): Filter => ({
    weight: (channel, row, column) => {
      const near = Math.abs(row - 4) <= 2 && Math.abs(column - 4) <= 2;
      if (!near) return 0;
      return along.includes(channel) ? 2 / 25 : across.includes(channel) ? -4 / 25 : 0;
    },
    bias: -0.4,
  });
  // A disc: much of a colour within 3.6 cells of the middle, and little of it around.
  const disc = (from: number): Filter => ({
    weight: (channel, row, column) => {
      if (channel !== from) return 0;
      return Math.hypot(row - 4, column - 4) <= DISC_RADIUS ? 2 / DISC_CELLS : -4 / (81 - DISC_CELLS);
    },
    bias: -0.6,
  });
  return [same(0), same(1), same(2), same(3), stripes([4, 5], [6, 7]), stripes([6, 7], [4, 5]), disc(0), disc(3)];
}

const DISC_RADIUS = 3.6;
/** How many of the 9×9 cells lie within that radius. */
const DISC_CELLS = 37;

function convolution(name: string, filters: readonly Filter[], inputs: number, size: number): TensorProto[] {
  const weights: number[] = [];
  for (const { weight } of filters) {
    for (let channel = 0; channel < inputs; channel++) {
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < size; column++) weights.push(weight(channel, row, column));
      }
    }
  }
  const biases = filters.map(({ bias }) => bias);
  return [
    tensor(`${name}.weight`, [filters.length, inputs, size, size], weights),
    tensor(`${name}.bias`, [filters.length], biases),
  ];
}

function tensor(name: string, dims: readonly number[], values: readonly number[]): TensorProto {
  // Adding 0 turns −0 into 0: one way to write nothing.
  return makeTensor(
    name,
    dims,
    Float32Array.from(values, (value) => value + 0),
  );
}
