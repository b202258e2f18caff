// Tails of small networks, one for each form of head.
import type { GapHead } from "../../../../src/kernel-helpers/graph/head/gap-head.js";
import { SMALL, type Builder } from "../build-graph.js";

const { channels: K, classes: C, height: H, width: W } = SMALL;
/** The tail of a small network: what it adds behind the maps. */
export type Tail = (b: Builder, maps: string) => string | readonly string[];

export const flat = (b: Builder, value: string) => b.node("Flatten", [value]);
export const pooled = (b: Builder, maps: string, op = "GlobalAveragePool") => flat(b, b.node(op, [maps]));
export const gemm = (b: Builder, value: string, outputs: number = C, inputs: number = K) =>
  b.node("Gemm", [value, b.floats([outputs, inputs]), b.floats([outputs])], { transB: 1 });
export const one = (b: Builder, value: number) => b.floats([], [value]);
export const tokensOf = (b: Builder, maps: string) =>
  b.node("Transpose", [b.node("Reshape", [maps, b.ints(0, K, H * W)])], { perm: [0, 2, 1] });
/** A residual block that mixes tokens, as attention does. */
export const mixed = (b: Builder, tokens: string) => {
  const scores = b.node("MatMul", [tokens, b.node("Transpose", [tokens], { perm: [0, 2, 1] })]);
  const values = b.node("MatMul", [tokens, b.floats([K, K])]);
  return b.node("Add", [tokens, b.node("MatMul", [b.node("Softmax", [scores], { axis: -1 }), values])]);
};
export const withClassToken = (b: Builder, tokens: string) => {
  const sum = b.node("ReduceMean", [tokens], { axes: [1], keepdims: 1 });
  return b.node("Concat", [b.node("Mul", [sum, one(b, 0.5)]), tokens], { axis: 1 });
};
export const layerNorm = (b: Builder, value: string, size: number = K) =>
  b.node("LayerNormalization", [value, b.floats([size]), b.floats([size])], { epsilon: 1e-5, axis: -1 });
export const relu = (b: Builder, value: string) => b.node("Relu", [value]);
export const rms = (b: Builder, value: string) => {
  const square = b.node("ReduceMean", [b.node("Pow", [value, one(b, 2)]), b.ints(-1)], { keepdims: 1 });
  const inverse = b.node("Div", [one(b, 1), b.node("Sqrt", [b.node("Add", [square, one(b, 1e-6)])])]);
  return b.node("Mul", [b.node("Mul", [value, inverse]), b.floats([K])]);
};

/** A tail, and what the head that is found in it looks like. */
export interface TailCase {
  readonly name: string;
  readonly tail: Tail;
  readonly form?: GapHead["form"];
  readonly summary: RegExp;
  readonly opset?: number;
  readonly channels?: number;
  /** The mean of a class's map and its offset are the score; not where tokens belong to no place. */
  readonly exact?: boolean;
}

