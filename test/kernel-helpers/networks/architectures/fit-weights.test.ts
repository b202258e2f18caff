import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StateDict, StoredTensor } from "../../../../src/kernel-helpers/formats/weights/state-dict.js";
import type { Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import { tensorDims, tensorFloats } from "../../../../src/kernel-helpers/graph/onnx/tensor.js";
import { buildNetwork } from "../../../../src/kernel-helpers/networks/architectures/build-network.js";
import { fitWeights } from "../../../../src/kernel-helpers/networks/architectures/fit-weights.js";

const built = buildNetwork("squeezenet1_1", { classes: 4, seed: 5 });

function weightsOf(graph: Graph, called = (name: string) => name): Map<string, StoredTensor> {
  return new Map(
    graph.model.graph!.initializer.map((tensor) => [
      called(tensor.name),
      { dims: tensorDims(tensor), type: "float32", floats: () => tensorFloats(tensor) },
    ]),
  );
}

const dict = (tensors: ReadonlyMap<string, StoredTensor>): StateDict => ({ tensors, notes: [] });

describe("weights by name", () => {
  it("are recognised by names and sizes, wrapped or not, with as many classes as they have", () => {
    for (const called of [(name: string) => name, (name: string) => `module.${name}`]) {
      const { graph, architecture, leftOver } = fitWeights(dict(weightsOf(built, called)));
      assert.equal(architecture.name, "squeezenet1_1");
      assert.deepEqual(leftOver, []);
      const [name, wanted] = ["classifier.1.weight", built.initializer("classifier.1.weight")!];
      assert.deepEqual(tensorFloats(graph.initializer(name)!), tensorFloats(wanted));
      assert.deepEqual(graph.outputs[0].dims, ["N", 4]);
    }
  });

  it("tell what is left over", () => {
    const tensors = weightsOf(built);
    tensors.set("teacher.weight", tensors.get("features.0.weight")!);
    const { leftOver, notes } = fitWeights(dict(tensors));
    assert.deepEqual(leftOver, ["teacher.weight"]);
    assert.ok(notes.some((note) => note.includes("left over in the file: teacher.weight")));
  });

  it("list what is missing, of other sizes and left over, when they do not fit", () => {
    const tensors = weightsOf(built);
    tensors.set("features.1.weight", tensors.get("features.0.weight")!);
    tensors.delete("features.0.weight");
    tensors.set("features.0.bias", tensors.get("classifier.1.bias")!);
    assert.throws(
      () => fitWeights(dict(tensors), { architecture: "squeezenet1_1" }),
      /do not fit squeezenet1_1: 1 of its 52 tensors are missing: features\.0\.weight; 1 have other sizes: features\.0\.bias 4 \(expected 64\); 1 are left over: features\.1\.weight/,
    );
    assert.throws(
      () => fitWeights(dict(tensors)),
      /of no architecture that camlab builds; the nearest is squeezenet1_1/,
    );
  });

  it("of old DenseNet files are understood", () => {
    const old = (name: string) => name.replace(/(denselayer\d+\.(?:norm|conv))([12]\.)/, "$1.$2");
    const tensors = weightsOf(buildNetwork("densenet121", { classes: 2, size: 32 }), old);
    assert.ok(tensors.has("features.denseblock1.denselayer1.norm.1.weight"));
    assert.equal(fitWeights(dict(tensors), { size: 32 }).architecture.name, "densenet121");
  });
});
