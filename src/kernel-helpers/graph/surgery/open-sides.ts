import { CamlabError } from "../../support/errors.js";
import { findGapHead } from "../head/find-gap-head.js";
import type { GapHead } from "../head/gap-head.js";
import { makePort } from "../onnx/create-graph.js";
import { changedGraph } from "../onnx/changed-graph.js";
import type { Graph } from "../onnx/graph.js";
import type { GraphProto } from "../onnx/onnx.js";
import { inferShapes } from "../shapes/infer-shapes.js";
import { withOpenWindow } from "./open-window.js";
import { requireGraph } from "../onnx/require-graph.js";

/** What the sides of the input are called in a graph that leaves them open. */
const SIDES = { height: "camlab_rows", width: "camlab_columns" } as const;

/** A network that takes pictures of many sizes. */
export interface OpenSides {
  readonly graph: Graph;
  /** Its sides may grow and shrink by so many pixels, and its maps by a place. */
  readonly stride: number;
}

/**
 * The same network for pictures of any proportions: the sides of its input are left open. A network whose layers do not
 * mind how many places there are gives maps of the picture's own proportions. Weights stay as they are.
 *
 * @param maps the name of its feature maps, among the outputs
 * @param own the size of its input
 * @throws CamlabError for a network that is tied to its size
 * @example
 * const { graph: open, stride } = graph.withOpenSides(net, "relu5", { width: 224, height: 224 }); // stride 32
 */
export function withOpenSides(
  graph: Graph,
  maps: string,
  own: { readonly width: number; readonly height: number },
): OpenSides {
  requireGraph(graph);
  const [image] = graph.inputs;
  if (graph.inputs.length !== 1 || image.dims?.length !== 4) throw tied("its input has no sides that are known");
  // A part of a network ends before its pooling.
  const head = hasWindow(graph) ? headOf(graph) : undefined;
  const windowed = head ? withOpenWindow(graph, head) : graph;
  const proto = windowed.model.graph as GraphProto;
  const dims = [image.dims[0], image.dims[1], SIDES.height, SIDES.width];
  const open = changedGraph(windowed, {
    input: proto.input.map((port) => (port.name === image.name ? makePort(port.name, dims, image.type) : port)),
    // Shapes that the file tells of values are those of its own size.
    valueInfo: [],
    output: proto.output.map((port, i) => makePort(port.name, openDims(graph.outputs[i].dims), graph.outputs[i].type)),
  });
  return { graph: open, stride: strideOf(open, maps, own) };
}

/** Whether some pooling has a window of its own: only that of a head is opened, and to find it takes a while. */
function hasWindow({ nodes }: Graph): boolean {
  return nodes.some(({ opType }) => opType === "AveragePool" || opType === "MaxPool");
}

function headOf(graph: Graph): GapHead | undefined {
  try {
    return findGapHead(graph);
  } catch {
    return undefined;
  }
}

/** Behind the pooling nothing depends on the sides; before it, every number of places may. */
function openDims(dims: Graph["outputs"][number]["dims"]): typeof dims {
  return dims?.length === 2 ? dims : undefined;
}

/** How far apart the network's places are: so many pixels more must give one more place, and all else must stay as it was. */
function strideOf(open: Graph, maps: string, { width, height }: { readonly width: number; readonly height: number }) {
  const shapesAt = (size: { width: number; height: number }) =>
    inferShapes(open, { [SIDES.width]: size.width, [SIDES.height]: size.height });
  const before = shapesAt({ width, height });
  const [, channels, rows, columns] = before.get(maps) ?? [];
  if (typeof rows !== "number" || typeof columns !== "number") throw tied("the size of its maps is not known");
  const about = Math.min(width / columns, height / rows);
  for (let stride = 1; stride <= 2 * about; stride *= 2) {
    if (stride < about / 2) continue;
    // Where sides are rounded up a few pixels may give a place, but not many times as many.
    const [after, far] = [1, 4].map((times) => ({
      times,
      shapes: shapesAt({ width: width + times * stride, height: height + times * stride }),
    }));
    const grows = [after, far].every(({ times, shapes }) => {
      const found = shapes.get(maps);
      return found?.[1] === channels && found[2] === rows + times && found[3] === columns + times;
    });
    if (!grows) continue;
    for (const { name } of open.outputs) {
      if (name === maps) continue;
      const [old, now] = [before.get(name), after.shapes.get(name)].map((shape) => shape?.join("×"));
      if (old === undefined || old !== now) throw tied(`"${name}" depends on it`);
    }
    return stride;
  }
  throw tied("its maps do not grow with the picture");
}

function tied(why: string): CamlabError {
  return new CamlabError(`this network is tied to the size of its input: ${why}`);
}
