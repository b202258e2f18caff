import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cam } from "../../../../src/kernel-helpers/cam/cam.js";
import { activationFunction } from "../../../../src/kernel-helpers/graph/head/activations.js";
import {
  classWeightsFor,
  pathResidualFor,
  scoreOffsetFor,
} from "../../../../src/kernel-helpers/graph/head/class-weights.js";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import type { GapHead } from "../../../../src/kernel-helpers/graph/head/gap-head.js";
import { exposeHead, headOutputs } from "../../../../src/kernel-helpers/graph/surgery/expose-head.js";
import type { Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import { images, run, smallNetwork, SMALL, type Builder } from "../build-graph.js";

const { channels: K, classes: C, height: H, width: W } = SMALL;
type Tail = (b: Builder, maps: string) => string | readonly string[];

const flat = (b: Builder, value: string) => b.node("Flatten", [value]);
const pooled = (b: Builder, maps: string, op = "GlobalAveragePool") => flat(b, b.node(op, [maps]));
const gemm = (b: Builder, value: string, outputs: number = C, inputs: number = K) =>
  b.node("Gemm", [value, b.floats([outputs, inputs]), b.floats([outputs])], { transB: 1 });
const one = (b: Builder, value: number) => b.floats([], [value]);
const tokensOf = (b: Builder, maps: string) =>
  b.node("Transpose", [b.node("Reshape", [maps, b.ints(0, K, H * W)])], { perm: [0, 2, 1] });
/** A residual block that mixes tokens, as attention does. */
const mixed = (b: Builder, tokens: string) => {
  const scores = b.node("MatMul", [tokens, b.node("Transpose", [tokens], { perm: [0, 2, 1] })]);
  const values = b.node("MatMul", [tokens, b.floats([K, K])]);
  return b.node("Add", [tokens, b.node("MatMul", [b.node("Softmax", [scores], { axis: -1 }), values])]);
};
const withClassToken = (b: Builder, tokens: string) => {
  const sum = b.node("ReduceMean", [tokens], { axes: [1], keepdims: 1 });
  return b.node("Concat", [b.node("Mul", [sum, one(b, 0.5)]), tokens], { axis: 1 });
};
const layerNorm = (b: Builder, value: string, size: number = K) =>
  b.node("LayerNormalization", [value, b.floats([size]), b.floats([size])], { epsilon: 1e-5, axis: -1 });
const relu = (b: Builder, value: string) => b.node("Relu", [value]);
const rms = (b: Builder, value: string) => {
  const square = b.node("ReduceMean", [b.node("Pow", [value, one(b, 2)]), b.ints(-1)], { keepdims: 1 });
  const inverse = b.node("Div", [one(b, 1), b.node("Sqrt", [b.node("Add", [square, one(b, 1e-6)])])]);
  return b.node("Mul", [b.node("Mul", [value, inverse]), b.floats([K])]);
};

interface Case {
  readonly name: string;
  readonly tail: Tail;
  readonly form?: GapHead["form"];
  readonly summary: RegExp;
  readonly opset?: number;
  readonly channels?: number;
  /** The mean of a class's map and its offset are the score; not where tokens belong to no place. */
  readonly exact?: boolean;
}

const CASES: readonly Case[] = [
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

describe("every form of head keeps its promise", () => {
  for (const { name, tail, form = "pool-then-classify", summary, opset, channels = K, exact = true } of CASES) {
    test(name, async () => {
      const graph = smallNetwork(tail, { opset });
      const head = findGapHead(graph);
      assert.match(head.summary, summary);
      assert.equal(head.form, form);
      assert.deepEqual([head.featureMaps.channels, head.featureMaps.height, head.featureMaps.width], [channels, H, W]);
      assert.equal(head.notes?.some((note) => note.includes("belong to no place")) ?? false, !exact);
      for (const photo of await seen(graph, head, 3)) {
        for (let c = 0; c < C; c++) {
          const weights = classWeightsFor(head, c, photo.features);
          const offset = scoreOffsetFor(head, c, photo.features);
          const score = weights.reduce((sum, w, k) => sum + w * photo.features[k], offset);
          assert.ok(Math.abs(score - photo.logits[c]) < 2e-5, `class ${c}: ${score} for ${photo.logits[c]}`);
          assert.ok(Math.abs(pathResidualFor(head, c, photo.features)) < 2e-5);
          if (!exact) continue;
          const mean =
            photo.maps.reduce((sum, value, i) => sum + weights[Math.floor(i / (H * W))] * value, 0) / (H * W);
          assert.ok(Math.abs(mean + offset - photo.logits[c]) < 2e-5, "the mean of the map is the score");
        }
      }
    });
  }
});

/** What a network computes of some images, as it is exposed; the scores as it was. */
async function seen(graph: Graph, head: GapHead, count: number) {
  const dims = [count, ...SMALL.image];
  const results = await run(exposeHead(graph, head), images(count), dims);
  const scores = (await run(graph, images(count), dims))[graph.outputs[0].name].data;
  const names = headOutputs(head);
  const { channels } = head.featureMaps;
  assert.deepEqual(results[names.featureMaps].dims, [count, channels, H, W]);
  const share = (data: Float32Array, photo: number) =>
    data.slice((photo * data.length) / count, ((photo + 1) * data.length) / count);
  return Array.from({ length: count }, (_, photo) => ({
    maps: share(results[names.featureMaps].data, photo),
    features: share(results[names.features].data, photo),
    logits: share(scores, photo),
  }));
}

test("weights along the path are the integral of the gradient, found by a plain sum of many steps", () => {
  for (const { name, tail, opset } of CASES.filter(({ form }) => form === "pool-then-network")) {
    const head = findGapHead(smallNetwork(tail, { opset }));
    const features = Float32Array.from({ length: head.featureMaps.channels }, (_, k) => Math.sin(2 * k + 1) * 1.5);
    const weights = classWeightsFor(head, 2, features);
    // Closer together near 0, where a normalisation turns.
    const bent = head.summary.includes("normalisation");
    const steps = bent ? 8000 : 40_000;
    const at = (i: number) => (bent ? (i / steps) ** 3 : i / steps);
    const sum = new Float64Array(features.length);
    for (let i = 0; i < steps; i++) {
      const gradient = classWeightsFor(
        head,
        2,
        features.map((value) => value * at(i + 0.5)),
        { along: "gradient" },
      );
      for (let k = 0; k < sum.length; k++) sum[k] += gradient[k] * (at(i + 1) - at(i));
    }
    const size = weights.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
    sum.forEach((wanted, k) =>
      assert.ok(Math.abs(weights[k] - wanted) < 1e-4 * size, `${name} ${k}: ${weights[k]}, ${wanted}`),
    );
  }
});

test("activations have the derivatives that their values have", () => {
  const kinds =
    "sigmoid tanh hard-swish gelu gelu-tanh softplus softsign mish squared-relu square erf exp abs negative".split(" ");
  const all = [
    ...kinds.map((kind) => ({ kind })),
    { kind: "silu", beta: 1.702 },
    { kind: "elu", alpha: 1.3, gamma: 1.1 },
    { kind: "celu", alpha: 0.7 },
    { kind: "hard-sigmoid", alpha: 0.2, beta: 0.5 },
    { kind: "clip", low: -1, high: 2 },
    { kind: "leaky-relu", slope: 0.1 },
  ] as Parameters<typeof activationFunction>[0][];
  for (const activation of all) {
    const { value, slope } = activationFunction(activation);
    for (const x of [-3.7, -1.3, -0.4, 0.3, 1.1, 2.6, 5.2]) {
      const found = (value(x + 1e-6) - value(x - 1e-6)) / 2e-6;
      assert.ok(
        Math.abs(slope(x) - found) < 1e-5 * (1 + Math.abs(found)),
        `${activation.kind} at ${x}: ${slope(x)}, ${found}`,
      );
    }
  }
  // Abramowitz and Stegun, table 7.1.
  for (const [x, erf] of [
    [0.5, 0.5204998778],
    [1, 0.8427007929],
    [3, 0.9999779095],
  ]) {
    assert.ok(Math.abs(activationFunction({ kind: "erf" }).value(x) - erf) < 1e-10);
  }
});

describe("classifiers before the pooling", () => {
  const conv = (b: Builder, maps: string, attributes = {}) =>
    b.node("Conv", [maps, b.floats([C, K, 1, 1]), b.floats([C])], attributes);
  const tails: readonly [string, Tail, number?][] = [
    [
      "padded, with ReLU, as SqueezeNet by its authors",
      (b, maps) => pooled(b, relu(b, conv(b, maps, { pads: [1, 1, 1, 1] }))),
    ],
    ["padded on two sides, without an activation", (b, maps) => pooled(b, conv(b, maps, { pads: [1, 0, 0, 2] }))],
    [
      "padded, leaky, then halved",
      (b, maps) =>
        b.node("Mul", [pooled(b, b.node("LeakyRelu", [conv(b, maps, { pads: [1, 1, 0, 0] })])), one(b, 0.5)]),
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
        b.node(
          "ReduceMean",
          [b.node("Add", [b.node("MatMul", [tokensOf(b, maps), b.floats([K, C])]), b.floats([C])])],
          { axes: [1], keepdims: 0 },
        ),
    ],
  ];
  for (const [name, tail, opset] of tails) {
    test(name, async () => {
      const graph = smallNetwork(tail, { opset });
      const head = findGapHead(graph);
      assert.equal(head.form, "classify-then-pool");
      assert.deepEqual([head.featureMaps.height, head.featureMaps.width], [H, W]);
      const act = head.activation ? activationFunction(head.activation).value : (x: number) => x;
      const scores = (await run(exposeHead(graph, head), images(2), [2, ...SMALL.image]))[headOutputs(head).logits]
        .data;
      for (const [photo, { maps, features }] of (await seen(graph, head, 2)).entries()) {
        for (let c = 0; c < C; c++) {
          const [weights, bias] = [classWeightsFor(head, c, features), scoreOffsetFor(head, c, features)];
          const places = Array.from({ length: H * W }, (_, p) =>
            act(weights.reduce((sum, w, k) => sum + w * maps[k * H * W + p], bias)),
          );
          const score = places.reduce((a, b) => a + b, 0) / (H * W) + (head.outside?.[c] ?? 0);
          assert.ok(Math.abs(score - scores[photo * C + c]) < 1e-5, `${score} for ${scores[photo * C + c]}`);
        }
      }
    });
  }
});

describe("embeddings and maps of a single place", () => {
  test("a network without a classifier opens, with features and without classes", async () => {
    for (const [tail, size] of [
      [(b: Builder, maps: string) => pooled(b, relu(b, maps)), K],
      [(b: Builder, maps: string) => b.node("LpNormalization", [gemm(b, pooled(b, maps), 7)], { axis: 1 }), 7],
    ] as const) {
      const graph = smallNetwork(tail);
      const head = findGapHead(graph, size === K ? {} : { classes: 0 });
      assert.deepEqual([head.form, head.logits.classes], ["embedding", 0]);
      assert.match(head.summary, new RegExp(`an embedding of ${size} numbers, no classes`));
      const results = await run(exposeHead(graph, head), images(1), [1, ...SMALL.image]);
      assert.equal(results[headOutputs(head).features].data.length, K);
      assert.throws(() => classWeightsFor(head, 0, new Float32Array(K)), /no classes, it is an embedding/);
    }
  });

  test("beside class scores an embedding is passed over; by its name it is one", () => {
    const graph = smallNetwork((b, maps) => {
      const mean = pooled(b, relu(b, maps));
      return [mean, gemm(b, mean)];
    });
    assert.equal(findGapHead(graph).logits.classes, C);
    const named = smallNetwork((b, maps) => {
      gemm(b, pooled(b, maps));
      return (b.nodes[b.nodes.length - 1].output[0] = "image_embeds");
    });
    assert.equal(findGapHead(named).form, "embedding");
    assert.equal(findGapHead(named, { classes: C }).form, "pool-then-classify");
  });

  test("maps of 1×1 have classes, but no map", () => {
    const graph = smallNetwork((b, maps) => {
      const whole = relu(b, b.node("Conv", [maps, b.floats([7, K, H, W])]));
      return gemm(b, pooled(b, whole), C, 7);
    });
    const head = findGapHead(graph);
    assert.match(head.notes?.join() ?? "", /nothing can be localized: .* 7×1×1, a single place/);
    const source = {
      network: { head, classes: [..."abcdef"] },
      featureMaps: { channels: 7, height: 1, width: 1, data: new Float32Array(7) },
      features: new Float32Array(7),
    };
    assert.throws(() => cam(source, 0), { name: "CamlabError", message: /nothing can be localized/ });
  });
});

describe("heads without a sum over places say what to do", () => {
  const refusals: readonly [string, RegExp, Tail][] = [
    [
      "a class token, by Gather",
      /picks one token out of 21[\s\S]*one token that attention fills[\s\S]*head: "tokens"/,
      (b, maps) =>
        gemm(b, b.node("Gather", [mixed(b, withClassToken(b, tokensOf(b, maps))), b.constant([], [0])], { axis: 1 })),
    ],
    [
      "a class token, by Slice",
      /picks one token out of 21[\s\S]*one token that attention fills/,
      (b, maps) => {
        const tokens = mixed(b, withClassToken(b, tokensOf(b, maps)));
        return gemm(b, flat(b, b.node("Slice", [tokens, b.ints(0), b.ints(1), b.ints(1)])));
      },
    ],
    [
      "a dynamically quantised classifier",
      /MatMulInteger\) computes in whole numbers: .*QDQ.*float32/,
      (b, maps) => {
        const x = pooled(b, maps);
        const q = b.node("DynamicQuantizeLinear", [x]);
        const [scale, zero] = [`${q}_scale`, `${q}_zero`];
        b.nodes[b.nodes.length - 1].output.push(scale, zero);
        const product = b.node("MatMulInteger", [q, b.constant([K, C], new Int8Array(K * C).fill(3)), zero]);
        return b.node("Mul", [b.node("Cast", [product], { to: 1 }), b.node("Mul", [scale, one(b, 0.01)])]);
      },
    ],
    [
      "scores that are divided by another value of the photo",
      /\(Div\) divides two values that both depend on the photo/,
      (b, maps) => b.node("Div", [gemm(b, pooled(b, maps)), gemm(b, pooled(b, maps))]),
    ],
    [
      "maps of two sizes",
      /maps of different sizes are pooled and joined/,
      (b, maps) => {
        const small = b.node("MaxPool", [maps], { kernel_shape: [2, 2], strides: [2, 2] });
        return b.node("Add", [gemm(b, pooled(b, maps)), gemm(b, pooled(b, small))]);
      },
    ],
    [
      "a softmax of maps that only a trunk made",
      /nothing classifies the pooled maps, and before the pooling/,
      (b, maps) => b.node("Softmax", [pooled(b, b.node("Conv", [maps, b.floats([C, K, 3, 3])]))]),
    ],
  ];
  for (const [name, message, tail] of refusals) {
    test(name, () => assert.throws(() => findGapHead(smallNetwork(tail)), { name: "CamlabError", message }));
  }
});
