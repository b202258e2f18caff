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
import {
  CLASSIFIED_TAILS,
  flat,
  gemm,
  mixed,
  one,
  pooled,
  relu,
  TAILS,
  tokensOf,
  withClassToken,
  type Tail,
} from "./tails.js";

const { channels: K, classes: C, height: H, width: W } = SMALL;

describe("every form of head keeps its promise", () => {
  for (const { name, tail, form = "pool-then-classify", summary, opset, channels = K, exact = true } of TAILS) {
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
  for (const { name, tail, opset } of TAILS.filter(({ form }) => form === "pool-then-network")) {
    const head = findGapHead(smallNetwork(tail, { opset }));
    // Means of powers are not below 0.
    const sign = (value: number) => (head.summary.includes("power") ? Math.abs(value) : value);
    const { channels } = head.featureMaps;
    const features = Float32Array.from({ length: channels }, (_, k) => sign(Math.sin(2 * k + 1) * 1.5));
    const weights = classWeightsFor(head, 2, features);
    // Closer together near 0, where a normalisation turns and a root is steep.
    const bent = /normalisation|power/.test(head.summary);
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
  for (const [name, tail, opset] of CLASSIFIED_TAILS) {
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
      /maps of different sizes are pooled and joined \(4×5, 2×2\), so that no map/,
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

/** The mean over tokens of an attention whose queries are those of every second row and column, from one on. */
const meanOfQueries = (b: Builder, tokens: string, from: number) => {
  const cells = b.node("Reshape", [tokens, b.ints(0, H, W, K)]);
  const rows = b.node("Slice", [cells, b.ints(from), b.ints(1000), b.ints(1), b.ints(2)]);
  const every = b.node("Slice", [rows, b.ints(0), b.ints(1000), b.ints(2), b.ints(2)]);
  const flattened = b.node("Reshape", [b.node("Reshape", [every, b.ints(0, 6, K)]), b.ints(-1, K)]);
  const positive = b.constant([K], new Float32Array(K).fill(0.7));
  const statistics = [b.floats([K]), b.floats([K]), b.floats([K]), positive];
  const queries = b.node("Reshape", [b.node("BatchNormalization", [flattened, ...statistics]), b.ints(-1, 6, K)]);
  const scores = b.node("MatMul", [queries, b.node("Transpose", [tokens], { perm: [0, 2, 1] })]);
  const attended = b.node("MatMul", [b.node("Softmax", [scores], { axis: -1 }), tokens]);
  return gemm(b, b.node("ReduceMean", [attended], { axes: [1], keepdims: 0 }));
};

test("queries of every second row and column, normalised with all tokens of all photos, keep their order (LeViT)", () => {
  const { summary } = findGapHead(smallNetwork((b, maps) => meanOfQueries(b, tokensOf(b, maps), 0)));
  assert.match(summary, /5×2×3 \(tokens\) → average → gemm/);
  // Rows that are not counted from the first on lie elsewhere.
  assert.throws(
    () => findGapHead(smallNetwork((b, maps) => meanOfQueries(b, tokensOf(b, maps), 1))),
    /no pooling of maps/,
  );
});

test("the error function is the integral that it is defined as", () => {
  const { value } = activationFunction({ kind: "erf" });
  for (let x = -6.5; x < 6.5; x += 0.137) {
    const steps = 2000;
    let sum = 0;
    for (let i = 0; i <= steps; i++) {
      const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
      sum += weight * Math.exp(-(((x * i) / steps) ** 2));
    }
    const wanted = (sum * x * 2) / (3 * steps * Math.sqrt(Math.PI));
    assert.ok(Math.abs(value(x) - wanted) < 1e-12, `${x}: ${value(x)}, ${wanted}`);
  }
});
