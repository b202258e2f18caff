import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { classWeightsFor, scoreOffsetFor } from "../../../../src/kernel-helpers/graph/head/class-weights.js";
import { withOutputs } from "../../../../src/kernel-helpers/graph/surgery/cut-graph.js";
import { exposeHead, headOutputs } from "../../../../src/kernel-helpers/graph/surgery/expose-head.js";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import type { GapHead } from "../../../../src/kernel-helpers/graph/head/gap-head.js";
import type { Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import { images, run, smallNetwork, SMALL, type Builder } from "../build-graph.js";

type Tail = (b: Builder, maps: string) => string | readonly string[];
const { channels: K, classes: C, height: H, width: W } = SMALL;

const pool = (b: Builder, maps: string) => b.node("GlobalAveragePool", [maps]);
const flat = (b: Builder, value: string) => b.node("Flatten", [value]);
const classify = (b: Builder, value: string) => b.node("Gemm", [value, b.floats([C, K]), b.floats([C])], { transB: 1 });
const afterPool =
  (step: (b: Builder, pooled: string) => string): Tail =>
  (b, maps) =>
    step(b, flat(b, pool(b, maps)));
const nhwc = (b: Builder, value: string) => b.node("Transpose", [value], { perm: [0, 2, 3, 1] });

/** Every spelling of the tail that is found, with what it must be found as where that is not the plain case. */
const SPELLINGS: readonly {
  name: string;
  tail: Tail;
  opset?: number;
  tolerance?: number;
  batch?: number;
  expect?: Partial<GapHead>;
}[] = [
  { name: "GlobalAveragePool, Flatten, Gemm with transB", tail: afterPool(classify) },
  { name: "Softmax after the classifier", tail: afterPool((b, f) => b.node("Softmax", [classify(b, f)])) },
  {
    name: "Gemm with alpha and beta",
    tail: afterPool((b, f) => b.node("Gemm", [f, b.floats([K, C]), b.floats([1, C])], { alpha: 0.5, beta: 2.5 })),
  },
  { name: "Gemm without a bias", tail: afterPool((b, f) => b.node("Gemm", [f, b.floats([K, C])])) },
  {
    name: "Gemm with transA, behind a Transpose",
    tail: afterPool((b, f) => {
      const columns = b.node("Transpose", [f], { perm: [1, 0] });
      return b.node("Gemm", [columns, b.floats([K, C]), b.floats([C])], { transA: 1 });
    }),
  },
  {
    name: "Gemm whose first factor are the weights",
    tail: afterPool((b, f) => {
      const scores = b.node("Gemm", [b.floats([C, K]), f, b.floats([C, 1])], { transB: 1 });
      return b.node("Transpose", [scores], { perm: [1, 0] });
    }),
  },
  { name: "MatMul", tail: afterPool((b, f) => b.node("MatMul", [f, b.floats([K, C])])) },
  {
    name: "MatMul, then Add",
    tail: afterPool((b, f) => b.node("Add", [b.node("MatMul", [f, b.floats([K, C])]), b.floats([C])])),
  },
  {
    name: "MatMul, then Add the other way round",
    tail: afterPool((b, f) => b.node("Add", [b.floats([C]), b.node("MatMul", [f, b.floats([K, C])])])),
  },
  {
    name: "1×1 Conv with bias, then Flatten and Softmax",
    tail: (b, maps) => {
      const conv = b.node("Conv", [pool(b, maps), b.floats([C, K, 1, 1]), b.floats([C])]);
      return b.node("Softmax", [flat(b, conv)]);
    },
  },
  {
    name: "1×1 Conv without bias, Softmax over axis 1, then Squeeze",
    tail: (b, maps) => {
      const conv = b.node("Conv", [pool(b, maps), b.floats([C, K, 1, 1])]);
      return b.node("Squeeze", [b.node("Softmax", [conv], { axis: 1 }), b.ints(2, 3)]);
    },
  },
  {
    name: "grouped 1×1 Conv",
    tail: (b, maps) => {
      const wide = b.node("Concat", [maps, b.node("Neg", [maps])], { axis: 1 });
      return flat(b, b.node("Conv", [pool(b, wide), b.floats([C, K, 1, 1]), b.floats([C])], { group: 2 }));
    },
  },
  {
    name: "ReduceMean over axes 2 and 3, keepdims 0",
    tail: (b, maps) => classify(b, b.node("ReduceMean", [maps], { axes: [2, 3], keepdims: 0 })),
  },
  {
    name: "ReduceMean over negative axes, keepdims 1, Squeeze",
    tail: (b, maps) => {
      const mean = b.node("ReduceMean", [maps], { axes: [-1, -2], keepdims: 1 });
      return classify(b, b.node("Squeeze", [mean, b.ints(-1, -2)]));
    },
  },
  {
    name: "ReduceMean with axes as an input (operator set 18)",
    opset: 18,
    tail: (b, maps) => classify(b, b.node("ReduceMean", [maps, b.ints(-1, -2)], { keepdims: 0 })),
  },
  {
    name: "ReduceMean of one axis, then of the other",
    tail: (b, maps) => {
      const rows = b.node("ReduceMean", [maps], { axes: [3], keepdims: 0 });
      return classify(b, b.node("ReduceMean", [rows], { axes: [2], keepdims: 0 }));
    },
  },
  {
    name: "places flattened by a Reshape, then ReduceMean",
    tail: (b, maps) => {
      const places = b.node("Reshape", [maps, b.ints(0, K, -1)]);
      return classify(b, b.node("ReduceMean", [places], { axes: [2], keepdims: 0 }));
    },
  },
  {
    name: "ReduceSum divided by the number of places",
    tail: (b, maps) => {
      const sum = b.node("ReduceSum", [maps, b.ints(2, 3)], { keepdims: 0 });
      return classify(b, b.node("Div", [sum, b.floats([], [H * W])]));
    },
  },
  {
    name: "AveragePool whose window is the whole map",
    tail: (b, maps) => classify(b, flat(b, b.node("AveragePool", [maps], { kernel_shape: [H, W] }))),
  },
  {
    name: "Dropout, Identity and a Reshape by a chain of Shape, Gather and Concat",
    tail: (b, maps) => {
      const pooled = b.node("Identity", [b.node("Dropout", [pool(b, maps)])]);
      const batch = b.node("Gather", [b.node("Shape", [pooled]), b.constant([], [0])], { axis: 0 });
      const shape = b.node("Concat", [b.node("Unsqueeze", [batch, b.ints(0)]), b.ints(-1)], { axis: 0 });
      return classify(b, b.node("Reshape", [pooled, shape]));
    },
  },
  {
    name: "a Gather of every value in order, as PyTorch's newer exporter writes ConvNeXt's view",
    batch: 1,
    tail: (b, maps) => {
      const values = b.node("Reshape", [b.node("GlobalAveragePool", [maps]), b.ints(-1)]);
      const every = b.constant([1, K, 1, 1], [0, 1, 2, 3, 4]);
      return classify(b, b.node("Reshape", [b.node("Gather", [values, every], { axis: 0 }), b.ints(1, K)]));
    },
  },
  {
    name: "weights through Constant, Transpose, Cast and Identity",
    tail: afterPool((b, f) => {
      const half = b.node("Cast", [b.floats([C, K])], { to: 10 });
      const weights = b.node("Transpose", [b.node("Cast", [half], { to: 1 })], { perm: [1, 0] });
      return b.node("MatMul", [f, b.node("Identity", [weights])]);
    }),
  },
  {
    name: "int8 weights behind DequantizeLinear, one scale a class",
    tail: afterPool((b, f) => {
      const stored = b.constant(
        [C, K],
        Int8Array.from({ length: C * K }, () => Math.floor(b.random() * 255) - 127),
      );
      const scales = b.floats([C], [0.01, 0.02, 0.03, 0.04, 0.05, 0.06]);
      const zeros = b.constant([C], new Int8Array(C).fill(3));
      const weights = b.node("DequantizeLinear", [stored, scales, zeros], { axis: 0 });
      return b.node("Gemm", [f, weights, b.floats([C])], { transB: 1 });
    }),
  },
  {
    name: "BatchNormalization between pooling and classifier",
    tail: (b, maps) => {
      const one = (low: number) =>
        b.floats(
          [K],
          Array.from({ length: K }, () => low + b.random()),
        );
      const norm = b.node("BatchNormalization", [pool(b, maps), one(0.5), one(-1), one(-0.5), one(0.2)], {
        epsilon: 1e-3,
      });
      return classify(b, flat(b, norm));
    },
  },
  {
    name: "Mul and Add by constants on both sides of the classifier",
    tail: afterPool((b, f) => {
      const scaled = b.node("Add", [b.node("Mul", [b.floats([1, K]), f]), b.floats([K])]);
      return b.node("Sub", [b.floats([C]), b.node("Mul", [classify(b, scaled), b.floats([], [0.7])])]);
    }),
  },
  {
    name: "two linear layers with nothing between",
    tail: afterPool((b, f) => {
      const hidden = b.node("Gemm", [f, b.floats([7, K]), b.floats([7])], { transB: 1 });
      return b.node("Gemm", [hidden, b.floats([7, C]), b.floats([C])]);
    }),
  },
  {
    name: "LayerNormalization (operator set 17)",
    opset: 17,
    tail: afterPool((b, f) =>
      classify(b, b.node("LayerNormalization", [f, b.floats([K]), b.floats([K])], { epsilon: 1e-6 })),
    ),
  },
  {
    name: "LayerNormalization over the channels, in NHWC order",
    opset: 17,
    tail: (b, maps) => {
      const norm = b.node("LayerNormalization", [nhwc(b, pool(b, maps)), b.floats([K]), b.floats([K])], { axis: -1 });
      return classify(b, flat(b, b.node("Transpose", [norm], { perm: [0, 3, 1, 2] })));
    },
  },
  {
    name: "layer normalisation in single operators, as ConvNeXt at operator set 13",
    tail: (b, maps) => {
      const x = nhwc(b, pool(b, maps));
      const centred = b.node("Sub", [x, b.node("ReduceMean", [x], { axes: [-1] })]);
      const variance = b.node("ReduceMean", [b.node("Pow", [centred, b.floats([], [2])])], { axes: [-1] });
      const deviation = b.node("Sqrt", [b.node("Add", [variance, b.floats([], [1e-6])])]);
      const scaled = b.node("Mul", [b.node("Div", [centred, deviation]), b.floats([K])]);
      const back = b.node("Transpose", [b.node("Add", [scaled, b.floats([K])])], { perm: [0, 3, 1, 2] });
      return classify(b, flat(b, back));
    },
  },
  {
    name: "a tail in half precision inside a float32 network",
    tolerance: 4e-3,
    tail: (b, maps) => {
      const half = (value: string) => b.node("Cast", [value], { to: 10 });
      const pooled = b.node("Flatten", [b.node("GlobalAveragePool", [half(maps)])]);
      const scores = b.node("Gemm", [pooled, half(b.floats([K, C])), half(b.floats([C]))]);
      return b.node("Cast", [scores], { to: 1 });
    },
  },
  {
    name: "GlobalMaxPool",
    expect: { pooling: "max" },
    tail: (b, maps) => classify(b, flat(b, b.node("GlobalMaxPool", [maps]))),
  },
  {
    name: "ReduceMax",
    expect: { pooling: "max" },
    tail: (b, maps) => classify(b, b.node("ReduceMax", [maps], { axes: [-2, -1], keepdims: 0 })),
  },
  {
    name: "MaxPool whose window is the whole map",
    expect: { pooling: "max" },
    tail: (b, maps) => classify(b, flat(b, b.node("MaxPool", [maps], { kernel_shape: [H, W] }))),
  },
  {
    name: "Keras: Transpose, then ReduceMean over axes 1 and 2",
    tail: (b, maps) => classify(b, b.node("ReduceMean", [nhwc(b, maps)], { axes: [1, 2], keepdims: 0 })),
  },
  {
    name: "Keras: maps that exist only as NHWC",
    tail: (b, maps) => {
      const only = b.node("Tanh", [nhwc(b, b.node("Exp", [maps]))]);
      return classify(b, b.node("ReduceMean", [only], { axes: [1, 2], keepdims: 0 }));
    },
  },
  {
    name: "SqueezeNet: 1×1 Conv, Relu, pooling",
    expect: { form: "classify-then-pool", activation: { kind: "relu" } },
    tail: (b, maps) => {
      const conv = b.node("Conv", [b.node("Dropout", [maps]), b.floats([C, K, 1, 1]), b.floats([C])]);
      return flat(b, pool(b, b.node("Relu", [conv])));
    },
  },
  {
    name: "SqueezeNet with a leaky activation and maximum pooling",
    expect: { form: "classify-then-pool", pooling: "max", activation: { kind: "leaky-relu", slope: 0.25 } },
    tail: (b, maps) => {
      const conv = b.node("Conv", [maps, b.floats([C, K, 1, 1]), b.floats([C])]);
      return flat(b, b.node("GlobalMaxPool", [b.node("LeakyRelu", [conv], { alpha: 0.25 })]));
    },
  },
  {
    name: "1×1 Conv and BatchNormalization before the pooling, no activation",
    expect: { form: "classify-then-pool" },
    tail: (b, maps) => {
      const conv = b.node("Conv", [maps, b.floats([C, K, 1, 1])]);
      const positive = (count: number) =>
        b.floats(
          [count],
          Array.from({ length: count }, () => 0.5 + b.random()),
        );
      const norm = b.node("BatchNormalization", [conv, positive(C), b.floats([C]), b.floats([C]), positive(C)]);
      return b.node("Softmax", [flat(b, pool(b, norm))]);
    },
  },
];

describe("findGapHead", () => {
  for (const { name, tail, opset, tolerance, batch, expect } of SPELLINGS) {
    test(name, async () => {
      const graph = smallNetwork(tail, { opset, batch });
      const head = findGapHead(graph);
      const { form = "pool-then-classify", pooling = "average", activation } = expect ?? {};
      assert.deepEqual([head.form, head.pooling, head.logits.classes], [form, pooling, C]);
      assert.deepEqual(head.activation, activation);
      assert.deepEqual([head.featureMaps.height, head.featureMaps.width], [H, W]);
      await checkIdentities(graph, head, tolerance, batch);
    });
  }
});

/** Runs the network as it was and as it is exposed, and checks every promise of a head on some images. */
async function checkIdentities(graph: Graph, head: GapHead, tolerance = 1e-4, count = 3): Promise<void> {
  const exposed = exposeHead(graph, head);
  const names = headOutputs(head);
  assert.deepEqual(
    exposed.outputs.map((output) => output.name),
    [names.featureMaps, names.features, names.logits],
  );
  const dims = [count, ...SMALL.image];
  const before = await run(withOutputs(graph, [head.logits.name]), images(count), dims);
  const outputs = await run(exposed, images(count), dims);
  const logits = outputs[names.logits].data;
  close(logits, before[head.logits.name].data, "logits", tolerance);

  const channels = head.featureMaps.channels;
  assert.deepEqual(outputs[names.featureMaps].dims, [count, channels, H, W]);
  const maps = outputs[names.featureMaps].data;
  const pooled = pooledBy(head.pooling, maps, count * channels);
  close(outputs[names.features].data, pooled, "features", tolerance);

  for (let photo = 0; photo < count; photo++) {
    const features = outputs[names.features].data.slice(photo * channels, (photo + 1) * channels);
    const photoMaps = maps.slice(photo * channels * H * W, (photo + 1) * channels * H * W);
    for (let c = 0; c < C; c++) {
      const weights = classWeightsFor(head, c, features);
      const offset = scoreOffsetFor(head, c, features);
      const classMap = weightedMap(weights, photoMaps);
      const score =
        head.form === "pool-then-classify" ? dot(weights, features) + offset : scoreOfMap(head, classMap, offset);
      assert.ok(
        Math.abs(score - logits[photo * C + c]) < tolerance,
        `class ${c}: ${score} for ${logits[photo * C + c]}`,
      );
      if (head.form === "pool-then-classify" && head.pooling === "average") {
        const mean = classMap.reduce((sum, value) => sum + value, 0) / (H * W);
        assert.ok(Math.abs(mean + offset - logits[photo * C + c]) < tolerance, "the map's mean is the score");
      }
    }
    const all = classWeightsFor(head, "all", features);
    assert.deepEqual(all.slice(channels, 2 * channels), classWeightsFor(head, 1, features).slice());
  }
}

function pooledBy(pooling: "average" | "max", maps: Float32Array, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, k) => {
    const places = maps.subarray(k * H * W, (k + 1) * H * W);
    return pooling === "max" ? Math.max(...places) : places.reduce((sum, value) => sum + value, 0) / (H * W);
  });
}

function weightedMap(weights: Float32Array, maps: Float32Array): number[] {
  return Array.from({ length: H * W }, (_, place) =>
    weights.reduce((sum, w, k) => sum + w * maps[k * H * W + place], 0),
  );
}

function scoreOfMap({ activation, pooling }: GapHead, map: readonly number[], bias: number): number {
  const negative = activation?.kind === "relu" ? 0 : activation?.kind === "leaky-relu" ? activation.slope : 1;
  const active = map.map((value) => (value + bias < 0 ? negative : 1) * (value + bias));
  return pooling === "max" ? Math.max(...active) : active.reduce((sum, value) => sum + value, 0) / active.length;
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function close(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string, tolerance: number): void {
  assert.equal(actual.length, expected.length, what);
  for (let i = 0; i < actual.length; i++) {
    assert.ok(Math.abs(actual[i] - expected[i]) < tolerance, `${what} ${i}: ${actual[i]} for ${expected[i]}`);
  }
}
