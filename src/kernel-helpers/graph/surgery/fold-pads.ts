import { attribute, floatAttribute, intsAttribute, textAttribute } from "../onnx/attributes.js";
import { constantOf } from "../onnx/constants.js";
import { makeNode } from "../onnx/create-graph.js";
import { changedGraph } from "../onnx/changed-graph.js";
import { isStandard, type Graph } from "../onnx/graph.js";
import { changed } from "../onnx/messages.js";
import type { GraphProto, NodeProto } from "../onnx/onnx.js";
import { knownLists } from "../gradient/known-lists.js";
import { inferShapes } from "../shapes/infer-shapes.js";

/**
 * The same network with padding by zeros that stands before its convolutions, as exporters write TensorFlow's "same",
 * made part of them. It computes the same; what looks for strides and windows sees one step instead of two.
 *
 * @example
 * withFoldedPads(await graph.readGraph("efficientnet_lite0.onnx"));
 */
export function withFoldedPads(graph: Graph): Graph {
  const list = knownLists(graph, inferShapes(graph));
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const replaced = new Map<NodeProto, NodeProto>();
  const gone = new Set<NodeProto>();
  for (const node of graph.nodes) {
    const pads = node.opType === "Pad" && isStandard(node) ? zerosAround(graph, node, list) : undefined;
    const readers = graph.consumers(node.output[0]);
    if (!pads || outputs.has(node.output[0]) || readers.length === 0) continue;
    if (!readers.every((reader) => takesPads(reader, node.output[0]))) continue;
    for (const reader of readers) {
      const own = intsAttribute(reader, "pads") ?? [0, 0, 0, 0];
      const kept = reader.attribute.filter(({ name }) => name !== "pads" && name !== "auto_pad");
      const [added] = makeNode("", [], [], { pads: own.map((pad, i) => pad + pads[i]) }, { name: "" }).attribute;
      const input = [node.input[0], ...reader.input.slice(1)];
      replaced.set(reader, changed(reader, { input, attribute: [...kept, added] }));
    }
    gone.add(node);
  }
  if (gone.size === 0) return graph;
  const proto = graph.model.graph as GraphProto;
  const node = proto.node.filter((each) => !gone.has(each)).map((each) => replaced.get(each) ?? each);
  return changedGraph(graph, { node });
}

/** Top, left, bottom, right, when only rows and columns are padded, by zeros. */
function zerosAround(graph: Graph, node: NodeProto, list: ReturnType<typeof knownLists>): number[] | undefined {
  if (textAttribute(node, "mode", "constant") !== "constant" || node.input[3]) return undefined;
  const fill = node.input[2] ? constantOf(graph, node.input[2])?.data : undefined;
  if (node.input[2] ? fill?.length !== 1 || fill[0] !== 0 : floatAttribute(node, "value", 0) !== 0) return undefined;
  const pads = attribute(node, "pads") ? intsAttribute(node, "pads") : list(node.input[1]);
  if (pads?.length !== 8 || pads.some((pad) => !(pad >= 0)) || pads[0] + pads[1] + pads[4] + pads[5] > 0)
    return undefined;
  return [pads[2], pads[3], pads[6], pads[7]];
}

function takesPads(node: NodeProto, name: string): boolean {
  const automatic = textAttribute(node, "auto_pad", "NOTSET");
  const plain = automatic === "NOTSET" || automatic === "VALID";
  return (
    node.opType === "Conv" && isStandard(node) && plain && node.input[0] === name && !node.input.slice(1).includes(name)
  );
}
