import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exposeHead, headOutputs } from "../../../../src/kernel-helpers/graph/surgery/expose-head.js";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { sigmoid } from "../../../../src/kernel-helpers/networks/sigmoid.js";
import { softmax } from "../../../../src/kernel-helpers/networks/softmax.js";
import { images, run, smallNetwork, SMALL, type Builder } from "../build-graph.js";

const { channels: K, classes: C } = SMALL;

const scores = (b: Builder, maps: string) =>
  b.node("Gemm", [b.node("Flatten", [b.node("GlobalAveragePool", [maps])]), b.floats([C, K]), b.floats([C])], {
    transB: 1,
  });

/** What stands behind the class scores, and what it makes of them; the graph's own output is the oracle. */
const ENDINGS: readonly {
  name: string;
  end: (b: Builder, z: string) => string;
  kind: "softmax" | "sigmoid" | undefined;
  /** What the output is, of the logits. */
  output?: (z: Float32Array) => Float32Array;
  opset?: number;
  note?: RegExp;
}[] = [
  { name: "nothing", end: (_b, z) => z, kind: undefined, output: (z) => z },
  { name: "Sigmoid", end: (b, z) => b.node("Sigmoid", [z]), kind: "sigmoid", output: sigmoid },
  { name: "Softmax", end: (b, z) => b.node("Softmax", [z]), kind: "softmax", output: softmax },
  {
    name: "LogSoftmax",
    end: (b, z) => b.node("LogSoftmax", [z]),
    kind: "softmax",
    output: (z) => softmax(z).map(Math.log),
  },
  {
    name: "Log of Softmax",
    end: (b, z) => b.node("Log", [b.node("Softmax", [z])]),
    kind: "softmax",
    output: (z) => softmax(z).map(Math.log),
  },
  {
    name: "Sigmoid written out",
    end: (b, z) =>
      b.node("Div", [b.floats([], [1]), b.node("Add", [b.node("Exp", [b.node("Neg", [z])]), b.floats([], [1])])]),
    kind: "sigmoid",
    output: sigmoid,
  },
  {
    name: "Sigmoid written with Reciprocal",
    end: (b, z) => b.node("Reciprocal", [b.node("Add", [b.floats([], [1]), b.node("Exp", [b.node("Neg", [z])])])]),
    kind: "sigmoid",
    output: sigmoid,
  },
  {
    name: "Softmax written out, from the largest down",
    end: (b, z) => {
      const exp = b.node("Exp", [b.node("Sub", [z, b.node("ReduceMax", [z], { axes: [1], keepdims: 1 })])]);
      return b.node("Div", [exp, b.node("ReduceSum", [exp, b.ints(1)], { keepdims: 1 })]);
    },
    kind: "softmax",
    output: softmax,
  },
  {
    name: "Softmax, then Clip, then Identity",
    end: (b, z) =>
      b.node("Identity", [b.node("Clip", [b.node("Softmax", [z]), b.floats([], [0.2]), b.floats([], [0.8])])]),
    kind: "softmax",
    output: (z) => softmax(z).map((p) => Math.min(0.8, Math.max(0.2, p))),
    note: /\(Clip\) bounds what comes out/,
  },
  {
    name: "Clip of the scores themselves, as an old attribute",
    opset: 10,
    end: (b, z) => b.node("Clip", [z], { min: { float: -0.1 }, max: { float: 0.1 } }),
    kind: undefined,
    output: (z) => z.map((s) => Math.min(0.1, Math.max(-0.1, s))),
    note: /\(Clip\) bounds/,
  },
  {
    name: "ArgMax of Sigmoid",
    end: (b, z) => b.node("ArgMax", [b.node("Sigmoid", [z])], { axis: 1 }),
    kind: "sigmoid",
    note: /\(ArgMax\) keeps the best classes only/,
  },
  {
    name: "TopK, unsqueezed, of Softmax",
    end: (b, z) => b.node("Unsqueeze", [b.node("TopK", [b.node("Softmax", [z]), b.ints(2)]), b.ints(2)]),
    kind: "softmax",
    note: /\(TopK\) keeps the best classes only/,
  },
  {
    name: "Softmax written out with a sum of another form that is kept from zero",
    end: (b, z) => {
      const exp = b.node("Exp", [z]);
      const sum = b.node("Add", [b.node("ReduceSum", [exp, b.ints(1)], { keepdims: 0 }), b.floats([], [1e-9])]);
      return b.node("Mul", [exp, b.node("Reciprocal", [b.node("Unsqueeze", [sum, b.ints(1)])])]);
    },
    kind: "softmax",
    output: softmax,
  },
  {
    name: "the logarithm of Softmax written out, from the largest down",
    end: (b, z) => {
      const shifted = b.node("Sub", [z, b.node("ReduceMax", [z], { axes: [1], keepdims: 1 })]);
      return b.node("Sub", [
        shifted,
        b.node("Log", [b.node("ReduceSum", [b.node("Exp", [shifted]), b.ints(1)], { keepdims: 1 })]),
      ]);
    },
    kind: "softmax",
    output: (z) => softmax(z).map(Math.log),
  },
  {
    name: "Exp of the logarithm of a softmax by ReduceLogSumExp",
    end: (b, z) => b.node("Exp", [b.node("Sub", [z, b.node("ReduceLogSumExp", [z], { axes: [1], keepdims: 1 })])]),
    kind: "softmax",
    output: softmax,
  },
  {
    name: "Exp over itself and 1",
    end: (b, z) => {
      const exp = b.node("Exp", [z]);
      return b.node("Div", [exp, b.node("Add", [b.floats([], [1]), exp])]);
    },
    kind: "sigmoid",
    output: sigmoid,
  },
  {
    name: "Sigmoid as a power, its minus as a product",
    end: (b, z) => {
      const below = b.node("Add", [b.node("Exp", [b.node("Mul", [z, b.floats([], [-1])])]), b.floats([], [1])]);
      return b.node("Pow", [below, b.floats([], [-1])]);
    },
    kind: "sigmoid",
    output: sigmoid,
  },
  {
    name: "the logarithm of Sigmoid as Softplus",
    end: (b, z) => b.node("Neg", [b.node("Softplus", [b.node("Neg", [z])])]),
    kind: "sigmoid",
    output: (z) => sigmoid(z).map(Math.log),
  },
  {
    name: "Sigmoid, quantised and back",
    end: (b, z) => {
      const [scale, zero] = [b.floats([], [1 / 255]), b.constant([], Uint8Array.of(0))];
      return b.node("DequantizeLinear", [b.node("QuantizeLinear", [b.node("Sigmoid", [z]), scale, zero]), scale, zero]);
    },
    kind: "sigmoid",
  },
  {
    name: "Softmax in percent",
    end: (b, z) => b.node("Mul", [b.node("Softmax", [z]), b.floats([], [100])]),
    kind: "softmax",
    output: (z) => softmax(z).map((p) => 100 * p),
    note: /\(Mul\) changes the probabilities by a number/,
  },
  {
    name: "Sigmoid over a threshold",
    end: (b, z) => b.node("Cast", [b.node("Greater", [b.node("Sigmoid", [z]), b.floats([], [0.5])])], { to: 1 }),
    kind: "sigmoid",
    output: (z) => sigmoid(z).map((p) => Number(p > 0.5)),
    note: /\(Greater\) decides by a threshold/,
  },
  {
    name: "Softmax of one class only",
    end: (b, z) => b.node("Gather", [b.node("Softmax", [z]), b.ints(1)], { axis: 1 }),
    kind: "softmax",
    note: /\(Gather\) picks some of the classes/,
  },
  {
    name: "Softmax in groups",
    end: (b, z) =>
      b.node("Reshape", [b.node("Softmax", [b.node("Reshape", [z, b.ints(-1, 3, 2)])], { axis: -1 }), b.ints(-1, 6)]),
    kind: "softmax",
    note: /shares out probability among 2 of the 6 classes/,
  },
  {
    name: "Softmax over the photos of a batch",
    end: (b, z) => b.node("Softmax", [z], { axis: 0 }),
    kind: "softmax",
    note: /shares out probability among the photos of a batch/,
  },
  {
    name: "Min of Max",
    end: (b, z) => b.node("Min", [b.node("Max", [z, b.floats([], [-0.1])]), b.floats([], [0.1])]),
    kind: undefined,
    output: (z) => z.map((s) => Math.min(0.1, Math.max(-0.1, s))),
    note: /\(Min\) bounds/,
  },
  {
    name: "one-hot of the best class",
    end: (b, z) =>
      b.node("OneHot", [b.node("ArgMax", [z], { axis: 1, keepdims: 0 }), b.ints(C), b.floats([2], [0, 1])]),
    kind: undefined,
    output: (z) => z.map((s) => Number(s === Math.max(...z))),
    note: /\(ArgMax\) keeps the best/,
  },
  {
    name: "Hardmax",
    end: (b, z) => b.node("Hardmax", [z], { axis: 1 }),
    kind: undefined,
    output: (z) => z.map((s) => Number(s === Math.max(...z))),
    note: /\(Hardmax\) keeps the best/,
  },
];