/** Tails that pool before they classify. */
export const TAILS: readonly TailCase[] = [
  {
    name: "two heads averaged",
    tail: (b, maps) => {
      const mean = pooled(b, maps);
      return b.node("Div", [b.node("Add", [gemm(b, mean), gemm(b, mean)]), one(b, 2)]);
    },
    summary: /average → gemm_\d+ \+ gemm_\d+ 6$/,
  },
  {
    name: "two heads, each with a normalisation of its own, stacked and averaged",
    opset: 17,
    tail: (b, maps) => {
      const mean = pooled(b, maps);
      const head = () => b.node("Unsqueeze", [gemm(b, layerNorm(b, mean)), b.ints(1)]);
      return b.node("ReduceMean", [b.node("Concat", [head(), head(), head()], { axis: 1 })], {
        axes: [1],
        keepdims: 0,
      });
    },
    summary: /average → layer normalisation → gemm/,
  },
  {
    name: "one head less another",
    tail: (b, maps) => b.node("Sub", [gemm(b, pooled(b, maps)), gemm(b, pooled(b, maps))]),
    summary: /average/,
  },
  {
    name: "an Einsum as classifier",
    tail: (b, maps) => b.node("Einsum", [pooled(b, maps), b.floats([C, K])], { equation: "nc, kc -> nk" }),
    summary: /average → einsum_\d+ 6$/,
  },
  {
    name: "an Einsum with its weights first and stored the other way",
    tail: (b, maps) => b.node("Einsum", [b.floats([K, C]), pooled(b, maps)], { equation: "ck,nc->nk" }),
    summary: /average → einsum_\d+ 6$/,
  },
  {
    name: "a window wider than the maps, whose padding does not count",
    tail: (b, maps) =>
      gemm(b, flat(b, b.node("AveragePool", [maps], { kernel_shape: [H + 1, W + 2], pads: [0, 1, 1, 1] }))),
    summary: /5×4×5 → average/,
  },
  {
    name: "a window wider than the maps, whose padding counts",
    tail: (b, maps) => {
      const window = { kernel_shape: [H + 1, W + 2], pads: [0, 1, 1, 1], count_include_pad: 1 };
      return gemm(b, flat(b, b.node("AveragePool", [maps], window)));
    },
    summary: /5×4×5 → average/,
  },
  {
    name: "RMS normalisation in single operators",
    opset: 18,
    tail: (b, maps) => gemm(b, rms(b, pooled(b, maps))),
    summary: /average → RMS normalisation → gemm/,
  },
  {
    name: "features over their unbiased deviation, as timm's RmsNorm",
    tail: (b, maps) => {
      const x = pooled(b, maps);
      const centred = b.node("Sub", [x, b.node("ReduceMean", [x], { axes: [-1] })]);
      const squares = b.node("ReduceMean", [b.node("Mul", [centred, centred])], { axes: [-1] });
      const count = b.node("Cast", [b.node("Gather", [b.node("Shape", [x]), b.ints(1)])], { to: 1 });
      const variance = b.node("Div", [b.node("Mul", [squares, count]), b.node("Sub", [count, one(b, 1)])]);
      const deviation = b.node("Sqrt", [b.node("Add", [variance, one(b, 1e-6)])]);
      return gemm(b, b.node("Mul", [b.node("Div", [x, deviation]), b.floats([K])]));
    },
    summary: /average → variance normalisation → gemm/,
  },
  {
    name: "the same with the counts as constants, and the axis put back, as the exporter of PyTorch 2.9 writes it",
    tail: (b, maps) => {
      const x = pooled(b, maps);
      const centred = b.node("Sub", [x, b.node("ReduceMean", [x], { axes: [-1] })]);
      const squares = b.node("ReduceMean", [b.node("Mul", [centred, centred])], { axes: [-1], keepdims: 0 });
      const variance = b.node("Div", [b.node("Mul", [squares, one(b, K)]), one(b, K - 1)]);
      const column = b.node("Reshape", [variance, b.ints(-1, 1)]);
      const root = b.node("Reciprocal", [b.node("Sqrt", [b.node("Add", [column, one(b, 1e-6)])])]);
      return gemm(b, b.node("Mul", [b.node("Mul", [x, root]), b.floats([K])]));
    },
    summary: /average → variance normalisation → gemm/,
  },
  {
    name: "features of length 1, as for a cosine classifier",
    tail: (b, maps) => {
      const x = pooled(b, maps);
      const length = b.node("Clip", [b.node("ReduceL2", [x], { axes: [1], keepdims: 1 }), one(b, 1e-12)]);
      return gemm(b, b.node("Div", [x, b.node("Expand", [length, b.node("Shape", [x])])]));
    },
    summary: /average → RMS normalisation → gemm/,
  },
  {
    name: "average and maximum added",
    tail: (b, maps) => {
      const sum = b.node("Add", [b.node("GlobalAveragePool", [maps]), b.node("GlobalMaxPool", [maps])]);
      return gemm(b, b.node("Mul", [flat(b, sum), one(b, 0.5)]));
    },
    channels: 2 * K,
    summary: /^GAP and GMP head: .* → average and max → gemm/,
  },
  {
    name: "average and maximum side by side",
    tail: (b, maps) =>
      gemm(
        b,
        flat(b, b.node("Concat", [b.node("GlobalAveragePool", [maps]), b.node("GlobalMaxPool", [maps])], { axis: 1 })),
        C,
        2 * K,
      ),
    channels: 2 * K,
    summary: /^GAP and GMP head/,
  },
  {
    name: "average and maximum side by side, layer-normalised",
    opset: 17,
    tail: (b, maps) => {
      const joined = b.node("Concat", [pooled(b, maps), pooled(b, maps, "GlobalMaxPool")], { axis: 1 });
      return gemm(b, layerNorm(b, joined, 2 * K), C, 2 * K);
    },
    channels: 2 * K,
    summary: /average and max → layer normalisation/,
  },
  {
    name: "two maps of one size, each with its own mean",
    tail: (b, maps) => b.node("Add", [gemm(b, pooled(b, maps)), gemm(b, pooled(b, b.node("Tanh", [maps])))]),
    channels: 2 * K,
    summary: /^GAP head: leakyrelu_\d+ and tanh_\d+ 5×4×5 → average/,
  },
  {
    name: "a mean over tokens, layer-normalised before",
    opset: 17,
    tail: (b, maps) =>
      gemm(b, b.node("ReduceMean", [layerNorm(b, mixed(b, tokensOf(b, maps)))], { axes: [1], keepdims: 0 })),
    summary: /layernormalization_\d+ 5×4×5 \(tokens\) → average → gemm/,
  },
  {
    name: "a mean over tokens without the class token, layer-normalised after",
    opset: 17,
    tail: (b, maps) => {
      const tokens = mixed(b, withClassToken(b, tokensOf(b, maps)));
      const patches = b.node("Slice", [tokens, b.ints(1), b.ints(1000), b.ints(1)]);
      return gemm(b, layerNorm(b, b.node("ReduceMean", [patches], { axes: [1], keepdims: 0 })));
    },
    summary: /\(tokens\) → average → layer normalisation → gemm/,
  },
  {
    name: "a mean over tokens and the class token among them",
    tail: (b, maps) =>
      gemm(b, b.node("ReduceMean", [mixed(b, withClassToken(b, tokensOf(b, maps)))], { axes: [1], keepdims: 0 })),
    summary: /\(tokens\) → average → gemm/,
    exact: false,
  },
  {
    name: "tokens with their channels first, pooled by GlobalAveragePool",
    tail: (b, maps) => gemm(b, pooled(b, b.node("Transpose", [mixed(b, tokensOf(b, maps))], { perm: [0, 2, 1] }))),
    summary: /\(tokens\) → average → gemm/,
  },
  {
    name: "average and maximum of tokens",
    tail: (b, maps) => {
      const tokens = mixed(b, tokensOf(b, maps));
      const reduced = (op: string) => b.node(op, [tokens], { axes: [1], keepdims: 0 });
      return gemm(b, b.node("Add", [reduced("ReduceMean"), reduced("ReduceMax")]));
    },
    channels: 2 * K,
    summary: /^GAP and GMP head/,
  },
  {
    name: "a hidden layer with ReLU",
    form: "pool-then-network",
    tail: (b, maps) => gemm(b, relu(b, gemm(b, pooled(b, maps), 7)), C, 7),
    summary: /average → relu → gemm_\d+ 6 \(weights along a path/,
  },
  {
    name: "MobileNetV3: 1×1 convolution, hard swish in single operators, 1×1 convolution",
    form: "pool-then-network",
    tail: (b, maps) => {
      const x = b.node("Conv", [b.node("GlobalAveragePool", [maps]), b.floats([7, K, 1, 1]), b.floats([7])]);
      const gate = b.node("Clip", [b.node("Add", [x, one(b, 3)]), one(b, 0), one(b, 6)]);
      const swish = b.node("Div", [b.node("Mul", [x, gate]), one(b, 6)]);
      return flat(b, b.node("Conv", [swish, b.floats([C, 7, 1, 1]), b.floats([C])]));
    },
    summary: /average → hard-swish → conv/,
  },
  {
    name: "GELU written out, normalised before and after",
    form: "pool-then-network",
    opset: 17,
    tail: (b, maps) => {
      const x = gemm(b, layerNorm(b, pooled(b, maps)), 7);
      const erf = b.node("Erf", [b.node("Div", [x, one(b, Math.SQRT2)])]);
      const gelu = b.node("Mul", [b.node("Mul", [x, b.node("Add", [erf, one(b, 1)])]), one(b, 0.5)]);
      return gemm(b, layerNorm(b, gelu, 7), C, 7);
    },
    summary: /average → layer normalisation → gelu → layer normalisation → gemm/,
  },
  {
    name: "SiLU before the first layer, squared ReLU behind it, and a way around",
    form: "pool-then-network",
    tail: (b, maps) => {
      const mean = pooled(b, maps);
      const silu = b.node("Mul", [mean, b.node("Sigmoid", [mean])]);
      const hidden = relu(b, gemm(b, silu, 7));
      return b.node("Add", [gemm(b, b.node("Mul", [hidden, hidden]), C, 7), gemm(b, mean)]);
    },
    summary: /average → silu → squared-relu → gemm/,
  },
  {
    name: "a gate that multiplies the features, and two hidden layers",
    form: "pool-then-network",
    tail: (b, maps) => {
      const mean = pooled(b, maps);
      const gated = b.node("Mul", [mean, b.node("Sigmoid", [gemm(b, mean, K)])]);
      return gemm(b, b.node("Tanh", [gemm(b, b.node("Elu", [gemm(b, gated, 7)]), 6, 7)]), C, 6);
    },
    summary: /average → sigmoid → product → elu → tanh → gemm/,
  },
  {
    name: "generalised mean (GeM): the third root of the mean of third powers",
    form: "pool-then-network",
    tail: (b, maps) => {
      const cubes = b.node("Pow", [b.node("Clip", [maps, one(b, 1e-6), one(b, 1e9)]), one(b, 3)]);
      const root = b.node("Pow", [b.node("GlobalAveragePool", [cubes]), b.node("Div", [one(b, 1), one(b, 3)])]);
      return gemm(b, flat(b, root));
    },
    summary: /pow_\d+ 5×4×5 → average → power → gemm/,
  },
  {
    name: "a small network on average and maximum side by side",
    form: "pool-then-network",
    tail: (b, maps) => {
      const joined = b.node("Concat", [pooled(b, maps), pooled(b, maps, "GlobalMaxPool")], { axis: 1 });
      return gemm(b, relu(b, gemm(b, joined, 7, 2 * K)), C, 7);
    },
    channels: 2 * K,
    summary: /average and max → relu/,
  },
  {
    name: "a small network on the sum of average and maximum",
    form: "pool-then-network",
    tail: (b, maps) => {
      const sum = b.node("Add", [b.node("GlobalAveragePool", [maps]), b.node("GlobalMaxPool", [maps])]);
      return gemm(b, relu(b, gemm(b, flat(b, sum), 7)), C, 7);
    },
    channels: 2 * K,
    summary: /average and max → relu/,
  },
];

export const conv = (b: Builder, maps: string, attributes = {}) =>
  b.node("Conv", [maps, b.floats([C, K, 1, 1]), b.floats([C])], attributes);
/** Tails that classify before they pool: name, tail, operator set. */
export const CLASSIFIED_TAILS: readonly [string, Tail, number?][] = [
  [
    "padded, with ReLU, as SqueezeNet by its authors",
    (b, maps) => pooled(b, relu(b, conv(b, maps, { pads: [1, 1, 1, 1] }))),
  ],
  ["padded on two sides, without an activation", (b, maps) => pooled(b, conv(b, maps, { pads: [1, 0, 0, 2] }))],
  [
    "padded, leaky, then halved",
    (b, maps) => b.node("Mul", [pooled(b, b.node("LeakyRelu", [conv(b, maps, { pads: [1, 1, 0, 0] })])), one(b, 0.5)]),
  ],
  [
    "with ReLU6, then softmax",
    (b, maps) => b.node("Softmax", [pooled(b, b.node("Clip", [conv(b, maps), one(b, 0), one(b, 6)]))]),
  ],
  [
    "with hard swish, then softmax",
    (b, maps) => b.node("Softmax", [pooled(b, b.node("HardSwish", [conv(b, maps)]))]),
    14,
  ],
  [
    "of tokens, by a matrix at each",
    (b, maps) =>
      b.node("ReduceMean", [b.node("Add", [b.node("MatMul", [tokensOf(b, maps), b.floats([K, C])]), b.floats([C])])], {
        axes: [1],
        keepdims: 0,
      }),
  ],
];
