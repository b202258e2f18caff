import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { float } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { differentiableOperators } from "../../../../src/kernel-helpers/graph/gradient/rules/rules.js";
import { Builder } from "../build-graph.js";
import { differenceToFiniteDifferences, type Case } from "./finite-differences.js";

const one = (op: string, attributes: Parameters<Builder["node"]>[2] = {}) => {
  return (b: Builder, x: string) => b.node(op, [x], attributes);
};
const positive = [0.3, 2.3] as const;

const CASES: Readonly<Record<string, Case>> = {
  // Convolutions
  "Conv with strides, dilation and asymmetric pads": {
    tail: (b, x) =>
      b.node("Conv", [x, b.floats([4, 3, 2, 3])], { strides: [2, 3], dilations: [2, 1], pads: [1, 0, 2, 1] }),
  },
  "Conv whose last places no window reaches": {
    tail: (b, x) => b.node("Conv", [x, b.floats([4, 3, 2, 2])], { strides: [3, 4] }),
  },
  "Conv in groups": {
    dims: [4, 5, 6],
    tail: (b, x) => b.node("Conv", [x, b.floats([6, 2, 3, 3]), b.floats([6])], { group: 2, pads: [1, 1, 1, 1] }),
  },
  "Conv at every place, padded more than its kernel reaches": {
    tail: (b, x) => b.node("Conv", [x, b.floats([4, 3, 2, 1])], { pads: [1, 0, 3, 2] }),
  },
  "Conv of one place": { opset: 9, tail: (b, x) => b.node("Conv", [x, b.floats([4, 3, 1, 1])]) },
  "Conv, depthwise": {
    tail: (b, x) => b.node("Conv", [x, b.floats([3, 1, 3, 2])], { group: 3, dilations: [1, 2], pads: [0, 1, 2, 1] }),
  },
  "Conv, depthwise with strides": {
    tail: (b, x) => b.node("Conv", [x, b.floats([3, 1, 3, 3])], { group: 3, strides: [2, 2], pads: [1, 1, 1, 1] }),
  },
  "Conv, depthwise with two filters a channel, operator set 9": {
    opset: 9,
    tail: (b, x) => b.node("Conv", [x, b.floats([6, 1, 3, 3])], { group: 3 }),
  },
  "Conv with SAME_UPPER": {
    tail: (b, x) => b.node("Conv", [x, b.floats([2, 3, 3, 4])], { strides: [2, 2], auto_pad: "SAME_UPPER" }),
  },
  "Conv with SAME_LOWER": {
    tail: (b, x) => b.node("Conv", [x, b.floats([2, 3, 3, 4])], { strides: [2, 2], auto_pad: "SAME_LOWER" }),
  },
  "Conv in one dimension": { dims: [3, 9], tail: (b, x) => b.node("Conv", [x, b.floats([2, 3, 3])], { strides: [2] }) },
  ConvTranspose: {
    tail: (b, x) => {
      const attributes = { strides: [2, 3], pads: [1, 0, 2, 1], output_padding: [1, 2], group: 3 };
      return b.node("ConvTranspose", [x, b.floats([3, 2, 3, 3])], attributes);
    },
  },

  // Activations
  Relu: { tail: one("Relu") },
  "Clip by inputs": { tail: (b, x) => b.node("Clip", [x, b.floats([], [-0.5]), b.floats([], [1])]) },
  "Clip by attributes": { opset: 9, tail: one("Clip", { min: float(0), max: float(1) }) },
  "Clip on one side": { tail: (b, x) => b.node("Clip", [x, "", b.floats([], [1])]) },
  LeakyRelu: { tail: one("LeakyRelu", { alpha: 0.3 }) },
  "LeakyRelu that turns the sign": { tail: one("LeakyRelu", { alpha: -0.3 }) },
  PRelu: { tail: (b, x) => b.node("PRelu", [x, b.floats([3, 1, 1], [0.25, -0.5, 2])]) },
  ThresholdedRelu: { opset: 10, tail: one("ThresholdedRelu", { alpha: 0.5 }) },
  Sigmoid: { tail: one("Sigmoid") },
  Tanh: { tail: one("Tanh") },
  HardSigmoid: { range: [-4, 4], tail: one("HardSigmoid", { alpha: 1 / 6, beta: 0.5 }) },
  HardSwish: { opset: 14, range: [-5, 5], tail: one("HardSwish") },
  Elu: { tail: one("Elu", { alpha: 0.7 }) },
  Selu: { tail: one("Selu") },
  Celu: { tail: one("Celu", { alpha: 0.7 }) },
  Softplus: { tail: one("Softplus") },
  Softsign: { tail: one("Softsign") },
  Mish: { opset: 18, tail: one("Mish") },
  Gelu: { opset: 20, tail: one("Gelu") },
  "Gelu by tanh": { opset: 20, tail: one("Gelu", { approximate: "tanh" }) },
  Erf: { tail: one("Erf") },

  // Pooling
  "MaxPool that overlaps, padded": {
    tail: one("MaxPool", { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  },
  "MaxPool with ceil_mode and dilation": {
    tail: one("MaxPool", { kernel_shape: [2, 2], strides: [2, 3], dilations: [2, 1], ceil_mode: 1 }),
  },
  "MaxPool at every place, operator set 10": {
    opset: 10,
    tail: one("MaxPool", { kernel_shape: [2, 3], strides: [1, 1], pads: [0, 1, 1, 1] }),
  },
  "MaxPool at every place, dilated": {
    tail: one("MaxPool", { kernel_shape: [3, 3], dilations: [2, 1], pads: [2, 1, 1, 0] }),
  },
  "MaxPool with places left over": { tail: one("MaxPool", { kernel_shape: [2, 2], strides: [4, 4] }) },
  "MaxPool over the whole map": { tail: one("MaxPool", { kernel_shape: [6, 7] }) },
  AveragePool: { tail: one("AveragePool", { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1] }) },
  "AveragePool that counts padding": {
    tail: one("AveragePool", { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1], count_include_pad: 1 }),
  },
  "AveragePool with ceil_mode": { tail: one("AveragePool", { kernel_shape: [3, 3], strides: [2, 3], ceil_mode: 1 }) },
  "AveragePool with ceil_mode that counts padding": {
    opset: 19,
    tail: one("AveragePool", {
      kernel_shape: [3, 3],
      strides: [2, 3],
      pads: [1, 1, 1, 1],
      ceil_mode: 1,
      count_include_pad: 1,
    }),
  },
  GlobalAveragePool: { tail: one("GlobalAveragePool") },
  GlobalMaxPool: { tail: one("GlobalMaxPool") },

  // Normalisation
  BatchNormalization: {
    tail: (b, x) => {
      const [scale, shift, mean] = [b.floats([3]), b.floats([3]), b.floats([3])];
      return b.node("BatchNormalization", [x, scale, shift, mean, b.floats([3], [0.5, 1, 2])], { epsilon: 0.01 });
    },
  },
  "BatchNormalization behind convolutions, in groups and depthwise": {
    dims: [4, 5, 6],
    tail: (b, x) => {
      const norm = (maps: string, channels: number) => {
        const variance = b.floats(
          [channels],
          Array.from({ length: channels }, (_, i) => 0.5 + i),
        );
        return b.node("BatchNormalization", [maps, ...[1, 2, 3].map(() => b.floats([channels])), variance]);
      };
      const depthwise = norm(b.node("Conv", [x, b.floats([4, 1, 3, 3])], { group: 4 }), 4);
      return norm(b.node("Conv", [depthwise, b.floats([6, 2, 2, 2])], { group: 2 }), 6);
    },
  },
  LayerNormalization: {
    opset: 17,
    tail: (b, x) => b.node("LayerNormalization", [x, b.floats([6, 7]), b.floats([6, 7])], { axis: -2 }),
  },
  InstanceNormalization: {
    tail: (b, x) => b.node("InstanceNormalization", [x, b.floats([3]), b.floats([3])], { epsilon: 0.1 }),
  },
  LRN: {
    dims: [7, 2, 3],
    tail: one("LRN", { size: 3, alpha: 0.9, beta: 0.6, bias: 1.5 }),
  },

  // Arithmetic, stretched along axes
  "Add to what it is stretched over": {
    tail: (b, x) => b.node("Add", [b.node("GlobalAveragePool", [x]), b.node("Relu", [x])]),
  },
  "Sub, both sides": { tail: (b, x) => b.node("Sub", [b.node("Sigmoid", [x]), b.node("GlobalMaxPool", [x])]) },
  "Mul with itself and with a gate": {
    tail: (b, x) => b.node("Mul", [b.node("Mul", [x, x]), b.node("GlobalAveragePool", [x])]),
  },
  "Div, both sides": {
    range: positive,
    tail: (b, x) => b.node("Div", [x, b.node("ReduceMean", [x], { axes: [1], keepdims: 1 })]),
  },
  "Pow of a square": { tail: (b, x) => b.node("Pow", [x, b.floats([], [2])]) },
  "Pow of exponents": {
    range: positive,
    tail: (b, x) => b.node("Pow", [x, b.floats([7], [1, 2, 3, 0.5, -1, 1.5, 0])]),
  },
  "Pow, exponent": { tail: (b, x) => b.node("Pow", [b.floats([3, 1, 1], [0.5, 1.5, 2]), x]) },
  "Max and Min": {
    tail: (b, x) => b.node("Min", [b.node("Max", [x, b.floats([7]), b.node("Neg", [x])]), b.floats([], [1.5])]),
  },
  "Sum and Mean": {
    tail: (b, x) => b.node("Mean", [b.node("Sum", [x, x, b.floats([7])]), b.node("Relu", [x]), b.floats([6, 1])]),
  },
  Where: {
    tail: (b, x) =>
      b.node("Where", [b.node("Greater", [x, b.floats([], [0])]), b.node("Exp", [x]), b.node("Neg", [x])]),
  },
  "Sqrt, Log, Reciprocal, Exp": {
    range: positive,
    tail: (b, x) =>
      b.node("Exp", [b.node("Reciprocal", [b.node("Log", [b.node("Add", [b.node("Sqrt", [x]), b.floats([], [2])])])])]),
  },
  "Abs, Neg, Sin, Cos": { tail: (b, x) => b.node("Cos", [b.node("Sin", [b.node("Neg", [b.node("Abs", [x])])])]) },
  "Floor takes no part": { tail: (b, x) => b.node("Add", [b.node("Identity", [x]), b.node("Floor", [x])]) },

  // Joining and taking apart
  "Concat of two ways and a constant": {
    tail: (b, x) => {
      const constant = b.node("Expand", [b.floats([1, 3, 1, 1]), b.node("Shape", [x])]);
      return b.node("Concat", [b.node("Exp", [x]), constant, x], { axis: -3 });
    },
  },
  "Slice forwards and backwards": {
    tail: (b, x) => b.node("Slice", [x, b.ints(-2, 1), b.ints(-100, 6), b.ints(2, 3), b.ints(-2, 1)]),
  },
  "Slice by attributes": { opset: 9, tail: one("Slice", { starts: [1, -3], ends: [100, -1], axes: [1, 3] }) },
  "Gather of a list with repeats": { tail: (b, x) => b.node("Gather", [x, b.ints(2, 0, 2, -1)], { axis: 1 }) },
  "Gather of one": { tail: (b, x) => b.node("Gather", [x, b.constant([], [1])], { axis: -1 }) },
  Pad: { tail: (b, x) => b.node("Pad", [x, b.ints(0, 1, 0, 2, 0, 0, 3, 0), b.floats([], [0.5])]) },
  "Pad that cuts": { tail: (b, x) => b.node("Pad", [x, b.ints(0, 0, -1, 2, 0, 0, 0, -1)]) },

  // Reshaping
  "Reshape, Transpose, Flatten": {
    tail: (b, x) => {
      const split = b.node("Reshape", [x, b.ints(0, 3, 2, 3, 7)]);
      return b.node("Mul", [
        b.node("Flatten", [b.node("Transpose", [split], { perm: [0, 2, 1, 4, 3] })]),
        b.floats([126]),
      ]);
    },
  },
  "Squeeze and Unsqueeze": {
    tail: (b, x) => {
      const wide = b.node("Mul", [b.node("Unsqueeze", [x, b.ints(1)]), b.floats([2, 1, 6, 7])]);
      return b.node("Squeeze", [b.node("ReduceSum", [wide, b.ints(3)]), b.ints(3)]);
    },
  },
  "Cast there and back": { tail: (b, x) => b.node("Cast", [b.node("Cast", [x], { to: 11 })], { to: 1 }) },
  Expand: { tail: (b, x) => b.node("Expand", [b.node("ReduceSum", [x, b.ints(2)]), b.ints(1, 3, 4, 7)]) },
  Tile: { tail: (b, x) => b.node("Tile", [x, b.ints(1, 1, 2, 3)]) },
  DepthToSpace: { dims: [8, 2, 3], tail: one("DepthToSpace", { blocksize: 2 }) },
  "DepthToSpace, columns first": { dims: [8, 2, 3], tail: one("DepthToSpace", { blocksize: 2, mode: "CRD" }) },
  SpaceToDepth: { dims: [2, 4, 6], tail: one("SpaceToDepth", { blocksize: 2 }) },

  // Matrix products
  Gemm: { dims: [5], tail: (b, x) => b.node("Gemm", [x, b.floats([4, 5]), b.floats([4])], { transB: 1, alpha: 0.5 }) },
  "Gemm, untransposed": { dims: [5], tail: (b, x) => b.node("Gemm", [x, b.floats([5, 4])]) },
  "MatMul with a matrix": { tail: (b, x) => b.node("MatMul", [x, b.floats([7, 4])]) },
  "MatMul from the left": { tail: (b, x) => b.node("MatMul", [b.floats([3, 2, 6]), x]) },
  "MatMul with itself": {
    dims: [2, 3, 4],
    tail: (b, x) => b.node("MatMul", [x, b.node("Transpose", [b.node("Sigmoid", [x])], { perm: [0, 1, 3, 2] })]),
  },
  "MatMul of one matrix with several": {
    dims: [2, 3, 3],
    tail: (b, x) => b.node("MatMul", [b.node("ReduceMean", [x], { axes: [1] }), x]),
  },

  // Resizing
  "Resize by scales, nearest": {
    tail: (b, x) => b.node("Resize", [x, "", b.floats([4], [1, 1, 2, 1.5])], { mode: "nearest" }),
  },
  "Resize to sizes, linear": {
    tail: (b, x) => {
      const outer = b.node("Slice", [b.node("Shape", [x]), b.ints(0), b.ints(2)]);
      const sizes = b.node("Concat", [outer, b.ints(9, 4)], { axis: 0 });
      return b.node("Resize", [b.node("Add", [x, x]), "", "", sizes], { mode: "linear" });
    },
  },
  "Resize with the corners kept": {
    tail: (b, x) => {
      const attributes = { mode: "linear", coordinate_transformation_mode: "align_corners" };
      return b.node("Resize", [x, "", b.floats([4], [1, 1, 2, 3])], attributes);
    },
  },
  "Resize, cubic": {
    tail: (b, x) => {
      const attributes = { mode: "cubic", coordinate_transformation_mode: "pytorch_half_pixel" };
      return b.node("Resize", [x, "", b.floats([4], [1, 1, 2, 1.6])], attributes);
    },
  },
  "Resize, cubic of what is inside, to less": {
    tail: (b, x) => {
      const attributes = { mode: "cubic", exclude_outside: 1, cubic_coeff_a: float(-0.5) };
      return b.node("Resize", [x, "", b.floats([4], [1, 1, 0.5, 2])], attributes);
    },
  },
  ...Object.fromEntries(
    ["floor", "ceil", "round_prefer_ceil"].map((nearest_mode): [string, Case] => [
      `Resize, nearest by ${nearest_mode}`,
      {
        tail: (b, x) => {
          const attributes = { mode: "nearest", nearest_mode, coordinate_transformation_mode: "asymmetric" };
          return b.node("Resize", [x, "", b.floats([4], [1, 1, 1.7, 0.6])], attributes);
        },
      },
    ]),
  ),
  "Resize of some axes, operator set 18": {
    opset: 18,
    tail: (b, x) => b.node("Resize", [x, "", b.floats([2], [2, 3])], { axes: [3, 1], mode: "nearest" }),
  },
  "Resize, symmetric, operator set 19": {
    opset: 19,
    tail: (b, x) => {
      const attributes = { mode: "linear", coordinate_transformation_mode: "half_pixel_symmetric" };
      return b.node("Resize", [x, "", b.floats([4], [1, 1, 1.3, 0.7])], attributes);
    },
  },
  "Resize, operator set 10": {
    opset: 10,
    tail: (b, x) => b.node("Resize", [x, b.floats([4], [1, 1, 1.7, 0.5])], { mode: "nearest" }),
  },
  Upsample: {
    opset: 9,
    tail: (b, x) => b.node("Upsample", [x, b.floats([4], [1, 1, 2, 3])], { mode: "linear" }),
  },

  // Sums
  "Einsum of two": {
    tail: (b, x) => b.node("Einsum", [x, b.floats([7, 5])], { equation: "nchw,wk->nhkc" }),
  },
  "Einsum of itself": {
    tail: (b, x) => b.node("Einsum", [x, b.node("Tanh", [x])], { equation: "nchw, nkhw -> nkc" }),
  },
  "Einsum of one": { tail: (b, x) => b.node("Einsum", [x], { equation: "nchw->nwhc" }) },

  // Softmax
  Softmax: { tail: one("Softmax", { axis: 1 }) },
  "Softmax over all behind, operator set 11": { opset: 11, tail: one("Softmax", { axis: 2 }) },
  LogSoftmax: { tail: one("LogSoftmax", { axis: -1 }) },

  // Reductions
  "ReduceMean without axes kept": { tail: one("ReduceMean", { axes: [2, -1], keepdims: 0 }) },
  "ReduceMean by input": { opset: 18, tail: (b, x) => b.node("ReduceMean", [x, b.ints(2, 3)]) },
  "ReduceSum, operator set 11": { opset: 11, tail: one("ReduceSum", { axes: [1], keepdims: 0 }) },
  "ReduceMax and ReduceMin": {
    tail: (b, x) =>
      b.node("Sub", [b.node("ReduceMax", [x], { axes: [1] }), b.node("ReduceMin", [x], { axes: [1, 2] })]),
  },
  "ReduceL1, ReduceL2": {
    tail: (b, x) => b.node("Add", [b.node("ReduceL1", [x], { axes: [1] }), b.node("ReduceL2", [x], { axes: [3] })]),
  },
  ReduceSumSquare: { tail: one("ReduceSumSquare", { axes: [2], keepdims: 0 }) },
  ReduceLogSumExp: { tail: one("ReduceLogSumExp", { axes: [2, 3], keepdims: 0 }) },
  ReduceLogSum: { range: positive, tail: one("ReduceLogSum", { axes: [2, 3] }) },
};

describe("gradients agree with finite differences of what ONNX Runtime computes", () => {
  for (const [name, given] of Object.entries(CASES)) {
    test(name, async () => {
      const difference = await differenceToFiniteDifferences(given);
      assert.ok(difference < 5e-3, `differs by ${difference}`);
    });
  }
});

test("every operator that has a gradient is tried", () => {
  const tried = new Set<string>();
  for (const { tail } of Object.values(CASES)) {
    const builder = new Builder();
    tail(builder, "x");
    for (const { opType } of builder.nodes) tried.add(opType);
  }
  const elsewhere = ["Split", "Dropout", "Round", "Ceil", "Sign", "CastLike", "QuantizeLinear", "DequantizeLinear"];
  assert.deepEqual(
    differentiableOperators()
      .filter((op) => !tried.has(op))
      .sort(),
    elsewhere.sort(),
  );
});
