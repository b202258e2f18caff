import { CamlabError } from "../../support/errors.js";
import { makeNode } from "../onnx/create-graph.js";
import { withOutputs } from "./cut-graph.js";
import { withFloatPorts } from "./float-ports.js";
import type { GapHead } from "../head/gap-head.js";
import { graphOf, type Graph } from "../onnx/graph.js";
import { changed } from "../onnx/messages.js";
import type { GraphProto, NodeProto } from "../onnx/onnx_pb.js";

/** The names of the three outputs that `exposeHead` gives a graph. */
export interface HeadOutputs {
  /** `batch × channels × height × width`. */
  readonly featureMaps: string;
  /** `batch × channels`, perhaps with two axes of one place behind. */
  readonly features: string;
  /** `batch × classes`, perhaps with two axes of one place behind. */
  readonly logits: string;
}

/**
 * What the outputs of `exposeHead(graph, head)` are called: the values' own names where the graph has them, else names
 * that begin with `camlab_`.
 */
export function headOutputs(head: GapHead): HeadOutputs {
  return {
    featureMaps: head.featureMaps.layout ? "camlab_feature_maps" : head.featureMaps.name,
    features: head.features?.name ?? "camlab_features",
    logits: head.logits.name,
  };
}

/**
 * The same network with three outputs: its last feature maps (in NCHW order), the pooled features, and the class
 * scores before softmax, in this order; `headOutputs(head)` has their names. Whatever does not lead to them is left
 * out, a missing pooling or transposition is added, and half-precision inputs and outputs become float32. Weights are
 * neither changed nor copied.
 *
 * @throws CamlabError when the network takes whole numbers, such as 8-bit pixels
 * @example
 * const head = findGapHead(graph);
 * const engine = await createEngine(writeGraph(exposeHead(graph, head)));
 */
export function exposeHead(graph: Graph, head: GapHead): Graph {
  const whole = graph.inputs.find(({ type }) => !type.includes("float"));
  if (whole) {
    throw new CamlabError(
      `cannot feed this network: its input "${whole.name}" is ${whole.type}, camlab feeds float32; ` +
        "export it with a float input (its conversion and scaling become preprocessing)",
    );
  }
  const outputs = headOutputs(head);
  const added: NodeProto[] = [];
  const { name, layout } = head.featureMaps;
  if (layout) {
    const perm = [..."NCHW"].map((axis) => layout.indexOf(axis));
    added.push(makeNode("Transpose", [name], [outputs.featureMaps], { perm }));
  }
  if (!head.features) {
    const op = head.pooling === "average" ? "GlobalAveragePool" : "GlobalMaxPool";
    added.push(makeNode(op, [outputs.featureMaps], [outputs.features]));
  }
  const proto = graph.model.graph as GraphProto;
  const extended = graphOf(changed(graph.model, { graph: changed(proto, { node: [...proto.node, ...added] }) }));
  return withFloatPorts(withOutputs(extended, [outputs.featureMaps, outputs.features, outputs.logits]));
}
