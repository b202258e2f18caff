import { intAttribute, intsAttribute } from "../onnx/attributes.js";
import { integersOf, isConstant } from "../onnx/constants.js";
import { isStandard } from "../onnx/graph.js";
import type { NodeProto } from "../onnx/onnx.js";
import { allNumbers, type Shape } from "../shapes/shape.js";
import { fromFront } from "../shapes/shape-arithmetic.js";
import type { Tail } from "./norms.js";

/** Tokens that go row by row over a grid, from `first` on; those before and behind belong to no place. */
export interface Grid {
  readonly first: number;
  readonly height: number;
  readonly width: number;
}

/**
 * The grid that an axis of tokens goes over, read from the graph: back through steps that treat every token alike, along
 * the residual path, to where rows and columns of maps became one axis. Undefined where that can't be followed.
 */
export function tokenOrder(tail: Tail, value: string, axis: number): Grid | undefined {
  return new Tracer(tail).tokens(value, axis, 0);
}

/** No network is deeper; a damaged one must not exhaust the stack. */
const DEEPEST = 2000;

/** As many steps in place are looked through to find the reshape that another one undoes. */
const LONGEST_DETOUR = 8;

/** Steps that leave each token where it is. */
const IN_PLACE = new Set(
  (
    "Identity Dropout Cast Relu LeakyRelu Clip Sigmoid Tanh HardSigmoid HardSwish Elu Selu Celu PRelu Softplus Softsign Gelu " +
    "Mish Swish Erf Exp Log Sqrt Reciprocal Neg Abs Pow BatchNormalization LayerNormalization RMSNormalization " +
    "InstanceNormalization GroupNormalization SimplifiedLayerNormalization LpNormalization QuantizeLinear DequantizeLinear"
  ).split(" "),
);
const JOINING = new Set(["Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Where"]);
const SLIDING = new Set(["Conv", "MaxPool", "AveragePool", "QLinearConv", "ConvInteger"]);

class Tracer {
  readonly #tokens = new Map<string, Grid | undefined>();
  readonly #pairs = new Map<string, boolean>();

  constructor(readonly tail: Tail) {}

  /** The grid of an axis of a value. */
  tokens(value: string, axis: number, depth: number): Grid | undefined {
    const key = `${axis} ${value}`;
    if (this.#tokens.has(key)) return this.#tokens.get(key);
    this.#tokens.set(key, undefined);
    const node = this.tail.graph.producer(value);
    const found = node && depth < DEEPEST ? this.#tokensBehind(node, axis, depth + 1) : undefined;
    this.#tokens.set(key, found);
    return found;
  }

  #tokensBehind(node: NodeProto, axis: number, depth: number): Grid | undefined {
    const { opType, input } = node;
    if (IN_PLACE.has(opType)) return this.tokens(input[0], axis, depth);
    if (JOINING.has(opType)) return this.#firstOf(node, axis, depth);
    if (!isStandard(node)) return undefined;
    const rank = this.#shape(node.output[0])?.length;
    switch (opType) {
      case "MatMul":
        if (rank === undefined) return undefined;
        if (axis < rank - 2) return this.#firstOf(node, axis, depth);
        return this.tokens(input[axis === rank - 2 ? 0 : 1], axis, depth);
      case "Transpose": {
        const perm = intsAttribute(node, "perm");
        return perm && this.tokens(input[0], perm[axis], depth);
      }
      case "Softmax":
        return this.tokens(input[0], axis, depth);
      case "Reshape":
      case "Flatten":
      case "Squeeze":
      case "Unsqueeze":
        return this.#throughReshape(node, axis, depth);
      case "Slice":
        return this.#throughSlice(node, axis, depth);
      case "Split":
        return this.#throughSplit(node, axis, depth);
      case "Concat":
        return this.#throughConcat(node, axis, depth);
      case "Gather": {
        const [data, indices] = [this.#shape(input[0]), this.#shape(input[1])];
        const along = data && fromFront(intAttribute(node, "axis", 0), data.length);
        if (along === undefined || !indices) return undefined;
        if (axis < along) return this.tokens(input[0], axis, depth);
        return axis >= along + indices.length ? this.tokens(input[0], axis - indices.length + 1, depth) : undefined;
      }
      default:
        return undefined;
    }
  }

  /** Of values that meet, the first whose order can be followed: they are in one order, or they would not meet. */
  #firstOf(node: NodeProto, axis: number, depth: number): Grid | undefined {
    const rank = this.#shape(node.output[0])?.length;
    const size = this.#shape(node.output[0])?.[axis];
    for (const name of node.input) {
      const shape = name === "" ? undefined : this.#shape(name);
      if (!shape || rank === undefined || isConstant(this.tail.graph, name)) continue;
      const own = axis - rank + shape.length;
      if (own < 0 || shape[own] !== size) continue;
      const found = this.tokens(name, own, depth);
      if (found) return found;
    }
    return undefined;
  }

