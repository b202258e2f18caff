import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { checkGraph } from "../../../../src/kernel-helpers/graph/onnx/check-graph.js";
import { classWeightsFor } from "../../../../src/kernel-helpers/graph/head/class-weights.js";
import { makeGraph, makeNode, makeTensor } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { gradientName, gradientOf } from "../../../../src/kernel-helpers/graph/gradient/gradient-of.js";
import type { NodeProto } from "../../../../src/kernel-helpers/graph/onnx/onnx.js";
import { readGraph } from "../../../../src/kernel-helpers/graph/onnx/read-graph.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { images, smallNetwork, SMALL, type Builder } from "../build-graph.js";
import { feed } from "./finite-differences.js";

const fixtures = "test/fixtures/gradient";

function largestDifference(actual: ArrayLike<number>, expected: readonly number[]): number {
  assert.equal(actual.length, expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(value - actual[i]))) / scale;
}

describe("a small CNN by PyTorch's autograd", async () => {
  const graph = await readGraph(`${fixtures}/small-cnn.onnx`);
  const torch = JSON.parse(readFileSync(`${fixtures}/small-cnn.json`, "utf8")) as Record<string, number[]>;
  const input = { data: Float32Array.from(torch.images), dims: [2, 3, 17, 22] };
  const seed = { data: Float32Array.from(torch.seed), dims: [2, 6] };

  test("gradients of two photos, another class each, by the input and by feature maps at once", async () => {
    const whole = gradientOf(graph, { output: "scores", withRespectTo: ["input", "maps"] });
    assert.deepEqual(checkGraph(whole), []);
    assert.deepEqual(
      whole.outputs.map(({ name }) => name),
      ["scores", "maps", gradientName("input"), gradientName("maps")],
    );
    const found = await feed(whole, { input, seed });
    assert.ok(largestDifference(found.scores.data, torch.scores) < 1e-5);
    assert.deepEqual(found[gradientName("input")].dims, [2, 3, 17, 22]);
    assert.ok(largestDifference(found[gradientName("input")].data, torch.ofImages) < 1e-5);
    assert.ok(largestDifference(found[gradientName("maps")].data, torch.ofMaps) < 1e-5);
  });

  test("one photo gives the same as two", async () => {
    const whole = gradientOf(graph, { output: "scores", withRespectTo: "input", outputs: [], seed: "weights" });
    const found = await feed(whole, {
      input: { data: input.data.slice(0, 1122), dims: [1, 3, 17, 22] },
      weights: { data: seed.data.slice(0, 6), dims: [1, 6] },
    });
    assert.ok(largestDifference(found[gradientName("input")].data, torch.ofImages.slice(0, 1122)) < 1e-5);
  });

  test("the network's own bytes are shared, not copied, and it can be differentiated again", () => {
    const once = gradientOf(graph, { output: "scores", withRespectTo: "maps" });
    const weights = graph.initializer("depthwise.weight");
    assert.equal(once.initializer("depthwise.weight"), weights);
    const twice = gradientOf(once, { output: "scores", withRespectTo: "input", seed: "other" });
    assert.deepEqual(checkGraph(twice), []);
  });
});

test("the teaching network: by its maps, a logit's gradient is the class weights over the number of places", async () => {
  const graph = await readGraph("models/teaching/model.onnx");
  const head = findGapHead(graph);
  const maps = head.featureMaps.name;
  const found = await feed(gradientOf(graph, { output: head.logits.name, withRespectTo: maps, outputs: [] }), {
    seed: { data: Float32Array.of(0, 0, 1, 0, 0, 0), dims: [1, 6] },
  });
  const { data, dims } = found[gradientName(maps)];
  const [, channels, height, width] = dims;
  const weights = classWeightsFor(head, 2, new Float32Array(channels));
  assert.equal(weights.length, channels);
  data.forEach((value, i) => {
    const expected = weights[Math.floor(i / (height * width))] / (height * width);
    assert.ok(Math.abs(value - expected) <= 1e-6 * Math.abs(expected), `${value} is not ${expected}`);
  });
});

