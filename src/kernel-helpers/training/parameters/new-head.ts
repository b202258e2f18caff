import { makeNode, makePort, makeTensor } from "../../graph/onnx/create-graph.js";
import { withOutputs } from "../../graph/surgery/cut-graph.js";
import { exposeHead, headOutputs } from "../../graph/surgery/expose-head.js";
import type { GapHead } from "../../graph/head/gap-head.js";
import { changedGraph } from "../../graph/onnx/changed-graph.js";
import type { Graph } from "../../graph/onnx/graph.js";
import type { GraphProto } from "../../graph/onnx/onnx.js";

/** What the classifier of `withNewHead` is called in its graph. */
export const NEW_HEAD = {
  features: "camlab_flat_features",
  weight: "camlab_classifier.weight",
  bias: "camlab_classifier.bias",
  logits: "camlab_logits",
} as const;

/** The numbers of a linear classifier. */
export interface Classifier {
  /** classes × channels. */
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/**
 * A network with another classifier: feature maps → its own pooling → linear layer. Whatever stood behind the maps is
 * left out, its normalisation too.
 */
export function withNewHead(graph: Graph, head: GapHead, { weight, bias }: Classifier): Graph {
  const exposed = exposeHead(graph, head);
  const proto = exposed.model.graph as GraphProto;
  const found = headOutputs(head).features;
  // A network that has such a head already is pooled before its Flatten.
  const features = found === NEW_HEAD.features ? exposed.producer(found)!.input[0] : found;
  const nodes = [
    makeNode("Flatten", [features], [NEW_HEAD.features]),
    makeNode(
      "Gemm",
      [NEW_HEAD.features, NEW_HEAD.weight, NEW_HEAD.bias],
      [NEW_HEAD.logits],
      { transB: 1 },
      { name: "camlab_classifier" },
    ),
  ];
  const tensors = [
    makeTensor(NEW_HEAD.weight, [bias.length, weight.length / bias.length], weight),
    makeTensor(NEW_HEAD.bias, [bias.length], bias),
  ];
  const old = new Set<string>(Object.values(NEW_HEAD));
  const replaced = changedGraph(exposed, {
    node: [...proto.node.filter(({ output }) => !output.some((name) => old.has(name))), ...nodes],
    initializer: [...proto.initializer.filter(({ name }) => !old.has(name)), ...tensors],
    output: [makePort(NEW_HEAD.logits, [exposed.inputs[0].dims?.[0] ?? "N", bias.length])],
  });
  return withOutputs(replaced, [NEW_HEAD.logits]);
}
