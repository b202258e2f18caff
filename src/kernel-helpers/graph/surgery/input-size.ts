import { check } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import { makePort } from "../onnx/create-graph.js";
import { findGapHead } from "../head/find-gap-head.js";
import { changedGraph } from "../onnx/changed-graph.js";
import type { Graph } from "../onnx/graph.js";
import { inferShapes } from "../shapes/infer-shapes.js";
import type { GraphProto } from "../onnx/onnx.js";
import { withOpenWindow } from "./open-window.js";
import { requireGraph } from "../onnx/require-graph.js";

/**
 * The same network for pictures of another size. Convolutions and global pooling do not mind how many places there
 * are: larger pictures give larger maps, and small things become large enough to be seen. Weights stay as they are.
 *
 * @param size columns and rows of the input
 * @throws CamlabError for a network that is tied to its size, and for a size that is no whole number
 * @example
 * graph.findGapHead(graph.withInputSize(net, { width: 448, height: 448 })).summary; // maps of 14×14 rather than 7×7
 */
export function withInputSize(graph: Graph, size: { readonly width: number; readonly height: number }): Graph {
  requireGraph(graph);
  const [image] = graph.inputs;
  check.counts({ width: size.width, height: size.height });
  if (graph.inputs.length !== 1 || image.dims?.length !== 4) return graph;
  const resized = withFixedSize(withOpenWindow(graph), size);
  checkResized(graph, resized, size);
  return resized;
}

/** The same network whose input says that it takes pictures of one size, for sizes that it leaves open. */
export function withFixedSize(
  graph: Graph,
  { width, height }: { readonly width: number; readonly height: number },
): Graph {
  const [image] = graph.inputs;
  if (graph.inputs.length !== 1 || image.dims?.length !== 4) return graph;
  const proto = graph.model.graph as GraphProto;
  const [photos, channels] = image.dims;
  const dims = [photos, typeof channels === "number" ? channels : 3, height, width];
  return changedGraph(graph, {
    input: proto.input.map((port) => (port.name === image.name ? makePort(port.name, dims, image.type) : port)),
    // Shapes that the file tells of values are those of its own size.
    valueInfo: [],
    output: proto.output.map((port, i) =>
      graph.outputs[i].dims?.length === 4 ? makePort(port.name, undefined, graph.outputs[i].type) : port,
    ),
  });
}

/** Everything behind the pooling must be as it was. */
function checkResized(
  graph: Graph,
  resized: Graph,
  { width, height }: { readonly width: number; readonly height: number },
): void {
  const refuse = (why: string) =>
    new CamlabError(`this network cannot take pictures of ${width}×${height}: ${why}; open it with its own size`);
  const classes = findGapHead(graph).logits;
  let found;
  try {
    found = findGapHead(resized);
  } catch {
    throw refuse("its head is tied to the size of its maps");
  }
  const { height: rows, width: columns } = found.featureMaps;
  if (rows === undefined || columns === undefined || rows < 1 || columns < 1) {
    throw refuse("the size of its last maps would not be known, or nothing");
  }
  const [, before] = inferShapes(graph).get(classes.name) ?? [];
  const [, after] = inferShapes(resized).get(found.logits.name) ?? [];
  if (before !== after) throw refuse(`it would have ${after ?? "an unknown number of"} class scores`);
}
