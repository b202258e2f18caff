import { intAttribute, intsAttribute } from "../onnx/attributes.js";
import { integersOf } from "../onnx/constants.js";
import { isStandard, nodeLabel } from "../onnx/graph.js";
import type { Refused, Tail } from "./head-steps.js";
import { shapeText } from "../shapes/infer-shapes.js";
import type { NodeProto } from "../onnx/onnx_pb.js";
import { fromFront } from "../shapes/shape-arithmetic.js";

/** A global pooling, and the maps that it reads. */
export interface FoundPooling {
  readonly pooling: "average" | "max";
  /** The value that is pooled, seen through nodes that only reorder its axes. */
  readonly maps: string;
  /** Order of that value's axes. */
  readonly layout: string;
  /** What the pooled value is, over the mean or maximum: the number of places for a sum. */
  readonly factor: number;
  readonly channels?: number;
  readonly height?: number;
  readonly width?: number;
}

const REDUCTIONS: Readonly<Record<string, "average" | "max">> = {
  ReduceMean: "average",
  ReduceSum: "average",
  ReduceMax: "max",
};

/**
 * The global pooling that ends in this value, in any of its spellings: an operator of its own, a reduction over the
 * two spatial axes (at once, one after the other, or over places that were flattened into one axis), or a pooling
 * whose window is the whole map. Undefined when the value is not computed by a pooling at all.
 */
export function poolingAt(tail: Tail, name: string): FoundPooling | Refused | undefined {
  const node = tail.graph.producer(name);
  if (!node || !isStandard(node)) return undefined;
  if (node.opType === "GlobalAveragePool") return found(tail, "average", node.input[0], "NCHW", 1);
  if (node.opType === "GlobalMaxPool") return found(tail, "max", node.input[0], "NCHW", 1);
  if (node.opType === "AveragePool") return wholeWindow(tail, node, "average");
  if (node.opType === "MaxPool") return wholeWindow(tail, node, "max");
  return Object.hasOwn(REDUCTIONS, node.opType) ? reduction(tail, node) : undefined;
}

function wholeWindow(tail: Tail, node: NodeProto, pooling: "average" | "max"): FoundPooling | Refused {
  const kernel = intsAttribute(node, "kernel_shape") ?? [];
  const shape = tail.shapes.get(node.input[0]);
  const label = `"${nodeLabel(node)}" (${node.opType})`;
  const [height, width] = shape?.slice(2) ?? [];
  if (typeof height !== "number" || typeof width !== "number") {
    return {
      refused: `${label} has a window of ${kernel.join("×")} on maps of unknown size (export with a fixed size)`,
    };
  }
  const dilated = (intsAttribute(node, "dilations") ?? []).some((d, i) => d !== 1 && kernel[i] !== 1);
  const padded = (intsAttribute(node, "pads") ?? []).some((p) => p !== 0);
  if (kernel[0] === height && kernel[1] === width && !padded && !dilated) {
    return found(tail, pooling, node.input[0], "NCHW", 1);
  }
  return { refused: `${label} pools windows of ${kernel.join("×")} on ${height}×${width} maps, not the whole map` };
}

function reduction(tail: Tail, last: NodeProto): FoundPooling | Refused | undefined {
  const chain = [last];
  for (
    let node = tail.graph.producer(last.input[0]);
    node?.opType === last.opType;
    node = tail.graph.producer(node.input[0])
  ) {
    chain.unshift(node);
  }
  const source = unflattened(tail, chain[0].input[0]);
  const shape = tail.shapes.get(source.name);
  const rank = shape?.length ?? 4;
  let labels: (string | undefined)[] = source.flat ? ["0", "1", "23"] : ["0", "1", "2", "3"];
  const reduced: string[] = [];
  for (const node of chain) {
    const axes = intsAttribute(node, "axes") ?? integersOf(tail.graph, node.input[1]);
    if (!axes?.length) return refuse(last, "does not say over which axes");
    const gone = axes.map((axis) => fromFront(axis, labels.length));
    reduced.push(...gone.flatMap((axis) => [...(labels[axis] ?? "")]));
    const keep = intAttribute(node, "keepdims", 1) === 1;
    labels = keep
      ? labels.map((l, i) => (gone.includes(i) ? undefined : l))
      : labels.filter((_, i) => !gone.includes(i));
  }
  const layouts: Readonly<Record<string, string>> = { "2,3": "NCHW", "1,2": "NHWC" };
  const layout = layouts[reduced.sort().join()];
  if (rank !== 4 || !layout) {
    return refuse(
      last,
      `of axes ${reduced.join()} of ${shape ? shapeText(shape) : "a value of unknown shape"} is no pooling of maps`,
    );
  }
  const places = [layout.indexOf("H"), layout.indexOf("W")].map((axis) => shape?.[axis]);
  if (last.opType !== "ReduceSum") return found(tail, REDUCTIONS[last.opType], source.name, layout, 1);
  const count = Number(places[0]) * Number(places[1]);
  if (!Number.isFinite(count)) return refuse(last, "sums maps of unknown size (export with a fixed size)");
  return found(tail, "average", source.name, layout, count);
}

function refuse(node: NodeProto, why: string): Refused {
  return { refused: `"${nodeLabel(node)}" (${node.opType}) ${why}` };
}

/** The maps behind a Reshape or Flatten that made one axis of all places: N×C×(H·W). */
function unflattened({ graph, shapes }: Tail, name: string): { name: string; flat: boolean } {
  const node = graph.producer(name);
  const after = shapes.get(name);
  if (!node || (after && after.length !== 3)) return { name, flat: false };
  const before = shapes.get(node.input[0]);
  const flattens = node.opType === "Reshape" || node.opType === "Flatten";
  const flat = flattens && before?.length === 4 && after?.length === 3 && before[1] === after[1];
  return flat ? { name: node.input[0], flat } : { name, flat: false };
}

function found(
  tail: Tail,
  pooling: "average" | "max",
  pooled: string,
  pooledLayout: string,
  factor: number,
): FoundPooling | Refused {
  let [maps, layout] = [pooled, pooledLayout];
  for (let node = tail.graph.producer(maps); node; node = tail.graph.producer(maps)) {
    if (node.opType === "Transpose") {
      const perm = intsAttribute(node, "perm");
      if (perm?.length !== 4) break;
      const before = [...layout];
      perm.forEach((axis, i) => (before[axis] = layout[i]));
      if (before.join("") !== "NCHW" && before.join("") !== "NHWC") break;
      layout = before.join("");
    } else if (node.opType !== "Identity" && node.opType !== "Dropout") break;
    maps = node.input[0];
  }
  const shape = tail.shapes.get(maps);
  if (shape && shape.length !== 4)
    return { refused: `the pooling reads ${shapeText(shape)}, not maps of two dimensions` };
  const size = (axis: string) => {
    const dim = shape?.[layout.indexOf(axis)];
    return typeof dim === "number" ? dim : undefined;
  };
  return { pooling, maps, layout, factor, channels: size("C"), height: size("H"), width: size("W") };
}
