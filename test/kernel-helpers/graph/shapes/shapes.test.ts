import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkGraph } from "../../../../src/kernel-helpers/graph/onnx/check-graph.js";
import { makeGraph, makeNode, makeTensor } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { cutAfter } from "../../../../src/kernel-helpers/graph/surgery/cut-graph.js";
import { withDynamicBatch } from "../../../../src/kernel-helpers/graph/surgery/dynamic-batch.js";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { inferShapes } from "../../../../src/kernel-helpers/graph/shapes/infer-shapes.js";
import { countParameters, listLayers } from "../../../../src/kernel-helpers/graph/list-layers.js";
import { images, run, smallNetwork, SMALL, type Builder } from "../build-graph.js";

const { channels: K, classes: C } = SMALL;

describe("inferShapes agrees with what ONNX Runtime computes", () => {
  const chains: readonly [string, (b: Builder, maps: string) => string, number?][] = [
    [
      "pooling with ceil_mode",
      (b, x) => b.node("MaxPool", [x], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
    ],
    [
      "a last window that would start in the padding",
      (b, x) => b.node("MaxPool", [x], { kernel_shape: [1, 1], strides: [2, 2], pads: [0, 0, 0, 0], ceil_mode: 1 }),
    ],
    [
      "auto_pad SAME_UPPER",
      (b, x) => b.node("AveragePool", [x], { kernel_shape: [3, 2], strides: [3, 2], auto_pad: "SAME_UPPER" }),
    ],
    [
      "dilated convolution",
      (b, x) => b.node("Conv", [x, b.floats([7, K, 2, 2])], { dilations: [2, 3], pads: [1, 0, 1, 2] }),
    ],
    [
      "transposed convolution",
      (b, x) => b.node("ConvTranspose", [x, b.floats([K, 2, 3, 3])], { strides: [2, 2], output_padding: [1, 0] }),
    ],
    [
      "Pad, then Slice backwards",
      (b, x) => {
        const padded = b.node("Pad", [x, b.ints(0, 0, 1, 2, 0, 0, 3, 0)]);
        return b.node("Slice", [padded, b.ints(-1, 1), b.ints(-100, 6), b.ints(2, -1), b.ints(-2, 2)]);
      },
    ],
    [
      "channel shuffle",
      (b, x) => {
        const wide = b.node("Concat", [x, x], { axis: 1 });
        const groups = b.node("Transpose", [b.node("Reshape", [wide, b.ints(0, 2, K, 4, -1)])], {
          perm: [0, 2, 1, 3, 4],
        });
        return b.node("Reshape", [groups, b.ints(0, -1, 4, 5)]);
      },
    ],
    [
      "view by Shape, Gather, Mul and Concat",
      (b, x) => {
        const shape = b.node("Shape", [x]);
        const at = (i: number) => b.node("Gather", [shape, b.ints(i)], { axis: 0 });
        const places = b.node("Mul", [at(2), at(3)]);
        return b.node("Reshape", [x, b.node("Concat", [at(0), at(1), places], { axis: 0 })]);
      },
    ],
    [
      "half the channels, rounded down",
      (b, x) => {
        const channels = b.node("Gather", [b.node("Shape", [x]), b.ints(1)], { axis: 0 });
        return b.node("Slice", [x, b.ints(0), b.node("Div", [channels, b.ints(2)]), b.ints(1)]);
      },
    ],
    ["Resize of some axes by scales", (b, x) => b.node("Resize", [x, "", b.floats([2], [2, 3])], { axes: [3, 1] }), 18],
    ["Resize of some axes to sizes", (b, x) => b.node("Resize", [x, "", "", b.ints(9, 4)], { axes: [-1, 2] }), 18],
    ["Resize by scales", (b, x) => b.node("Resize", [x, "", b.floats([4], [1, 1, 1.5, 2])])],
    ["Expand and broadcasting", (b, x) => b.node("Add", [b.node("Expand", [b.floats([1, 1, 5]), b.ints(4, 5)]), x])],
    ["MatMul of stacks", (b, x) => b.node("MatMul", [b.floats([7, 4]), x])],
    ["DepthToSpace", (b, x) => b.node("DepthToSpace", [b.node("Concat", [x, x, x, x], { axis: 1 })], { blocksize: 2 })],
  ];
  for (const [name, tail, opset] of chains) {
    test(name, async () => {
      const graph = smallNetwork(tail, { opset });
      const output = graph.outputs[0].name;
      const result = await run(graph, images(2), [2, ...SMALL.image]);
      assert.deepEqual(inferShapes(graph, { N: 2 }).get(output), result[output].dims);
      const open = inferShapes(graph).get(output);
      assert.deepEqual(
        open?.map((dim) => (dim === "N" ? 2 : dim)),
        result[output].dims,
        "with the batch left open",
      );
    });
  }
});

const classifier = (shape: readonly number[]) =>
  smallNetwork(
    (b, maps) => {
      const pooled = b.node("Reshape", [b.node("GlobalAveragePool", [maps]), b.ints(...shape)]);
      return b.node("Gemm", [pooled, b.floats([C, K]), b.floats([C])], { transB: 1 });
    },
    { batch: 1 },
  );

describe("withDynamicBatch", () => {
  test("a batch fixed at 1 is freed, reshapes included", async () => {
    const fixed = classifier([1, -1]);
    assert.equal(fixed.batch, 1);
    const { graph, problems } = withDynamicBatch(fixed);
    assert.deepEqual(problems, []);
    assert.equal(graph.batch, "any");
    const output = graph.outputs[0].name;
    const three = (await run(graph, images(3), [3, ...SMALL.image]))[output];
    const one = (await run(fixed, images(3).slice(0, 240), [1, ...SMALL.image]))[output];
    assert.deepEqual(three.data.slice(0, C), one.data);
  });

  test("a node that fixes it is named, and the graph left as it was", () => {
    const fixed = smallNetwork(
      (b, maps) => b.node("Expand", [b.node("ReduceMean", [maps], { axes: [0] }), b.ints(1, K, 4, 5)]),
      { batch: 1 },
    );
    const { graph, problems } = withDynamicBatch(fixed);
    assert.equal(graph, fixed);
    assert.match(problems[0], /has 1 rows for 2 images: "reducemean_\d+" \(ReduceMean\) fixes it/);
  });
});

test("a size of 0 or −1 that an exporter wrote beside a value is open", () => {
  const graph = makeGraph({
    inputs: [{ name: "x", dims: ["N", 3, 4, 4] }],
    outputs: [{ name: "y" }],
    nodes: [makeNode("Own", ["x"], ["a"], {}, { domain: "com.example" }), makeNode("Relu", ["a"], ["y"])],
  });
  const { graph: told } = makeGraph({ inputs: [], outputs: [{ name: "a", dims: [-1, 0, 4, 4] }], nodes: [] }).model;
  graph.model.graph!.valueInfo = told!.output;
  assert.deepEqual(inferShapes(graph).get("a"), [null, null, 4, 4]);
});

test("listLayers names shapes and counts what is learned, shared weights once", () => {
  const graph = smallNetwork((b, maps) => {
    const shared = b.floats([K, K, 1, 1]);
    const twice = b.node("Conv", [b.node("Conv", [maps, shared]), shared]);
    const four = [0, 1, 2, 3].map(() => b.floats([K]));
    const norm = b.node("BatchNormalization", [twice, ...four]);
    return b.node("Clip", [norm, b.floats([], [0]), b.floats([], [6])]);
  });
  const layers = listLayers(graph, { N: 1 });
  assert.deepEqual(
    layers.map(({ op, parameters }) => [op, parameters]),
    [
      ["Conv", 135],
      ["LeakyRelu", 0],
      ["Conv", 25],
      ["Conv", 0],
      ["BatchNormalization", 10],
      ["Clip", 0],
    ],
  );
  assert.deepEqual(layers[0].outputs[0].dims, [1, K, 4, 5]);
  assert.equal(countParameters(graph), 170);
});

test("cutAfter keeps only what leads to the value", () => {
  const graph = classifier([1, -1]);
  const maps = findGapHead(graph).featureMaps.name;
  const cut = cutAfter(graph, maps);
  assert.deepEqual(
    cut.nodes.map(({ opType }) => opType),
    ["Conv", "LeakyRelu"],
  );
  assert.equal(cut.model.graph?.initializer.length, 1);
  assert.deepEqual(cut.outputs, [{ name: maps, type: "float32", dims: [1, K, 4, 5] }]);
  assert.throws(() => cutAfter(graph, "nowhere"), /CamlabError: invalid output: "nowhere"/);
});

test("checkGraph tells order, missing values, taken names and the operator set", () => {
  const graph = makeGraph({
    inputs: [{ name: "image", dims: [1, 3, 4, 4] }],
    outputs: [{ name: "out" }, { name: "never" }],
    nodes: [
      makeNode("Relu", ["late"], ["out"], {}, { name: "first" }),
      makeNode("Relu", ["image"], ["late"], {}, { name: "first" }),
      makeNode("Add", ["late", "absent"], ["image"], {}, { name: "third" }),
    ],
    initializers: [makeTensor("w", [3], new Float32Array(2))],
    opset: 99,
  });
  assert.deepEqual(checkGraph(graph), [
    "operator set 99 is outside 7 to 26, which engines run",
    'two nodes are called "first"',
    'node "first" (Relu) reads "late", which is computed only after it',
    'node "third" (Add) reads "absent", which nothing computes',
    'node "third" (Add) computes "image", a name that is taken',
    'output "never" is computed by no node',
    'the ONNX file is damaged: tensor "w" (float32 3) holds 2 of 3 values',
  ]);
  assert.deepEqual(checkGraph(classifier([1, -1])), []);
});
