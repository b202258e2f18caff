import { CamlabError } from "../../support/errors.js";
import { intsAttribute, textAttribute } from "../onnx/attributes.js";
import { makeNode, makePort } from "../onnx/create-graph.js";
import { elementTypeOf } from "../onnx/element-type.js";
import { findGapHead } from "../head/find-gap-head.js";
import { changedGraph } from "../onnx/changed-graph.js";
import { nodeLabel, type Graph } from "../onnx/graph.js";
import { inferShapes } from "../shapes/infer-shapes.js";
import type { Shape } from "../shapes/shape.js";
import { withFoldedPads } from "./fold-pads.js";
import { changed } from "../onnx/messages.js";
import type { GraphProto, NodeProto } from "../onnx/onnx.js";
import { requireGraph } from "../onnx/require-graph.js";

/**
 * The same network with feature maps of more places: the last stride is taken away, and what follows it looks through
 * holes of that size (dilation), so that each window still sees what it was trained to see. Weights stay as they are.
 * Maps of 7×7 become 14×14, at four times the work behind that stride.
 *
 * The old maps are in the new ones, every second row and column of them, exactly: where they begin is chosen so that a
 * place of the new maps lies in the middle of what it sees. Only at a border that the old network reached with other
 * padding may values differ. Class scores become means over all places, and so do change a little.
 *
 * @throws CamlabError when the network has no GAP head, no stride, or a step behind the last stride that cannot be
 *   dilated: the message names it
 * @example
 * const finer = graph.withFinerMaps(await graph.readGraph("mobilenet.onnx"));
 * graph.findGapHead(finer).summary; // GAP head: conv_pw_13_relu 768×14×14 → average → conv_preds 1000
 */
export function withFinerMaps(given: Graph): Graph {
  requireGraph(given);
  const graph = withFoldedPads(given);
  const maps = findGapHead(graph).featureMaps;
  if (maps.layout) throw cannot(`its last maps "${maps.name}" are laid out as ${maps.layout}, not channels first`);
  const walk = { graph, shapes: inferShapes(graph), strides: stridesOf(graph) };
  const final = walk.strides.get(maps.name);
  const last = final ? lastStrides(walk, maps.name, final) : [];
  if (!final || last.length === 0) throw cannot("nothing before its last maps has a stride");
  const step = strideOf(last[0]);
  if (last.some((node) => String(strideOf(node)) !== String(step))) {
    throw cannot(`its last strides differ: ${last.map(nodeLabel).join(", ")}`);
  }
  const starts = startsOf(last, walk.shapes);
  const replaced = new Map<NodeProto, NodeProto>();
  const moved = new Set<string>();
  for (const node of graph.nodes) {
    const isLast = last.includes(node);
    if (!isLast && !node.input.some((name) => moved.has(name))) continue;
    replaced.set(node, isLast ? unstrided(node, walk.shapes, starts) : dilated(node, walk, step));
    for (const name of node.output) if (walk.strides.has(name)) moved.add(name);
  }
  const finer = rebuilt(graph, replaced, moved);
  checkSize(graph, finer, maps.name, step);
  return finer;
}

/** How many input pixels lie between two places of a value, down and across. */
type Stride = readonly [number, number];

/** What is known about a graph. */
interface Walk {
  readonly graph: Graph;
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Of values that have places; the others (weights, pooled features) are absent. */
  readonly strides: ReadonlyMap<string, Stride>;
}

const WINDOWS = ["Conv", "MaxPool", "AveragePool"];
/** They change the number of places in ways that a stride does not tell. */
const RESAMPLERS = ["Resize", "Upsample", "ConvTranspose", "DepthToSpace", "SpaceToDepth", "LpPool", "Unpool"];
/** Steps that treat every place alike, whatever their number. */
const ANYWHERE = new Set(
  (
    "Relu LeakyRelu Clip Sigmoid Tanh HardSigmoid HardSwish Elu Selu Celu PRelu Softplus Softsign Gelu Mish Swish Erf " +
    "Exp Log Sqrt Reciprocal Neg Abs Identity Dropout Cast BatchNormalization LRN Add Sub Mul Div Pow Min Max Sum Mean " +
    "Concat Split GlobalAveragePool GlobalMaxPool GlobalLpPool ReduceMean ReduceMax ReduceSum Shape QuantizeLinear " +
    "DequantizeLinear InstanceNormalization GroupNormalization"
  ).split(" "),
);

function cannot(why: string): CamlabError {
  return new CamlabError(`cannot make this network's maps finer: ${why}; open it with its own maps`);
}

