import type { Box } from "../../images/box.js";
import { intAttribute, intsAttribute, textAttribute } from "../onnx/attributes.js";
import { integersOf } from "../onnx/constants.js";
import { type Graph, isStandard } from "../onnx/graph.js";
import { inferShapes } from "./infer-shapes.js";
import type { Shape } from "./shape.js";
import type { NodeProto } from "../onnx/onnx.js";
import { fromFront, samePadding } from "./shape-arithmetic.js";

/** What one cell of a value can see of the input, along one axis. */
export interface FieldAxis {
  /** Input pixels from one cell to the next. */
  readonly step: number;
  /** The first input pixel that cell 0 can see; below 0 where padding begins. */
  readonly first: number;
  /** Pixels that a cell can see: `Infinity` when every cell sees all of the input. */
  readonly size: number;
  /**
   * The first pixel that some cell sees and the last, when layers leave pixels at the edges unread: a window of 3 by 2 over
   * 112 cells stops one cell short.
   */
  readonly read?: readonly [first: number, last: number];
}

/** The receptive field of a value's cells on the network's input grid. */
export interface ReceptiveField {
  readonly x: FieldAxis;
  readonly y: FieldAxis;
}

/**
 * What each cell of a convolutional value can see of the input, computed from the graph: kernels, strides, dilations and
 * padding of every path from the input. A squeeze-and-excite branch or a pooling over the whole map makes a field
 * infinite.
 *
 * With F the field of a layer's input, a window of k places, dilation d, stride s and padding p before the axis gives
 * first' = first − p·step, size' = size + (k − 1)·d·step, step' = s·step; where paths meet, the field spans them all.
 *
 * @param value name of a value with a row and a column axis, such as the GAP head's feature maps
 * @returns undefined when the value has no such axes, or an operator's effect on them is not known
 * @example
 * graph.receptiveField(net, network.head.featureMaps.name); // { x: { step: 16, first: -33, size: 83 }, y: … }
 */
export function receptiveField(graph: Graph, value: string): ReceptiveField | undefined {
  const shapes = inferShapes(graph, { N: 1 });
  const fields = new Map<string, Placed>();
  for (const { name, dims } of graph.inputs) {
    if (dims?.length === 4) fields.set(name, { axes: [2, 3], spans: [onePixel(dims[2]), onePixel(dims[3])] });
  }
  for (const node of graph.nodes) {
    const found = isStandard(node) ? fieldAfter(graph, node, fields, shapes) : undefined;
    if (found) for (const output of node.output) fields.set(output, found);
    if (node.output.includes(value)) break;
  }
  const found = fields.get(value);
  if (!found || found.axes.some((axis) => axis === GONE)) return undefined;
  const [y, x] = found.spans.map(({ step, low, high, least, most, pixels }): FieldAxis => {
    const all = least <= 0 && most >= pixels - 1;
    return { step, first: low, size: high - low + 1, ...(!all && { read: [least, most] }) };
  });
  return { x, y };
}

/**
 * The part of the input that one cell sees, in pixels of the input grid, cut to it.
 *
 * @param input the size of the network's input
 * @example
 * graph.fieldBox(field, 7, 7, { width: 224, height: 224 });
 */
