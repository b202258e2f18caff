import { intAttribute, intsAttribute, textAttribute } from "../onnx/attributes.js";
import { integersOf } from "../onnx/constants.js";
import { isStandard, nodeLabel } from "../onnx/graph.js";
import type { NodeProto } from "../onnx/onnx.js";
import { shapeText, type Shape } from "../shapes/shape.js";
import { axesFrom, fromFront } from "../shapes/shape-arithmetic.js";
import type { Tail } from "./norms.js";
import { placesOf, type Places } from "./places.js";
import type { Refused } from "./refused.js";

/** A global pooling, and the maps that it reads. */
export interface FoundPooling extends Places {
  readonly pooling: "average" | "max";
  /** What the pooled value is, over the mean or maximum: the number of places for a sum. */
  readonly factor: number;
  /** The pooled value itself. */
  readonly pooled: string;
}

const REDUCTIONS: ReadonlyMap<string, "average" | "max"> = new Map([
  ["ReduceMean", "average"],
  ["ReduceSum", "average"],
  ["ReduceMax", "max"],
]);

/**
 * The global pooling that ends in this value, in any of its spellings: an operator of its own, a reduction over all
 * places (at once, or one axis after the other; of maps or of tokens), or a pooling whose window covers the whole map.
 * Undefined when the value is not computed by a pooling at all.
 */
export function poolingAt(tail: Tail, name: string): FoundPooling | Refused | undefined {
  const node = tail.graph.producer(name);
  if (!node || !isStandard(node)) return undefined;
  if (node.opType === "GlobalAveragePool" || node.opType === "GlobalMaxPool") {
    const rank = tail.shapes.get(node.input[0])?.length ?? 4;
    return found(tail, node, node.opType === "GlobalMaxPool" ? "max" : "average", node.input[0], axesFrom(2, rank), 1);
  }
  if (node.opType === "AveragePool") return wholeWindow(tail, node, "average");
  if (node.opType === "MaxPool") return node.output[0] === name ? wholeWindow(tail, node, "max") : undefined;
  const pooling = REDUCTIONS.get(node.opType);
  return pooling && reduction(tail, node, pooling);
}

/** A window that covers all places, and perhaps padding around them that does not count. */
function wholeWindow(tail: Tail, node: NodeProto, pooling: "average" | "max"): FoundPooling | Refused {
  const kernel = intsAttribute(node, "kernel_shape") ?? [];
  const [input, output] = [tail.shapes.get(node.input[0]), tail.shapes.get(node.output[0])];
  const sizes = input?.slice(2) ?? kernel.map(() => null);
  const label = `"${nodeLabel(node)}" (${node.opType})`;
  if (sizes.some((size) => typeof size !== "number")) {
    return {
      refused: `${label} has a window of ${kernel.join("×")} on maps of unknown size (export with a fixed size)`,
    };
  }
  const dilated = (intsAttribute(node, "dilations") ?? []).some((d, i) => d !== 1 && kernel[i] !== 1);
  const single = output ? output.slice(2).every((size) => size === 1) : false;
  const pads = intsAttribute(node, "pads") ?? [];
  const automatic = textAttribute(node, "auto_pad", "NOTSET");
  const covers = kernel.every((size, i) => {
    const around = Math.max(0, size - Number(sizes[i]));
    const lower = automatic === "SAME_LOWER" ? Math.ceil(around / 2) : Math.floor(around / 2);
    const before = automatic === "NOTSET" ? (pads[i] ?? 0) : automatic === "VALID" ? 0 : lower;
    return size - before >= Number(sizes[i]);
  });
  const padded = pads.some((pad) => pad !== 0) || automatic.startsWith("SAME");
  const counts = pooling === "average" && padded && intAttribute(node, "count_include_pad", 0) === 1;
  if (kernel.length === 0 || !single || !covers || dilated) {
    return { refused: `${label} pools windows of ${kernel.join("×")} on ${sizes.join("×")} maps, not the whole map` };
  }
  const places = sizes.reduce<number>((product, size) => product * Number(size), 1);
  const window = kernel.reduce((product, size) => product * size, 1);
  return found(tail, node, pooling, node.input[0], axesFrom(2, 2 + kernel.length), counts ? places / window : 1);
}

function reduction(tail: Tail, last: NodeProto, pooling: "average" | "max"): FoundPooling | Refused {
  const chain = [last];
  for (let node = tail.graph.producer(last.input[0]); node?.opType === last.opType;) {
    chain.unshift(node);
    node = tail.graph.producer(node.input[0]);
  }
  const source = chain[0].input[0];
  const shape = tail.shapes.get(source);
  let axesLeft = axesFrom(0, shape?.length ?? 4);
  const reduced: number[] = [];
  for (const node of chain) {
    const listed = intsAttribute(node, "axes") ?? (node.input[1] ? integersOf(tail.graph, node.input[1]) : undefined);
    if (!listed?.length) return refuse(last, "does not say over which axes");
    const gone = listed.map((axis) => fromFront(axis, axesLeft.length));
    reduced.push(...gone.map((axis) => axesLeft[axis] ?? -1).filter((axis) => axis >= 0));
    const keep = intAttribute(node, "keepdims", 1) === 1;
    axesLeft = keep
      ? axesLeft.map((axis, i) => (gone.includes(i) ? -1 : axis))
      : axesLeft.filter((_, i) => !gone.includes(i));
  }
  const axes = [...new Set(reduced)].sort((a, b) => a - b);
  const count = axes.reduce<number>((product, axis) => product * Number(shape?.[axis] ?? NaN), 1);
  if (last.opType === "ReduceSum" && !Number.isFinite(count)) {
    return refuse(last, "sums maps of unknown size (export with a fixed size)");
  }
  return found(tail, last, pooling, source, axes, last.opType === "ReduceSum" ? count : 1);
}

function found(
  tail: Tail,
  node: NodeProto,
  pooling: "average" | "max",
  source: string,
  axes: readonly number[],
  factor: number,
): FoundPooling | Refused {
  const shape: Shape | undefined = tail.shapes.get(source);
  const places = placesOf(tail, source, axes);
  if (!places) {
    const what = shape ? shapeText(shape) : "a value of unknown shape";
    return refuse(node, `of axes ${axes.join()} of ${what} is no pooling of maps`);
  }
  return { ...places, pooling, factor, pooled: node.output[0] };
}

function refuse(node: NodeProto, why: string): Refused {
  return { refused: `"${nodeLabel(node)}" (${node.opType}) ${why}` };
}