function stridesOf(graph: Graph): Map<string, Stride> {
  const shapes = inferShapes(graph);
  const strides = new Map<string, Stride>(graph.inputs.map(({ name }) => [name, [1, 1]]));
  for (const node of graph.nodes) {
    const inputs = node.input.map((name) => strides.get(name)).filter((stride) => stride !== undefined);
    if (inputs.length === 0) continue;
    const widest = inputs.reduce((a, b) => (b[0] * b[1] > a[0] * a[1] ? b : a));
    const own = WINDOWS.includes(node.opType) ? strideOf(node) : [1, 1];
    for (const name of node.output) {
      if (name !== "" && hasPlaces(node, shapes.get(name))) strides.set(name, [widest[0] * own[0], widest[1] * own[1]]);
    }
  }
  return strides;
}

/** Pooling over the whole map leaves no places, nor does flattening. */
function hasPlaces(node: NodeProto, shape: Shape | undefined): boolean {
  if (node.opType.startsWith("Global") || node.opType === "Flatten" || node.opType === "Shape") return false;
  if (shape === undefined) return !node.opType.startsWith("Reduce");
  if (shape.length < 4) return false;
  const single = shape[2] === 1 && shape[3] === 1;
  return !(single && (node.opType.startsWith("Reduce") || node.opType.endsWith("Pool")));
}

/** The nodes that lead to the last maps and take the last step to their coarseness. */
function lastStrides({ graph, strides }: Walk, maps: string, final: Stride): NodeProto[] {
  const found: NodeProto[] = [];
  const seen = new Set<NodeProto>();
  const waiting = [maps];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const node = graph.producer(name);
    if (!node || seen.has(node)) continue;
    seen.add(node);
    if (RESAMPLERS.includes(node.opType) && strides.has(name)) throw cannot(`"${nodeLabel(node)}" is a ${node.opType}`);
    const steps = WINDOWS.includes(node.opType) && strideOf(node).some((step) => step > 1);
    if (steps && String(strides.get(name)) === String(final)) found.push(node);
    waiting.push(...node.input);
  }
  return found;
}

/** The places, down and across, that a window covers, from its first to its last. */
function reachOf(node: NodeProto, shapes: ReadonlyMap<string, Shape>): Stride {
  const kernel = intsAttribute(node, "kernel_shape") ?? shapes.get(node.input[1])?.slice(2).map(Number);
  if (kernel?.length !== 2) throw cannot(`the window of "${nodeLabel(node)}" is not known`);
  const dilations = intsAttribute(node, "dilations") ?? [1, 1];
  return [(kernel[0] - 1) * dilations[0] + 1, (kernel[1] - 1) * dilations[1] + 1];
}

function strideOf(node: NodeProto): Stride {
  const [down, across] = intsAttribute(node, "strides") ?? [1, 1];
  return [down, across ?? 1];
}

/** How many places before the first one the first window begins, down and across. */
function beginsOf(node: NodeProto, shapes: ReadonlyMap<string, Shape>): Stride {
  const auto = textAttribute(node, "auto_pad", "NOTSET");
  if (auto === "VALID") return [0, 0];
  const [top, left] = intsAttribute(node, "pads") ?? [0, 0, 0, 0];
  if (auto === "NOTSET") return [top, left];
  const begin = (axis: 0 | 1) => {
    const size = shapes.get(node.input[0])?.[2 + axis];
    const [stride, reach] = [strideOf(node)[axis], reachOf(node, shapes)[axis]];
    const covered = typeof size === "number" ? (Math.ceil(size / stride) - 1) * stride + reach - size : reach - stride;
    return auto === "SAME_UPPER" ? Math.floor(Math.max(covered, 0) / 2) : Math.ceil(Math.max(covered, 0) / 2);
  };
  return [begin(0), begin(1)];
}

/**
 * Where the windows of the nodes begin once they have no stride: in the middle, unless that would shift parallel
 * branches against each other; then where they began before.
 */
function startsOf(last: readonly NodeProto[], shapes: ReadonlyMap<string, Shape>): Map<NodeProto, Stride> {
  const shifts = last.map((node) => {
    const [before, reach] = [beginsOf(node, shapes), reachOf(node, shapes)];
    return [Math.floor((reach[0] - 1) / 2) - before[0], Math.floor((reach[1] - 1) / 2) - before[1]] as const;
  });
  const agreed = shifts.every((shift) => String(shift) === String(shifts[0]) && shift[0] >= 0 && shift[1] >= 0);
  const [down, across] = agreed ? shifts[0] : [0, 0];
  return new Map(
    last.map((node) => {
      const [top, left] = beginsOf(node, shapes);
      return [node, [top + down, left + across]];
    }),
  );
}