  #throughReshape(node: NodeProto, axis: number, depth: number): Grid | undefined {
    const [before, after] = [this.#shape(node.input[0]), this.#shape(node.output[0])];
    const undone = after && this.#undoneBy(node.input[0], after);
    if (undone !== undefined) return this.tokens(undone, axis, depth);
    const from = before && after && originOf(before, after, axis);
    if (!from) return undefined;
    if (from.length === 1) return this.tokens(node.input[0], from[0], depth);
    const wide = from.filter((each) => before[each] !== 1);
    if (wide.length === 1) return this.tokens(node.input[0], wide[0], depth);
    const [rows, columns] = from;
    const [height, width] = [before[rows], before[columns]];
    if (from.length !== 2 || typeof height !== "number" || typeof width !== "number") return undefined;
    return this.#areRowsAndColumns(node.input[0], rows, columns, depth) ? { first: 0, height, width } : undefined;
  }

  /** The value of the same shape that was reshaped only for steps in place: a batch normalisation of all tokens of all photos. */
  #undoneBy(value: string, shape: Shape): string | undefined {
    let node = this.tail.graph.producer(value);
    for (let step = 0; node && step < LONGEST_DETOUR; step++) {
      const [name] = node.input;
      if (node.opType === "Reshape" || node.opType === "Flatten")
        return this.#shape(name)?.join() === shape.join() ? name : undefined;
      if (!IN_PLACE.has(node.opType)) return undefined;
      node = this.tail.graph.producer(name);
    }
    return undefined;
  }

  #throughSlice(node: NodeProto, axis: number, depth: number): Grid | undefined {
    const { graph } = this.tail;
    const rank = this.#shape(node.input[0])?.length;
    const list = (name: string, index: number) => intsAttribute(node, name) ?? integersOf(graph, node.input[index]);
    const starts = list("starts", 1);
    const steps = node.input[4] ? integersOf(graph, node.input[4]) : undefined;
    if (!starts || rank === undefined) return undefined;
    const axes = (list("axes", 3) ?? starts.map((_, i) => i)).map((each) => fromFront(each, rank));
    const grid = this.tokens(node.input[0], axis, depth);
    const at = axes.indexOf(axis);
    if (at < 0 || !grid) return grid;
    if (starts[at] < 0 || (steps?.[at] ?? 1) !== 1 || starts[at] > grid.first) return undefined;
    const size = this.#shape(node.output[0])?.[axis];
    const whole = typeof size === "number" && size >= grid.first - starts[at] + grid.height * grid.width;
    return whole ? { ...grid, first: grid.first - starts[at] } : undefined;
  }

  #throughSplit(node: NodeProto, axis: number, depth: number): Grid | undefined {
    const rank = this.#shape(node.input[0])?.length;
    if (rank === undefined || fromFront(intAttribute(node, "axis", 0), rank) === axis) return undefined;
    return this.tokens(node.input[0], axis, depth);
  }

  #throughConcat(node: NodeProto, axis: number, depth: number): Grid | undefined {
    const rank = this.#shape(node.output[0])?.length;
    if (rank === undefined) return undefined;
    if (fromFront(intAttribute(node, "axis", 0), rank) !== axis) return this.#firstOf(node, axis, depth);
    let offset = 0;
    for (const name of node.input) {
      const grid = this.tokens(name, axis, depth);
      if (grid) return { ...grid, first: grid.first + offset };
      const size = this.#shape(name)?.[axis];
      if (typeof size !== "number") return undefined;
      offset += size;
    }
    return undefined;
  }

  /** Whether two axes are the rows and columns of maps. */
  #areRowsAndColumns(value: string, rows: number, columns: number, depth: number): boolean {
    const key = `${rows} ${columns} ${value}`;
    const known = this.#pairs.get(key);
    if (known !== undefined) return known;
    this.#pairs.set(key, false);
    const node = this.tail.graph.producer(value);
    const found = node !== undefined && depth < DEEPEST && this.#pairBehind(node, rows, columns, depth + 1);
    this.#pairs.set(key, found);
    return found;
  }

  #pairBehind(node: NodeProto, rows: number, columns: number, depth: number): boolean {
    const { opType, input } = node;
    const shape = this.#shape(node.output[0]);
    if (SLIDING.has(opType)) return rows === 2 && columns === 3;
    if (IN_PLACE.has(opType)) return this.#areRowsAndColumns(input[0], rows, columns, depth);
    if (JOINING.has(opType) || opType === "Concat") {
      return input.some((name) => {
        const own = name === "" || isConstant(this.tail.graph, name) ? undefined : this.#shape(name);
        const fits =
          own?.length === shape?.length && own?.[rows] === shape?.[rows] && own?.[columns] === shape?.[columns];
        return fits && this.#areRowsAndColumns(name, rows, columns, depth);
      });
    }
    if (opType === "Transpose") {
      const perm = intsAttribute(node, "perm");
      return perm !== undefined && this.#areRowsAndColumns(input[0], perm[rows], perm[columns], depth);
    }
    if (opType === "Slice") {
      return this.#keepsRowsAndColumns(node, rows, columns) && this.#areRowsAndColumns(input[0], rows, columns, depth);
    }
    if (opType === "MatMul" && shape && Math.max(rows, columns) < shape.length - 1) {
      return this.#areRowsAndColumns(input[0], rows, columns, depth);
    }
    if (opType !== "Reshape") return false;
    const before = this.#shape(input[0]);
    if (!before || !shape) return false;
    const [r, c] = [originOf(before, shape, rows), originOf(before, shape, columns)];
    if (r?.length === 1 && c?.length === 1) return this.#areRowsAndColumns(input[0], r[0], c[0], depth);
    // Tokens that become rows and columns again.
    const split = splitOf(before, shape, rows, columns);
    const grid = split === undefined ? undefined : this.tokens(input[0], split, depth);
    return grid !== undefined && grid.first === 0 && grid.height === shape[rows] && grid.width === shape[columns];
  }

  /** Whether a slice keeps every n-th row and column from the first on, as LeViT's queries: n may be 1. */
  #keepsRowsAndColumns({ input, output }: NodeProto, rows: number, columns: number): boolean {
    const { graph } = this.tail;
    const [before, after] = [this.#shape(input[0]), this.#shape(output[0])];
    const [starts, axes] = [1, 3].map((index) => integersOf(graph, input[index]));
    const steps = input[4] ? integersOf(graph, input[4]) : undefined;
    if (!before || !after || !starts || !axes) return false;
    return axes.every((each, i) => {
      const axis = fromFront(each, before.length);
      if (axis !== rows && axis !== columns) return true;
      const [step, size] = [steps?.[i] ?? 1, before[axis]];
      return starts[i] === 0 && step > 0 && typeof size === "number" && after[axis] === Math.ceil(size / step);
    });
  }

  #shape(name: string): Shape | undefined {
    return this.tail.shapes.get(name);
  }
}