describe("ties and kinks are taken as PyTorch takes them", () => {
  const of = async (
    nodes: readonly NodeProto[],
    x: readonly number[],
    dims: readonly number[],
    outputDims: readonly number[],
  ) => {
    const constants = [makeTensor("low", [], Float32Array.of(0)), makeTensor("high", [], Float32Array.of(6))];
    const graph = makeGraph({
      inputs: [{ name: "x", dims }],
      outputs: [{ name: "y" }],
      nodes,
      initializers: constants,
    });
    const size = outputDims.reduce((a, b) => a * b, 1);
    const found = await feed(gradientOf(graph, { output: "y", withRespectTo: "x" }), {
      x: { data: Float32Array.from(x), dims },
      seed: { data: Float32Array.from({ length: size }, (_, i) => i + 1), dims: outputDims },
    });
    return Array.from(found[gradientName("x")].data);
  };

  test("of equal places in a window the first, windows that share it add up", async () => {
    const pool = makeNode("MaxPool", ["x"], ["y"], { kernel_shape: [2, 2], strides: [1, 1], pads: [0, 0, 1, 1] });
    // PyTorch: F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-inf), 2, 1)
    assert.deepEqual(
      await of([pool], [5, 5, 5, 5, 7, 5, 5, 5, 5], [1, 1, 3, 3], [1, 1, 3, 3]),
      [0, 0, 3, 0, 12, 6, 7, 8, 9],
    );
    const negative = makeNode("MaxPool", ["x"], ["y"], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
    assert.deepEqual(await of([negative], [-1, -1, -1, -1], [1, 1, 2, 2], [1, 1, 1, 1]), [1, 0, 0, 0]);
  });

  test("many equal places, windows of 3×2 at every place", async () => {
    const [height, width] = [6, 7];
    const random = seededRandom("ties");
    const x = Array.from({ length: height * width }, () => Math.floor(random() * 3) - 2);
    for (const dilation of [1, 2]) {
      const [rows, columns] = [height, width + 1 - dilation];
      const pool = makeNode("MaxPool", ["x"], ["y"], {
        kernel_shape: [3, 2],
        dilations: [1, dilation],
        pads: [1, 0, 1, 1],
      });
      const expected = new Array<number>(height * width).fill(0);
      for (let window = 0; window < rows * columns; window++) {
        const [top, left] = [Math.floor(window / columns) - 1, window % columns];
        const places = [0, 1, 2].flatMap((i) => [left, left + dilation].map((column) => [top + i, column]));
        const inside = places.filter(([row, column]) => row >= 0 && row < height && column < width);
        const at = inside.map(([row, column]) => row * width + column);
        const first = at.reduce((best, place) => (x[place] > x[best] ? place : best));
        expected[first] += window + 1;
      }
      assert.deepEqual(await of([pool], x, [1, 1, height, width], [1, 1, rows, columns]), expected);
    }
  });

  test("a global maximum goes to the first place", async () => {
    assert.deepEqual(
      await of([makeNode("GlobalMaxPool", ["x"], ["y"])], [1, 3, 3, 3], [1, 1, 2, 2], [1, 1, 1, 1]),
      [0, 1, 0, 0],
    );
  });

  test("Relu at 0 and Clip at its bounds are flat", async () => {
    assert.deepEqual(await of([makeNode("Relu", ["x"], ["y"])], [-1, 0, 2], [3], [3]), [0, 0, 3]);
    assert.deepEqual(await of([makeNode("Clip", ["x", "low", "high"], ["y"])], [0, 3, 6], [3], [3]), [0, 2, 0]);
  });
});

describe("parts that exporters write", () => {
  test("half of a Split that nothing reads gets zeros; Dropout, Round and Cast pass or stop", async () => {
    const graph = smallNetwork(
      (b, maps) => {
        b.nodes.push(makeNode("Split", [maps, b.ints(2, 2, 1)], ["left", "unread", "right"], { axis: 1 }));
        b.nodes.push(makeNode("Dropout", ["left"], ["kept", "mask"]));
        const rounded = b.node("Add", [b.node("Round", [maps]), b.node("Ceil", [b.node("Sign", [maps])])]);
        const right = b.node("Concat", ["right", b.node("Slice", [rounded, b.ints(0), b.ints(1), b.ints(1)])], {
          axis: 1,
        });
        return b.node("Add", [b.node("CastLike", ["kept", maps]), right]);
      },
      { opset: 15 },
    );
    const [maps, output] = [graph.nodes[1].output[0], graph.outputs[0].name];
    const seed = { data: Float32Array.from({ length: 80 }, (_, i) => i), dims: [2, 2, 4, 5] };
    const whole = gradientOf(graph, { output, withRespectTo: maps });
    const { data } = (await feed(whole, { image: { data: images(2), dims: [2, ...SMALL.image] }, seed }))[
      gradientName(maps)
    ];
    const count = (from: number) => Array.from({ length: 20 }, (_, i) => from + i);
    const zeros = new Array<number>(40).fill(0);
    const photo = (from: number) => [...count(from), ...count(from + 20), ...zeros, ...count(from)];
    assert.deepEqual(Array.from(data), [...photo(0), ...photo(40)]);
  });

  test("half precision inside: the ends are float32", async () => {
    const tail = (half: boolean) =>
      smallNetwork((b, maps) => {
        const inner = half ? b.node("Cast", [maps], { to: 10 }) : maps;
        const [low, high] = [b.floats([], [-0.2]), b.floats([], [0.4])];
        const bound = (name: string) => (half ? b.node("Cast", [name], { to: 10 }) : name);
        const clipped = b.node("Clip", [inner, bound(low), bound(high)]);
        const pooled = b.node("MaxPool", [clipped], { kernel_shape: [2, 2], pads: [1, 1, 0, 0] });
        return half ? b.node("Cast", [b.node("Sigmoid", [pooled])], { to: 1 }) : b.node("Sigmoid", [pooled]);
      });
    const gradients = [true, false].map(async (half) => {
      const graph = tail(half);
      const size = 2 * SMALL.channels * 4 * 5;
      const seed = { data: new Float32Array(size).fill(1), dims: [2, SMALL.channels, 4, 5] };
      const whole = gradientOf(graph, { output: graph.outputs[0].name, withRespectTo: "image" });
      return (await feed(whole, { image: { data: images(2), dims: [2, ...SMALL.image] }, seed }))[
        gradientName("image")
      ];
    });
    const [half, single] = await Promise.all(gradients);
    assert.ok(largestDifference(half.data, Array.from(single.data)) < 3e-3);
  });
});

describe("what cannot be differentiated is told by name", () => {
  const network = smallNetwork((b, maps) => {
    const turned = b.node("CumSum", [maps, b.constant([], [1])]);
    return b.node("GlobalAveragePool", [b.node("Relu", [turned])]);
  });
  const [, maps, cumulated, relu, pooled] = network.nodes.map(({ output }) => output[0]);

  test("an operator without a gradient, if it lies on the way", () => {
    assert.throws(
      () => gradientOf(network, { output: pooled, withRespectTo: "image" }),
      (error: Error) =>
        error.message.startsWith(`cannot differentiate node "${cumulated}" (CumSum): the gradient of this`),
    );
    assert.equal(gradientOf(network, { output: pooled, withRespectTo: cumulated }).outputs.length, 2);
  });

  test("names that are no values, or taken", () => {
    const of = (options: Partial<Parameters<typeof gradientOf>[1]>) => () =>
      gradientOf(network, { output: pooled, withRespectTo: relu, ...options });
    assert.throws(of({ output: "logits" }), /^CamlabError: invalid output: "logits" \(expected a value that a node/);
    assert.throws(of({ withRespectTo: "constant_0" }), /invalid withRespectTo: "constant_0" \(expected an input/);
    assert.throws(of({ withRespectTo: [] }), /invalid withRespectTo: \[\] \(expected one or more values/);
    assert.throws(of({ seed: maps }), /invalid seed: "leakyrelu_\d" \(expected a name that the graph does not use/);
    assert.throws(
      of({ output: maps, withRespectTo: relu }),
      /cannot differentiate "leakyrelu_\d" by "relu_\d": .* does not depend on it/,
    );
  });

  test("ways to resize and to sum that are not known", () => {
    const by = (op: string, attributes: Parameters<Builder["node"]>[2], opset = 19) => {
      const graph = smallNetwork(
        (b, maps) =>
          op === "Einsum"
            ? b.node(op, [maps], attributes)
            : b.node(op, [maps, "", b.floats([4], [1, 1, 2, 2])], { mode: "linear", ...attributes }),
        { opset },
      );
      return () => gradientOf(graph, { output: graph.outputs[0].name, withRespectTo: "image" });
    };
    assert.throws(by("Resize", { antialias: 1 }), /\(Resize\): it smooths, or keeps proportions/);
    const crop = { coordinate_transformation_mode: "tf_crop_and_resize" };
    assert.throws(by("Resize", crop), /\(Resize\): the coordinates "tf_crop_and_resize" are not known/);
    assert.throws(by("Resize", { mode: "area" }), /\(Resize\): the mode "area" is not known/);
    assert.throws(by("Einsum", { equation: "nchw->nc" }), /\(Einsum\): it sums over an axis of one alone/);
    for (const equation of ["nn->n", "...w->w", "ab,bc->ac"])
      assert.throws(by("Einsum", { equation }), /\(Einsum\): of such sums those of one or two operands/);
  });

  test("weights that depend on the photo, training mode, an old operator set", () => {
    const dynamic = smallNetwork((b, maps) => {
      const weights = b.node("Reshape", [b.node("ReduceMean", [maps], { axes: [0] }), b.ints(1, 5, 4, 5)]);
      return b.node("ConvTranspose", [b.node("Conv", [maps, b.floats([1, 5, 1, 1])]), weights]);
    });
    const conv = dynamic.outputs[0].name;
    assert.throws(
      () => gradientOf(dynamic, { output: conv, withRespectTo: "image" }),
      /cannot differentiate node "convtranspose_\d+" \(ConvTranspose\): the gradient with respect to its input "reshape_\d+" is not known/,
    );
    const old = smallNetwork((b, maps) => b.node("Relu", [maps]), { opset: 8 });
    assert.throws(
      () => gradientOf(old, { output: old.outputs[0].name, withRespectTo: "image" }),
      /cannot differentiate a network of operator set 8: gradients need 9 or newer/,
    );
    const open = smallNetwork((b, maps) => b.node("GlobalAveragePool", [maps]), { dims: ["N", 3, "height", "width"] });
    assert.throws(
      () => gradientOf(open, { output: open.outputs[0].name, withRespectTo: "image" }),
      /\(GlobalAveragePool\): its input "leakyrelu_\d" varies in size; fix the network's height and width/,
    );
  });
});
