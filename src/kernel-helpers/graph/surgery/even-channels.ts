import { intAttribute } from "../onnx/attributes.js";
import { changedGraph } from "../onnx/changed-graph.js";
import { makeNode, makeTensor } from "../onnx/create-graph.js";
import type { Graph } from "../onnx/graph.js";
import { changed } from "../onnx/messages.js";
import type { GraphProto, NodeProto, TensorProto } from "../onnx/onnx.js";
import { inferShapes } from "../shapes/infer-shapes.js";

/**
 * The same network for ONNX Runtime's WebGPU code, which reads convolutions of 6, 9, 15, 18, … channels by threes and gets
 * them wrong (version 1.30; a whole three, or a multiple of four, is right): such convolutions get channels of zeros up to a
 * multiple of four.
 */
export function withEvenChannels(graph: Graph): Graph {
  const shapes = inferShapes(graph);
  const proto = graph.model.graph as GraphProto;
  const pads = new Map<number, string>();
  const initializers: TensorProto[] = [];
  const padsNamed = (missing: number, rank: number): string => {
    const name = pads.get(10 * missing + rank) ?? `camlab_channels_${missing}_${rank}`;
    if (!pads.has(10 * missing + rank)) initializers.push(makeTensor(name, [2 * rank], padding(missing, rank)));
    pads.set(10 * missing + rank, name);
    return name;
  };
  const nodes = proto.node.flatMap((node, at): NodeProto[] => {
    const missing = missingChannels(node, shapes.get(node.input[1]));
    if (missing === 0) return [node];
    const rank = shapes.get(node.input[1])!.length;
    const padded = [0, 1].map((i) => `camlab_channels_${at}_${["maps", "filters"][i]}`);
    const added = padded.map((name, i) =>
      graph.opset < 11
        ? makeNode("Pad", [node.input[i]], [name], { pads: padding(missing, rank) })
        : makeNode("Pad", [node.input[i], padsNamed(missing, rank)], [name]),
    );
    return [...added, changed(node, { input: [...padded, ...node.input.slice(2)] })];
  });
  if (nodes.length === proto.node.length) return graph;
  return changedGraph(graph, { node: nodes, initializer: [...proto.initializer, ...initializers] });
}

function missingChannels(node: NodeProto, filters: readonly unknown[] | undefined): number {
  if (node.opType !== "Conv" || intAttribute(node, "group", 1) !== 1 || !filters) return 0;
  const [outputs, channels] = filters;
  if (typeof channels !== "number" || (typeof outputs === "number" && outputs % 4 !== 0)) return 0;
  return channels > 3 && channels % 3 === 0 && channels % 4 !== 0 ? 4 - (channels % 4) : 0;
}

/** Behind the channels. */
function padding(missing: number, rank: number): number[] {
  return Array.from({ length: 2 * rank }, (_, i) => (i === rank + 1 ? missing : 0));
}
