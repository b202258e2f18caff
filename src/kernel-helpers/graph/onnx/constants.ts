import { attribute, floatAttribute, intAttribute, intsAttribute, tensorAttribute } from "./attributes.js";
import { isStandard, type Graph } from "./graph.js";
import type { NodeProto } from "./onnx_pb.js";
import { elementCount, isFloat, roundToHalf, tensorDims, tensorNumbers, type Numbers } from "./tensor.js";

/** Numbers that are known without running the graph, row-major. */
export interface Constant {
  readonly dims: readonly number[];
  readonly data: Numbers;
}

type Rule = (node: NodeProto, input: (index: number) => Constant | undefined) => Constant | undefined;

/**
 * The value behind a name when it is a constant: an initializer, a Constant node, or either seen through nodes that
 * only move, convert or dequantise it. Undefined when it depends on the input.
 *
 * @example
 * constantOf(net, "fc.weight_transposed")?.dims; // [512, 1000]
 */
export function constantOf(graph: Graph, name: string): Constant | undefined {
  return isConstant(graph, name) ? computed(graph, name, new Map()) : undefined;
}

/** Each value once, however many of the nodes between read it. */
function computed(graph: Graph, name: string, known: Map<string, Constant | undefined>): Constant | undefined {
  if (known.has(name)) return known.get(name);
  known.set(name, undefined);
  const tensor = graph.initializer(name);
  const node = tensor ? undefined : graph.producer(name);
  let value: Constant | undefined;
  if (tensor) value = { dims: tensorDims(tensor), data: tensorNumbers(tensor) };
  else if (node?.output[0] === name) {
    value = RULES.get(node.opType)?.(node, (index) =>
      node.input[index] ? computed(graph, node.input[index], known) : undefined,
    );
  }
  // A rule given sizes or axes that do not fit the data makes no value.
  if (value && !(elementCount(value.dims) === value.data.length && value.dims.every((dim) => dim >= 0)))
    value = undefined;
  known.set(name, value);
  return value;
}

/** Nodes in a row between a stored constant and its reader; more are no preparation of weights. */
const LONGEST = 64;
const heights = new WeakMap<Graph, Map<string, number>>();

/** Whether `constantOf` would look for a value, without computing it. */
export function isConstant(graph: Graph, name: string): boolean {
  const known = heights.get(graph) ?? new Map<string, number>();
  heights.set(graph, known);
  return heightOf(graph, name, known, 0) <= LONGEST;
}

/** The most nodes in a row from a stored constant to a value; `Infinity` when it depends on the photo. */
function heightOf(graph: Graph, name: string, known: Map<string, number>, depth: number): number {
  const found = known.get(name);
  if (found !== undefined) return found;
  if (graph.initializer(name)) return 0;
  const node = graph.producer(name);
  if (!node || depth > LONGEST || !isStandard(node) || !RULES.has(node.opType)) return Infinity;
  let highest = 0;
  for (const input of node.input) {
    if (input !== "") highest = Math.max(highest, heightOf(graph, input, known, depth + 1));
    if (highest > LONGEST) break;
  }
  // Where the walk was given up for its length, a shorter one may still find it.
  if (highest < Infinity || depth === 0) known.set(name, highest + 1);
  return highest + 1;
}

/** A constant of a single number; a large one is not computed to be counted. */
export function numberOf(graph: Graph, name: string): number | undefined {
  if (!isConstant(graph, name)) return undefined;
  for (let at = name, left = LONGEST; left > 0; left--) {
    const tensor = graph.initializer(at);
    if (tensor && elementCount(tensorDims(tensor)) !== 1) return undefined;
    const node = graph.producer(at);
    if (tensor || !node || !KEEPING.has(node.opType)) break;
    at = node.input[0];
  }
  const data = constantOf(graph, name)?.data;
  return data?.length === 1 ? data[0] : undefined;
}

const KEEPING = new Set([
  "Identity",
  "Dropout",
  "Cast",
  "Transpose",
  "Reshape",
  "Flatten",
  "Squeeze",
  "Unsqueeze",
  "DequantizeLinear",
]);

/** A constant of whole numbers, such as axes. */
export function integersOf(graph: Graph, name: string | undefined): number[] | undefined {
  const constant = name ? constantOf(graph, name) : undefined;
  return constant && Array.from(constant.data);
}

const same: Rule = (_node, input) => input(0);

