import { constantOf } from "../onnx/constants.js";
import { makeTensor } from "../onnx/create-graph.js";
import { changedGraph } from "../onnx/changed-graph.js";
import { nodeLabel, type Graph } from "../onnx/graph.js";
import { inferShapes } from "../shapes/infer-shapes.js";
import { changed } from "../onnx/messages.js";
import {
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from "../onnx/onnx.js";
import { create } from "@bufbuild/protobuf";
import { requireGraph } from "../onnx/require-graph.js";

/** What `withDynamicBatch` made of a graph. */
export interface DynamicBatch {
  /** Takes any number of images at once when `problems` is empty; the graph that was given otherwise. */
  readonly graph: Graph;
  /** What ties the network to its batch size, in words. */
  readonly problems: readonly string[];
}

/**
 * Frees a network from a batch size that its export fixed (mostly at 1): the first axis of its inputs and outputs
 * becomes the symbol `N`, and reshapes to `[1, …]` keep whatever number comes in. Shape inference with two images
 * then tells whether every output has two rows.
 *
 * @example
 * const { graph: open, problems } = graph.withDynamicBatch(await graph.readGraph("fixed-at-1.onnx"));
 */
export function withDynamicBatch(graph: Graph): DynamicBatch {
  requireGraph(graph);
  if (graph.batch === "any") return { graph, problems: [] };
  const proto = graph.model.graph as GraphProto;
  const before = inferShapes(graph);
  const added: TensorProto[] = [];
  const nodes = proto.node.map((node) => freed(graph, node, before.get(node.input[0])?.[0] === graph.batch, added));
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const free = changedGraph(graph, {
    node: nodes,
    initializer: [...proto.initializer, ...added],
    input: proto.input.map((info) => (inputs.has(info.name) ? withFirstDim(info, "N") : info)),
    output: proto.output.map((info) => withFirstDim(info, "N")),
    valueInfo: [],
  });
  const problems = problemsOf(free, graph.batch);
  return problems.length === 0 ? { graph: free, problems } : { graph, problems };
}

/** A Reshape to a fixed batch made one that copies the first size, which ONNX writes as 0. */
function freed(graph: Graph, node: NodeProto, keepsBatch: boolean, added: TensorProto[]): NodeProto {
  if (node.opType !== "Reshape" || !keepsBatch) return node;
  const target = constantOf(graph, node.input[1]);
  if (!target || target.data[0] !== graph.batch) return node;
  const name = `camlab_shape_${added.length}`;
  added.push(makeTensor(name, [target.data.length], [0, ...Array.from(target.data).slice(1)]));
  return changed(node, {
    input: [node.input[0], name],
    attribute: node.attribute.filter((a) => a.name !== "allowzero"),
  });
}

/** A port whose first axis is a symbol. */
function withFirstDim(info: ValueInfoProto, symbol: string): ValueInfoProto {
  if (info.type?.value.case !== "tensorType" || !info.type.value.value.shape) return info;
  const tensor = info.type.value.value;
  const first = create(TensorShapeProto_DimensionSchema, { value: { case: "dimParam", value: symbol } });
  const dim = tensor.shape?.dim.map((old, axis) => (axis === 0 ? first : old));
  const value = changed(tensor, { shape: create(TensorShapeProtoSchema, { dim }) });
  return changed(info, { type: changed(info.type, { value: { case: "tensorType", value } }) });
}

function problemsOf(free: Graph, batch: number): string[] {
  const images = 2 * batch;
  const shapes = inferShapes(free, { N: images });
  return free.outputs.flatMap(({ name }) => {
    const rows = shapes.get(name)?.[0];
    if (rows === images) return [];
    return [
      `output "${name}" has ${rows ?? "an unknown number of"} rows for ${images} images: ${culprit(free, shapes, images)}`,
    ];
  });
}

/** The first node that reads a value with all images and gives one without. */
function culprit(graph: Graph, shapes: ReadonlyMap<string, readonly unknown[]>, images: number): string {
  const node = graph.nodes.find(
    ({ input, output }) =>
      input.some((name) => shapes.get(name)?.[0] === images) && shapes.get(output[0])?.[0] !== images,
  );
  return node ? `"${nodeLabel(node)}" (${node.opType}) fixes it` : "its shape cannot be followed";
}