function unstrided(node: NodeProto, shapes: ReadonlyMap<string, Shape>, starts: ReadonlyMap<NodeProto, Stride>) {
  const [top, left] = starts.get(node)!;
  const [high, wide] = reachOf(node, shapes);
  return withAttributes(node, { strides: [1, 1], pads: [top, left, high - 1 - top, wide - 1 - left] });
}

/** A node behind the last stride, as it has to be for more places. */
function dilated(node: NodeProto, { shapes, graph }: Walk, [down, across]: Stride): NodeProto {
  if (!WINDOWS.includes(node.opType)) {
    if (ANYWHERE.has(node.opType)) return node;
    throw cannot(`behind its last stride "${nodeLabel(node)}" (${node.opType}) may depend on the number of places`);
  }
  const [high, wide] = reachOf(node, shapes);
  if (node.opType !== "Conv") {
    const size = shapes.get(node.input[0]);
    if (size?.[2] === high && size[3] === wide) return poolingAll(node);
    const since = node.opType === "MaxPool" ? 10 : 19;
    if (graph.opset < since) {
      throw cannot(
        `"${nodeLabel(node)}" is a ${node.opType} behind its last stride, which has no dilation in its opset ${graph.opset}`,
      );
    }
  }
  if (strideOf(node).some((step) => step > 1)) throw cannot(`"${nodeLabel(node)}" leads elsewhere with a stride`);
  if (high === 1 && wide === 1) return node;
  const [dy, dx] = intsAttribute(node, "dilations") ?? [1, 1];
  const pads = paddingOf(node, [high, wide]);
  return withAttributes(node, {
    dilations: [dy * down, dx * across],
    pads: pads.map((pad, side) => pad * (side % 2 ? across : down)),
  });
}

/** Top, left, bottom, right, of a window without a stride. */
function paddingOf(node: NodeProto, reach: Stride): readonly number[] {
  const auto = textAttribute(node, "auto_pad", "NOTSET");
  if (auto === "NOTSET") return intsAttribute(node, "pads") ?? [0, 0, 0, 0];
  if (auto === "VALID") return [0, 0, 0, 0];
  const before = reach.map((size) => (auto === "SAME_UPPER" ? Math.floor((size - 1) / 2) : Math.ceil((size - 1) / 2)));
  return [...before, ...before.map((pad, axis) => reach[axis] - 1 - pad)];
}

/** A pooling over the whole of the old maps pools the whole of the new ones. */
function poolingAll({ opType, input, output, name }: NodeProto): NodeProto {
  return makeNode(opType === "MaxPool" ? "GlobalMaxPool" : "GlobalAveragePool", input, output, {}, { name });
}

/** The window as it is, but for these attributes; padding is always told in numbers. */
function withAttributes(node: NodeProto, values: Readonly<Record<string, readonly number[]>>): NodeProto {
  const kept = node.attribute.filter(({ name }) => !(name in values) && name !== "auto_pad" && name !== "ceil_mode");
  return changed(node, { attribute: [...kept, ...makeNode("", [], [], values, { name: "" }).attribute] });
}

function rebuilt(graph: Graph, replaced: ReadonlyMap<NodeProto, NodeProto>, moved: ReadonlySet<string>): Graph {
  const proto = graph.model.graph as GraphProto;
  const node = proto.node.map((each) => replaced.get(each) ?? each);
  const valueInfo = proto.valueInfo.filter(({ name }) => !moved.has(name));
  const bare = changedGraph(graph, { node, valueInfo, output: [] });
  const shapes = inferShapes(bare);
  const output = proto.output.map((port) =>
    moved.has(port.name) ? makePort(port.name, shapes.get(port.name), elementTypeOf(graph, port.name)) : port,
  );
  return changedGraph(graph, { node, valueInfo, output });
}

/** A network may pad its input by steps of its own, which then no longer fit. */
function checkSize(graph: Graph, finer: Graph, maps: string, step: Stride): void {
  const [old, found] = [graph, finer].map((each) => inferShapes(each).get(maps));
  for (const axis of [0, 1] as const) {
    const [before, after] = [old?.[2 + axis], found?.[2 + axis]];
    if (typeof before !== "number" || typeof after !== "number") continue;
    if (after > (before - 1) * step[axis] && after < (before + 1) * step[axis]) continue;
    throw cannot(`${before} places would become ${after} rather than about ${before * step[axis]}`);
  }
}
