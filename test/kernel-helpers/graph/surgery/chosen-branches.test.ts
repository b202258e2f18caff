import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { makeGraph, makeNode, makeTensor } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import type { Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import { changed } from "../../../../src/kernel-helpers/graph/onnx/messages.js";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  TensorProto_DataType,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from "../../../../src/kernel-helpers/graph/onnx/onnx_pb.js";
import { withChosenBranches } from "../../../../src/kernel-helpers/graph/surgery/chosen-branches.js";
import { smallNetwork, SMALL, type Builder } from "../build-graph.js";
import { sameScores } from "./same-scores.js";

const { channels: K, classes: C } = SMALL;

function body(nodes: readonly NodeProto[], output: string, initializers: readonly TensorProto[] = []): GraphProto {
  const { model } = makeGraph({ inputs: [], outputs: [{ name: output }], nodes, initializers });
  return model.graph as GraphProto;
}

/** An If whose branches read what stands around it. */
function choice(b: Builder, condition: string, yes: GraphProto, no: GraphProto): string {
  const output = b.node("If", [condition]);
  const node = b.nodes.at(-1)!;
  const branch = (name: string, g: GraphProto) =>
    create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.GRAPH, g });
  b.nodes[b.nodes.length - 1] = changed(node, {
    attribute: [branch("then_branch", yes), branch("else_branch", no)],
  });
  return output;
}

function truth(b: Builder, value: boolean): string {
  const name = b.constant([], Uint8Array.of(Number(value)));
  const tensor = b.initializers.at(-1)!;
  b.initializers[b.initializers.length - 1] = changed(tensor, { dataType: TensorProto_DataType.BOOL });
  return name;
}

const pooled = (b: Builder, maps: string) => b.node("GlobalAveragePool", [maps]);
const classified = (b: Builder, features: string) => b.node("Gemm", [features, b.floats([K, C]), b.floats([C])]);
const conditions = (graph: Graph) => graph.nodes.filter(({ opType }) => opType === "If").length;

describe("a branch that does not depend on the photo is written out", () => {
  test("by a flag, in the tail; names within it may be those around it", async () => {
    const graph = smallNetwork((b, maps) => {
      const z = classified(b, b.node("Flatten", [pooled(b, maps)]));
      const soft = body([makeNode("Mul", [z, "constant_0"], ["twice"]), makeNode("Softmax", ["twice"], ["p"])], "p", [
        makeTensor("constant_0", [], Float32Array.of(2)),
      ]);
      return choice(b, truth(b, true), soft, body([makeNode("Identity", [z], ["same"])], "same"));
    });
    const plain = withChosenBranches(graph);
    assert.equal(conditions(plain), 0);
    assert.equal((await sameScores(graph, plain)).probabilities, "softmax");
  });

  test("by a size, as a scripted squeeze is written", async () => {
    const graph = smallNetwork((b, maps) => {
      const mean = pooled(b, maps);
      const size = b.node("Gather", [b.node("Shape", [mean]), b.ints(2)]);
      const one = b.node("Equal", [size, b.ints(1)]);
      const squeezed = body([makeNode("Flatten", [mean], ["vector"])], "vector");
      return classified(b, choice(b, one, squeezed, body([makeNode("Identity", [mean], ["as_is"])], "as_is")));
    });
    const plain = withChosenBranches(graph);
    assert.equal(conditions(plain), 0);
    await sameScores(graph, plain);
  });

  test("a choice within a choice", async () => {
    const graph = smallNetwork((b, maps) => {
      const z = classified(b, b.node("Flatten", [pooled(b, maps)]));
      const [yes, no] = [truth(b, true), truth(b, false)];
      const inner = new (b.constructor as new () => Builder)();
      const name = choice(
        inner,
        no,
        body([makeNode("Neg", [z], ["minus"])], "minus"),
        body([makeNode("Sigmoid", [z], ["p"])], "p"),
      );
      return choice(b, yes, body(inner.nodes, name), body([makeNode("Relu", [z], ["r"])], "r"));
    });
    const plain = withChosenBranches(graph);
    assert.equal(conditions(plain), 0);
    assert.equal((await sameScores(graph, plain)).probabilities, "sigmoid");
  });

  test("one that depends on the photo stays, and the head says so", () => {
    const graph = smallNetwork((b, maps) => {
      const z = classified(b, b.node("Flatten", [pooled(b, maps)]));
      const large = b.node("Greater", [b.node("ReduceMax", [z], { keepdims: 0 }), b.floats([], [0])]);
      return choice(b, large, body([makeNode("Relu", [z], ["r"])], "r"), body([makeNode("Neg", [z], ["n"])], "n"));
    });
    assert.equal(withChosenBranches(graph), graph);
    assert.throws(() => findGapHead(graph), /\(If\) decides while the network runs .* traced rather than scripted/);
  });
});
