import type { Preprocessing } from "../../images/input/preprocessing.js";
import { Emitter, freePrefix } from "../gradient/emitter.js";
import { makePort } from "../onnx/create-graph.js";
import { changedGraph } from "../onnx/changed-graph.js";
import type { Graph } from "../onnx/graph.js";
import { changed } from "../onnx/messages.js";
import type { GraphProto } from "../onnx/onnx.js";
import { withRenamedValues } from "./renamed-values.js";

/** What the input of pixels is called. */
export const PIXELS = "pixels";

/**
 * The same network with an input of pixels as they are, `N × height × width × 3`, RGB in 8 bits, at the network's own
 * size: the order of channels, mean and scale of its preprocessing become its first operators.
 *
 * @param graph takes `N × 3 × height × width` floats
 */
export function withPixelInput(
  graph: Graph,
  { width, height, channelOrder, mean, std }: Pick<Preprocessing, "width" | "height" | "channelOrder" | "mean" | "std">,
): Graph {
  const own = graph.inputs[0].name;
  const prefix = freePrefix(graph, "pixels");
  const inner = `${prefix}image`;
  const taken = own === PIXELS ? [] : [[PIXELS, `${prefix}taken`] as const];
  const renamed = withRenamedValues(graph, new Map([[own, inner], ...taken]));
  const emit = new Emitter(graph.opset, prefix);
  const numbers = emit.cast(PIXELS, "float32");
  const ordered = channelOrder === "RGB" ? numbers : emit.node("Gather", [numbers, emit.ints([2, 1, 0])], { axis: 3 });
  const centred = emit.sub(ordered, emit.floats([3], mean));
  const scaled = emit.mul(
    centred,
    emit.floats(
      [3],
      std.map((value) => 1 / value),
    ),
  );
  const turned = emit.transpose(scaled, [0, 3, 1, 2]);
  const last = emit.nodes.findIndex(({ output }) => output[0] === turned);
  emit.nodes[last] = changed(emit.nodes[last], { output: [inner] });
  const proto = renamed.model.graph as GraphProto;
  return changedGraph(renamed, {
    node: [...emit.nodes, ...proto.node],
    initializer: [...proto.initializer, ...emit.initializers],
    input: proto.input.map((port) =>
      port.name === inner ? makePort(PIXELS, [graph.inputs[0].dims?.[0] ?? "N", height, width, 3], "uint8") : port,
    ),
  });
}