describe("what the graph does after its class scores decides about probabilities", () => {
  test("scores as one output and their sigmoid as another tell of one head", () => {
    const graph = smallNetwork((b, maps) => {
      const z = scores(b, maps);
      return [z, b.node("Sigmoid", [z])];
    });
    assert.equal(findGapHead(graph).probabilities, "sigmoid");
  });

  test("a softmax of a single score would be 1 for every photo", () => {
    const graph = smallNetwork((b, maps) => {
      const mean = b.node("Flatten", [b.node("GlobalAveragePool", [maps])]);
      return b.node("Softmax", [b.node("Gemm", [mean, b.floats([K, 1])])]);
    });
    const { probabilities, notes } = findGapHead(graph);
    assert.equal(probabilities, "sigmoid");
    assert.match(notes?.join() ?? "", /is 1 for every photo/);
  });

  test("one score as two classes is read as one score", () => {
    const graph = smallNetwork((b, maps) => {
      const mean = b.node("Flatten", [b.node("GlobalAveragePool", [maps])]);
      const p = b.node("Sigmoid", [b.node("Gemm", [mean, b.floats([K, 1])])]);
      return b.node("Concat", [b.node("Sub", [b.floats([], [1]), p]), p], { axis: 1 });
    });
    const { probabilities, logits, notes } = findGapHead(graph);
    assert.deepEqual([probabilities, logits.classes], ["sigmoid", 1]);
    assert.match(notes?.join() ?? "", /the first of them by 1 − p/);
  });

  test("classes that are put in another order are refused: names are given in that of the output", () => {
    const graph = smallNetwork((b, maps) =>
      b.node("Gather", [b.node("Softmax", [scores(b, maps)]), b.ints(5, 4, 3, 2, 1, 0)], { axis: 1 }),
    );
    assert.throws(() => findGapHead(graph), /Gather/);
  });

  test("scores that may be probabilities already are told", () => {
    const graph = smallNetwork((b, maps) => b.node("Tanh", [scores(b, maps)]));
    assert.match(findGapHead(graph).notes?.join() ?? "", /comes out of a tanh/);
  });

  for (const { name, end, kind, output, opset, note } of ENDINGS) {
    test(name, async () => {
      const graph = smallNetwork((b, maps) => end(b, scores(b, maps)), { opset });
      const head = findGapHead(graph);
      assert.equal(head.probabilities, kind);
      assert.equal(head.logits.classes, C);
      if (note) assert.match(head.notes?.join() ?? "", note);
      else assert.equal(head.notes, undefined);
      if (!output) return;
      const dims = [1, ...SMALL.image];
      const logits = (await run(exposeHead(graph, head), images(1), dims))[headOutputs(head).logits].data;
      const whole = (await run(graph, images(1), dims))[graph.outputs[0].name].data;
      output(logits).forEach((value, c) => assert.ok(Math.abs(value - whole[c]) < 1e-6, `${name}: class ${c}`));
    });
  }
});