/** How each operator that may stand between a stored constant and its reader changes it. */
const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>(
  Object.entries({
    Constant: constantNode,
    Identity: same,
    Dropout: same,
    Cast: (node, input) => {
      const value = input(0);
      const to = intAttribute(node, "to", 1);
      if (!value || to === 1 || to === 11) return value;
      return { dims: value.dims, data: Float64Array.from(value.data, isFloat(to) ? roundToHalf : Math.trunc) };
    },
    Transpose: (node, input) => transposed(input(0), intsAttribute(node, "perm")),
    Reshape: (_node, input) => {
      const [value, shape] = [input(0), input(1)];
      return value && shape && reshaped(value, Array.from(shape.data));
    },
    Flatten: (node, input) => {
      const value = input(0);
      if (!value) return undefined;
      const axis = intAttribute(node, "axis", 1);
      const split = axis < 0 ? axis + value.dims.length : axis;
      return { dims: [value.dims.slice(0, split), value.dims.slice(split)].map(elementCount), data: value.data };
    },
    Squeeze: (node, input) => {
      const value = input(0);
      if (!value) return undefined;
      const axes = axesOf(node, input(1), value.dims.length);
      return { dims: value.dims.filter((dim, axis) => (axes ? !axes.includes(axis) : dim !== 1)), data: value.data };
    },
    Unsqueeze: (node, input) => {
      const value = input(0);
      if (!value) return undefined;
      const count = intsAttribute(node, "axes")?.length ?? input(1)?.data.length ?? 0;
      const axes = axesOf(node, input(1), value.dims.length + count) ?? [];
      const rest = [...value.dims];
      const dims = Array.from({ length: rest.length + axes.length }, (_, axis) =>
        axes.includes(axis) ? 1 : (rest.shift() ?? 1),
      );
      return { dims, data: value.data };
    },
    DequantizeLinear: (node, input) => dequantized(input(0), input(1), input(2), intAttribute(node, "axis", 1)),
    Add: (_node, input) => elementwise(input(0), input(1), (a, b) => a + b),
    Sub: (_node, input) => elementwise(input(0), input(1), (a, b) => a - b),
    Mul: (_node, input) => elementwise(input(0), input(1), (a, b) => a * b),
    Div: (_node, input) => elementwise(input(0), input(1), (a, b) => a / b),
    Sqrt: (_node, input) => mapped(input(0), Math.sqrt),
    Reciprocal: (_node, input) => mapped(input(0), (a) => 1 / a),
  } satisfies Record<string, Rule>),
);

function constantNode(node: NodeProto): Constant | undefined {
  const tensor = tensorAttribute(node, "value");
  if (tensor) return { dims: tensorDims(tensor), data: tensorNumbers(tensor) };
  const ints = attribute(node, "value_ints")?.ints;
  if (ints) return { dims: [ints.length], data: Float64Array.from(ints, Number) };
  const floats = attribute(node, "value_floats")?.floats;
  if (floats) return { dims: [floats.length], data: Float32Array.from(floats) };
  if (attribute(node, "value_int")) return { dims: [], data: Float64Array.of(intAttribute(node, "value_int", 0)) };
  if (attribute(node, "value_float")) {
    return { dims: [], data: Float32Array.of(floatAttribute(node, "value_float", 0)) };
  }
  return undefined;
}

/** Axes from the attribute of older operator sets or the input of newer ones, counted from the front. */
function axesOf(node: NodeProto, input: Constant | undefined, rank: number): number[] | undefined {
  const axes = intsAttribute(node, "axes") ?? (input && Array.from(input.data));
  return axes?.map((axis) => (axis < 0 ? axis + rank : axis));
}

function reshaped(value: Constant, shape: readonly number[]): Constant {
  const dims = shape.map((dim, axis) => (dim === 0 ? (value.dims[axis] ?? 0) : dim));
  const known = elementCount(dims.filter((dim) => dim !== -1));
  return { dims: dims.map((dim) => (dim === -1 ? value.data.length / known : dim)), data: value.data };
}

function transposed(value: Constant | undefined, perm: readonly number[] | undefined): Constant | undefined {
  if (!value) return undefined;
  const rank = value.dims.length;
  const order = perm ?? value.dims.map((_, axis) => rank - 1 - axis);
  if ([...order].sort((a, b) => a - b).some((axis, i) => axis !== i) || order.length !== rank) return undefined;
  const dims = order.map((axis) => value.dims[axis]);
  const strides = stridesOf(value.dims);
  const moved = order.map((axis) => strides[axis]);
  const data = new (value.data.constructor as new (length: number) => Numbers)(value.data.length);
  const index = new Array<number>(rank).fill(0);
  for (let out = 0, from = 0; out < data.length; out++) {
    data[out] = value.data[from];
    for (let axis = rank - 1; axis >= 0; axis--) {
      from += moved[axis];
      if (++index[axis] < dims[axis]) break;
      from -= moved[axis] * dims[axis];
      index[axis] = 0;
    }
  }
  return { dims, data };
}

function stridesOf(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length);
  for (let axis = dims.length - 1, stride = 1; axis >= 0; stride *= dims[axis--]) strides[axis] = stride;
  return strides;
}

function dequantized(
  value: Constant | undefined,
  scale: Constant | undefined,
  zero: Constant | undefined,
  axisGiven: number,
): Constant | undefined {
  if (!value || !scale || scale.dims.length > 1) return undefined;
  const axis = axisGiven < 0 ? axisGiven + value.dims.length : axisGiven;
  const inner = elementCount(value.dims.slice(axis + 1));
  const channels = scale.data.length;
  const data = Float32Array.from(value.data, (q, i) => {
    const channel = channels === 1 ? 0 : Math.floor(i / inner) % channels;
    return (q - (zero?.data[channel] ?? 0)) * scale.data[channel];
  });
  return { dims: value.dims, data };
}

/** Only what weights need: equal shapes, or one side a single number. */
function elementwise(
  a: Constant | undefined,
  b: Constant | undefined,
  compute: (a: number, b: number) => number,
): Constant | undefined {
  if (!a || !b) return undefined;
  const [one, two] = [a.data.length === 1, b.data.length === 1];
  if (!one && !two && a.dims.join() !== b.dims.join()) return undefined;
  const large = one ? b : a;
  const data = Float64Array.from(large.data, (_, i) => compute(a.data[one ? 0 : i], b.data[two ? 0 : i]));
  return { dims: large.dims.length === 0 ? (one ? a : b).dims : large.dims, data };
}

function mapped(value: Constant | undefined, compute: (a: number) => number): Constant | undefined {
  return value && { dims: value.dims, data: Float64Array.from(value.data, compute) };
}