/**
 * Which axes before a reshape make up one axis after it, outermost first; undefined when it is but a part of one. Sizes
 * that are symbols, or not known, stand for the batch, which both shapes begin with.
 */
function originOf(before: Shape, after: Shape, axis: number): number[] | undefined {
  const groups = groupsOf(before, after);
  const group = groups?.find(({ to }) => to.includes(axis));
  if (!group) return undefined;
  const wide = group.to.filter((each) => after[each] !== 1);
  return wide.length === 1 && wide[0] === axis ? group.from : undefined;
}

/** The one axis before a reshape that became two axes after it. */
function splitOf(before: Shape, after: Shape, rows: number, columns: number): number | undefined {
  const group = groupsOf(before, after)?.find(({ to }) => to.includes(rows));
  const wide = group?.to.filter((each) => after[each] !== 1 || each === rows || each === columns);
  const from = group?.from.filter((each) => before[each] !== 1);
  return wide?.join() === `${rows},${columns}` && from?.length === 1 ? from[0] : undefined;
}

interface Group {
  readonly from: number[];
  readonly to: number[];
}

/** Runs of axes before and after a reshape that hold the same numbers. */
function groupsOf(before: Shape, after: Shape): Group[] | undefined {
  const groups: Group[] = [];
  let [i, j] = [0, 0];
  if (typeof before[0] !== "number" || typeof after[0] !== "number") {
    if (before[0] !== after[0] && !(before[0] === null || after[0] === null)) return undefined;
    groups.push({ from: [0], to: [0] });
    [i, j] = [1, 1];
  }
  if (!allNumbers(before.slice(i)) || !allNumbers(after.slice(j))) return undefined;
  while (i < before.length && j < after.length) {
    const group: Group = { from: [i], to: [j] };
    let [left, right] = [Number(before[i++]), Number(after[j++])];
    while (left !== right) {
      if (left < right && i < before.length) {
        left *= Number(before[i]);
        group.from.push(i++);
      } else if (right < left && j < after.length) {
        right *= Number(after[j]);
        group.to.push(j++);
      } else return undefined;
    }
    groups.push(group);
  }
  const last = groups.at(-1);
  for (; i < before.length; i++) if (before[i] !== 1 || !last?.from.push(i)) return undefined;
  for (; j < after.length; j++) if (after[j] !== 1 || !last?.to.push(j)) return undefined;
  return groups;
}