export function fieldBox(
  { x, y }: ReceptiveField,
  column: number,
  row: number,
  input: { readonly width: number; readonly height: number },
): Box {
  const [left, right] = seen(x, column, input.width);
  const [top, bottom] = seen(y, row, input.height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function seen({ step, first, size, read }: FieldAxis, cell: number, length: number): [number, number] {
  const [from, to] = read ? [read[0], read[1] + 1] : [0, length];
  if (!Number.isFinite(size)) return [from, to];
  const start = first + cell * step;
  return [Math.max(from, start), Math.min(to, start + size)];
}

/** Along one axis: cell i sees input pixels i·step + low to i·step + high, but none before `least` or after `most`. */
interface Span {
  readonly step: number;
  readonly low: number;
  readonly high: number;
  readonly least: number;
  readonly most: number;
  /** Of the input. */
  readonly pixels: number;
}

/** The fields of a value, and which of its axes are rows and columns. */
interface Placed {
  readonly axes: readonly [number, number];
  readonly spans: readonly [Span, Span];
}

function onePixel(size: unknown): Span {
  const pixels = typeof size === "number" ? size : Infinity;
  return { step: 1, low: 0, high: 0, least: 0, most: pixels - 1, pixels };
}

/** Each cell sees all that some cell sees. */
function all(span: Span): Span {
  return { ...span, step: 1, low: -Infinity, high: Infinity };
}

/** Stands for an axis that was pooled away. */
const GONE = -1;

const WINDOWED: ReadonlySet<string> = new Set(["Conv", "MaxPool", "AveragePool", "LpPool"]);
const WHOLE: ReadonlySet<string> = new Set(["GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"]);
const REDUCING = /^Reduce/;
const PRODUCTS: ReadonlySet<string> = new Set(["MatMul", "Gemm"]);

function fieldAfter(
  graph: Graph,
  node: NodeProto,
  fields: ReadonlyMap<string, Placed>,
  shapes: ReadonlyMap<string, Shape>,
): Placed | undefined {
  const known = node.input.flatMap((name) => fields.get(name) ?? []);
  if (known.length === 0) return undefined;
  const [first] = known;
  if (WINDOWED.has(node.opType)) return afterWindows(node, first, shapes);
  if (WHOLE.has(node.opType)) return mixed(first);
  if (REDUCING.test(node.opType)) return afterReduction(graph, node, first, shapes);
  if (PRODUCTS.has(node.opType)) return first.axes.includes(rankOf(node, shapes) - 1) ? mixed(first) : first;
  if (node.opType === "Transpose") return afterTranspose(node, first);
  if (node.opType === "Reshape") return afterReshape(node, first, shapes);
  if (node.opType === "Pad") return afterPad(graph, node, first);
  if (node.opType === "Flatten") return mixed(first);
  if (node.opType === "Slice" || node.opType === "Resize" || node.opType === "ConvTranspose") {
    return sameSize(node, first, shapes) ? first : mixed(first);
  }
  return known.reduce(together);
}

function afterWindows(
  node: NodeProto,
  { axes, spans }: Placed,
  shapes: ReadonlyMap<string, Shape>,
): Placed | undefined {
  const kernel = intsAttribute(node, "kernel_shape") ?? kernelOf(shapes.get(node.input[1]));
  if (!kernel) return undefined;
  const [input, output] = [shapes.get(node.input[0]), shapes.get(node.output[0])];
  const strides = intsAttribute(node, "strides");
  const dilations = intsAttribute(node, "dilations");
  const pads = intsAttribute(node, "pads");
  const automatic = textAttribute(node, "auto_pad", "NOTSET");
  const after = spans.map((span, axis): Span => {
    const stride = strides?.[axis] ?? 1;
    const reach = ((kernel[axis] ?? 1) - 1) * (dilations?.[axis] ?? 1);
    const cells = input?.[axes[axis]];
    const before = automatic.startsWith("SAME")
      ? typeof cells === "number"
        ? samePadding(cells, stride, reach + 1, automatic === "SAME_UPPER")[0]
        : 0
      : automatic === "VALID"
        ? 0
        : (pads?.[axis] ?? 0);
    const windows = output?.[axes[axis]];
    const last = typeof windows === "number" ? (windows - 1) * stride - before + reach : Infinity;
    return {
      ...readUpTo(span, Math.max(0, -before), Math.min(typeof cells === "number" ? cells - 1 : Infinity, last)),
      step: span.step * stride,
      low: span.low - before * span.step,
      high: span.high + (reach - before) * span.step,
    };
  });
  return { axes, spans: [after[0], after[1]] };
}

/** What is left of the pixels when only some cells, from the first to the last, are read. */
function readUpTo(span: Span, first: number, last: number): Span {
  const { step, low, high, least, most } = span;
  return { ...span, least: Math.max(least, first * step + low), most: Math.min(most, last * step + high) };
}

function kernelOf(weights: Shape | undefined): number[] | undefined {
  const sizes = weights?.slice(2);
  return sizes?.every((size) => typeof size === "number") ? [...sizes] : undefined;
}

function afterReduction(
  graph: Graph,
  node: NodeProto,
  placed: Placed,
  shapes: ReadonlyMap<string, Shape>,
): Placed | undefined {
  const rank = rankOf(node, shapes);
  const listed = intsAttribute(node, "axes") ?? integersOf(graph, node.input[1]);
  const reduced = (listed ?? Array.from({ length: rank }, (_, i) => i)).map((axis) => fromFront(axis, rank));
  const keeps = intAttribute(node, "keepdims", 1) === 1;
  const spans = placed.spans.map((span, i) => (reduced.includes(placed.axes[i]) ? all(span) : span));
  const axes = placed.axes.map((axis) => {
    if (keeps || axis === GONE) return axis;
    return reduced.includes(axis) ? GONE : axis - reduced.filter((other) => other < axis).length;
  });
  return { axes: [axes[0], axes[1]], spans: [spans[0], spans[1]] };
}

function afterTranspose(node: NodeProto, { axes, spans }: Placed): Placed | undefined {
  const order = intsAttribute(node, "perm");
  if (!order) return undefined;
  return { axes: [order.indexOf(axes[0]), order.indexOf(axes[1])], spans };
}

/** Rows and columns survive where they stay the last two axes, as in a shuffle of channels; else they mix. */
function afterReshape(node: NodeProto, placed: Placed, shapes: ReadonlyMap<string, Shape>): Placed {
  const [before, after] = [shapes.get(node.input[0]), shapes.get(node.output[0])];
  if (!before || !after) return mixed(placed);
  const last = (shape: Shape) => [shape.length - 2, shape.length - 1] as const;
  const [row, column] = last(before);
  const stay =
    placed.axes[0] === row &&
    placed.axes[1] === column &&
    before[row] === after[after.length - 2] &&
    before[column] === after[after.length - 1];
  return stay ? { axes: [...last(after)], spans: placed.spans } : mixed(placed);
}

function afterPad(graph: Graph, node: NodeProto, { axes, spans }: Placed): Placed | undefined {
  const pads = intsAttribute(node, "pads") ?? integersOf(graph, node.input[1]);
  if (!pads) return undefined;
  const after = spans.map((span, i): Span => {
    const before = (pads[axes[i]] ?? 0) * span.step;
    return { ...span, low: span.low - before, high: span.high - before };
  });
  return { axes, spans: [after[0], after[1]] };
}

/** Where two paths meet, a cell sees what either sees. A path that sees everything is one value for the whole map. */
function together(a: Placed, b: Placed): Placed {
  const spans = a.spans.map((span, i): Span => {
    const other = b.spans[i];
    const step = Number.isFinite(span.high) ? span.step : other.step;
    return {
      ...span,
      step,
      low: Math.min(span.low, other.low),
      high: Math.max(span.high, other.high),
      least: Math.min(span.least, other.least),
      most: Math.max(span.most, other.most),
    };
  });
  const axes = a.axes.includes(GONE) ? b.axes : a.axes;
  return { axes, spans: [spans[0], spans[1]] };
}

function mixed({ axes, spans }: Placed): Placed {
  return { axes, spans: [all(spans[0]), all(spans[1])] };
}

function rankOf(node: NodeProto, shapes: ReadonlyMap<string, Shape>): number {
  return shapes.get(node.input[0])?.length ?? 4;
}

function sameSize(node: NodeProto, { axes }: Placed, shapes: ReadonlyMap<string, Shape>): boolean {
  const [before, after] = [shapes.get(node.input[0]), shapes.get(node.output[0])];
  return before !== undefined && after !== undefined && axes.every((axis) => before[axis] === after[axis]);
}
