// Gradients by what a training learns (filters, biases, gains, shifts, slopes) against central differences of what ONNX
// Runtime computes, for two photos at once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createOnnxRuntimeEngine } from "../../../../src/kernel-helpers/engines/onnxruntime.js";
import { type AttributeValue, float, makeGraph, makeNode, makeTensor } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js"; // prettier-ignore
import { gradientName, gradientOf } from "../../../../src/kernel-helpers/graph/gradient/gradient-of.js";
import { elementCount } from "../../../../src/kernel-helpers/graph/onnx/tensor.js";
import { writeGraph } from "../../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { gaussian, seededRandom } from "../../../../src/kernel-helpers/support/random.js";

interface Learned {
  readonly op: string;
  /** Of one photo. */
  readonly dims: readonly number[];
  /** Shapes of the inputs behind the first; all are learned but those of `fixed`. */
  readonly others: readonly (readonly number[])[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly opset?: number;
  /** Places among the inputs that are not learned. */
  readonly fixed?: readonly number[];
}

const CASES: Readonly<Record<string, Learned>> = {
  "Conv of 3×3, padded, with a bias": conv([3, 6, 7], [4, 3, 3, 3], { pads: [1, 1, 1, 1] }, true),
  "Conv of 3×3 by twos": conv([3, 7, 8], [4, 3, 3, 3], { pads: [1, 1, 1, 1], strides: [2, 2] }),
  "Conv of 4×4 by twos": conv([3, 8, 10], [4, 3, 4, 4], { pads: [1, 1, 1, 1], strides: [2, 2] }),
  "Conv of 1×1 by twos": conv([3, 7, 6], [4, 3, 1, 1], { strides: [2, 2] }),
  "Conv of one place": conv([3, 6, 7], [4, 3, 1, 1], {}),
  "Conv of 5×3 by threes and ones": conv([3, 11, 8], [2, 3, 5, 3], { pads: [2, 0, 1, 1], strides: [3, 1] }),
  "Conv with more channels in than out": conv([5, 6, 6], [2, 5, 3, 3], { pads: [1, 1, 1, 1] }),
  "Conv with dilation": conv([3, 8, 9], [4, 3, 3, 2], { dilations: [2, 3], pads: [2, 1, 2, 2] }),
  "Conv with strides and dilation at once": conv([3, 9, 9], [4, 3, 2, 3], { strides: [2, 3], dilations: [2, 1], pads: [1, 0, 2, 1] }), // prettier-ignore
  "Conv whose last places no window reaches": conv([3, 8, 9], [4, 3, 2, 2], { strides: [3, 4] }),
  "Conv padded more than its kernel reaches": conv([3, 5, 5], [4, 3, 2, 1], { pads: [1, 0, 3, 2] }),
  "Conv with SAME_LOWER": conv([3, 6, 7], [2, 3, 3, 4], { strides: [2, 2], auto_pad: "SAME_LOWER" }),
  "Conv in groups": conv([4, 5, 6], [6, 2, 3, 3], { group: 2, pads: [1, 1, 1, 1] }, true),
  "Conv, depthwise, by twos": conv([3, 7, 6], [3, 1, 3, 3], { group: 3, strides: [2, 2], pads: [1, 1, 1, 1] }),
  "Conv, depthwise, two filters a channel": conv([3, 6, 6], [6, 1, 3, 2], { group: 3, dilations: [1, 2] }),
  "Conv in one dimension": conv([3, 9], [2, 3, 3], { strides: [2] }),
  "Conv in three dimensions": conv([2, 4, 5, 4], [3, 2, 2, 3, 2], { strides: [1, 2, 1], pads: [0, 1, 1, 0, 1, 0] }),
  "Conv of operator set 10": { ...conv([3, 6, 6], [4, 3, 3, 3], { strides: [2, 2] }), opset: 10 },
  "Conv of one place, operator set 9": { ...conv([3, 6, 6], [4, 3, 1, 1], {}), opset: 9 },
  BatchNormalization: { op: "BatchNormalization", dims: [3, 4, 5], others: [[3], [3], [3], [3]], attributes: { epsilon: float(0.1) }, fixed: [3, 4] }, // prettier-ignore
  LayerNormalization: { op: "LayerNormalization", dims: [4, 6], others: [[6], [6]], opset: 17 },
  "LayerNormalization over two axes": { op: "LayerNormalization", dims: [3, 4, 5], others: [[4, 5], [4, 5]], attributes: { axis: -2 }, opset: 17 }, // prettier-ignore
  InstanceNormalization: { op: "InstanceNormalization", dims: [3, 4, 5], others: [[3], [3]] },
  PRelu: { op: "PRelu", dims: [3, 4, 5], others: [[3, 1, 1]] },
  Gemm: { op: "Gemm", dims: [5], others: [[4, 5], [4]], attributes: { transB: 1, alpha: float(0.5), beta: float(2) } },
  MatMul: { op: "MatMul", dims: [3, 5], others: [[5, 4]] },
};

for (const [name, learned] of Object.entries(CASES)) {
  test(name, async () => {
    const { op, dims, others, attributes = {}, opset = 13, fixed = [] } = learned;
    const random = seededRandom(name);
    const numbers = [[2, ...dims], ...others].map((shape, i) => {
      const drawn = gaussian(random, elementCount(shape), 1);
      return { dims: shape, data: fixed.includes(i) ? drawn.map(Math.abs) : drawn };
    });
    const names = numbers.map((_, i) => `in${i}`);
    const open = names.filter((_, i) => !fixed.includes(i));
    const graph = makeGraph({
      inputs: open.map((input) => ({ name: input, dims: input === "in0" ? ["N", ...dims] : numbers[names.indexOf(input)].dims })), // prettier-ignore
      outputs: [{ name: "y" }],
      nodes: [makeNode(op, names, ["y"], attributes)],
      initializers: fixed.map((i) => makeTensor(names[i], numbers[i].dims, numbers[i].data)),
      opset,
    });
    const feeds = Object.fromEntries(open.map((input) => [input, numbers[names.indexOf(input)]]));
    using plain = await createOnnxRuntimeEngine(writeGraph(graph), { device: "cpu" });
    const { y } = await plain.run(feeds);
    const seed = { dims: y.dims, data: gaussian(random, y.data.length, 1) };
    using backward = await createOnnxRuntimeEngine(
      writeGraph(gradientOf(graph, { output: "y", withRespectTo: open, outputs: [] })),
      { device: "cpu" },
    );
    const found = await backward.run({ ...feeds, seed });
    const sum = async (input: string, data: Float32Array) => {
      const moved = await plain.run({ ...feeds, [input]: { ...feeds[input], data } });
      return moved.y.data.reduce((total, value, i) => total + value * seed.data[i], 0);
    };
    for (const input of open) {
      const gradient = found[gradientName(input)];
      const { data, dims: shape } = feeds[input];
      assert.deepEqual([...gradient.dims], shape, input);
      const scale = Math.hypot(...gradient.data) / Math.sqrt(data.length);
      for (let i = 0; i < data.length; i += Math.ceil(data.length / 40)) {
        // In the weights all these are linear, so the step may be large; the input is others' test.
        const by = input === "in0" ? 3e-3 : 0.25;
        const at = (sign: number) => sum(input, data.map((value, j) => (j === i ? value + sign * by : value))); // prettier-ignore
        const slope = ((await at(1)) - (await at(-1))) / (2 * by);
        const tolerance = (input === "in0" ? 2e-2 : 2e-4) * (scale + Math.abs(slope));
        assert.ok(
          Math.abs(slope - gradient.data[i]) < tolerance,
          `${input}[${i}]: ${gradient.data[i]}, slope ${slope}`,
        );
      }
    }
  });
}

function conv(
  dims: readonly number[],
  filters: readonly number[],
  attributes: Readonly<Record<string, AttributeValue>>,
  hasBias = false,
): Learned {
  return { op: "Conv", dims, others: hasBias ? [filters, [filters[0]]] : [filters], attributes };
}
