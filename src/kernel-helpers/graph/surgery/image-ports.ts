import { makeNode, makePort } from "../onnx/create-graph.js";
import { changedGraph } from "../onnx/changed-graph.js";
import type { Graph } from "../onnx/graph.js";
import { changed } from "../onnx/messages.js";
import type { GraphProto } from "../onnx/onnx.js";
import { dataTypeOf } from "../onnx/tensor.js";

const WHOLE = ["uint8", "int8", "int32", "int64"];

/**
 * The same network with an input of float32 pictures, count × 3 × height × width, where it took them channels last or as
 * whole numbers: a transposition and a conversion are put before it.
 *
 * @example
 * withImagePorts(await readGraph("keras.onnx")).inputs[0].dims; // ["N", 3, 224, 224] rather than ["N", 224, 224, 3]
 */
export function withImagePorts(graph: Graph): Graph {
  const [image, ...others] = graph.inputs;
  if (!image || others.length > 0 || image.dims?.length !== 4) return graph;
  const [count, second, third, last] = image.dims;
  const channelsLast = last === 3 && second !== 3;
  const isWhole = WHOLE.includes(image.type);
  if (!channelsLast && !isWhole) return graph;
  const proto = graph.model.graph as GraphProto;
  const inner = `camlab_planar_${image.name}`;
  const turned = channelsLast && isWhole ? `camlab_turned_${image.name}` : inner;
  const rename = (name: string) => (name === image.name ? inner : name);
  const nodes = [
    ...(channelsLast ? [makeNode("Transpose", [image.name], [turned], { perm: [0, 2, 3, 1] })] : []),
    ...(isWhole
      ? [makeNode("Cast", [channelsLast ? turned : image.name], [inner], { to: dataTypeOf(image.type) })]
      : []),
    ...proto.node.map((node) =>
      node.input.includes(image.name) ? changed(node, { input: node.input.map(rename) }) : node,
    ),
  ];
  const dims = channelsLast ? [count, last, second, third] : image.dims;
  const type = isWhole ? "float32" : image.type;
  const input = proto.input.map((port) => (port.name === image.name ? makePort(image.name, dims, type) : port));
  return changedGraph(graph, { node: nodes, input });
}
