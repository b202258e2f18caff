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
];

describe("what the graph does after its class scores decides about probabilities", () => {
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
