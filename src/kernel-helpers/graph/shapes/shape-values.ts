import { attribute, floatAttribute, intAttribute, intsAttribute, tensorAttribute } from "../onnx/attributes.js";
import type { Dim } from "../onnx/graph.js";
import { allNumbers, type Shape, type ShapeContext } from "./shape.js";
import { fromFront, product, ratio, sliceLength } from "./shape-arithmetic.js";
import { elementCount, tensorDims, tensorNumbers } from "../onnx/tensor.js";

type Rule = (context: ShapeContext) => Shape | undefined;

const same: Rule = ({ value }) => value(0);

function arithmetic(compute: (a: number, b: number) => number, withSymbol?: (a: Dim, b: Dim) => Dim): Rule {
  return ({ value }) => {
    const [a, b] = [value(0), value(1)];
    if (!a || !b || (a.length !== b.length && a.length !== 1 && b.length !== 1)) return undefined;
    const length = a.length === 1 ? b.length : a.length;
    return Array.from({ length }, (_, i): Dim => {
      const [one, two] = [a[a.length === 1 ? 0 : i], b[b.length === 1 ? 0 : i]];
      if (typeof one === "number" && typeof two === "number") return compute(one, two);
      return withSymbol?.(one, two) ?? null;
    });
  };
}

const each = (compute: (a: number) => number): Rule => {
  return ({ value }) => value(0)?.map((dim) => (typeof dim === "number" ? compute(dim) : dim));
};

const quotient = arithmetic((a, b) => a / b, ratio);
const wholeQuotient = arithmetic((a, b) => Math.trunc(a / b), ratio);
const comparison = (compute: (a: number, b: number) => boolean) => arithmetic((a, b) => Number(compute(a, b)));

/** Elements of a short list with axes: those at the given places of each axis, in a new order of axes. */
function picked(
  list: Shape,
  dims: readonly number[],
  kept: readonly (readonly number[])[],
  order: readonly number[],
): Shape | undefined {
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((a, b) => a * b, 1));
  if (list.length !== dims.reduce((a, b) => a * b, 1) || order.some((axis) => dims[axis] === undefined))
    return undefined;
  let places = [0];
  order.forEach((axis, i) => {
    places = places.flatMap((place) => kept[i].map((index) => place + index * strides[axis]));
  });
  return places.map((place) => list[place] ?? null);
}

/** The elements of a short list (a shape, axes, scales) that a node computes, by operator. */
export const VALUE_RULES: Readonly<Record<string, Rule>> = {
  Shape: ({ node, shape }) => {
    const end = node.attribute.find(({ name }) => name === "end");
    return shape(0)?.slice(intAttribute(node, "start", 0), end ? Number(end.i) : undefined);
  },
  Size: ({ shape }) => {
    const input = shape(0);
    return input && [product(input)];
  },
  Identity: same,
  Squeeze: same,
  Unsqueeze: same,
  Reshape: same,
  Flatten: same,
  Transpose: ({ node, shape, value }) => {
    const [list, dims] = [value(0), shape(0)];
    if (!list || !dims || !allNumbers(dims)) return undefined;
    const perm = intsAttribute(node, "perm") ?? dims.map((_, i) => dims.length - 1 - i);
    return picked(
      list,
      dims,
      perm.map((axis) => Array.from({ length: dims[axis] }, (_, i) => i)),
      perm,
    );
  },
  Cast: ({ node, value }) => {
    const whole = ![1, 10, 11, 16].includes(intAttribute(node, "to", 1));
    return value(0)?.map((dim) => (whole && typeof dim === "number" ? Math.trunc(dim) : dim));
  },
  Constant: ({ node }) => {
    const tensor = tensorAttribute(node, "value");
    if (tensor) return elementCount(tensorDims(tensor)) <= 64 ? Array.from(tensorNumbers(tensor)) : undefined;
    const ints = intsAttribute(node, "value_ints");
    if (ints) return ints.length <= 64 ? ints : undefined;
    return attribute(node, "value_int") ? [intAttribute(node, "value_int", 0)] : undefined;
  },
  Clip: (context) => {
    const { node, value } = context;
    const bound = (index: number, name: string, open: number) =>
      node.input[index] ? value(index)?.[0] : floatAttribute(node, name, open);
    const [low, high] = [bound(1, "min", -Infinity), bound(2, "max", Infinity)];
    if (typeof low !== "number" || typeof high !== "number") return undefined;
    return each((a) => Math.min(Math.max(a, low), high))(context);
  },
  Relu: each((a) => Math.max(a, 0)),
  Abs: each(Math.abs),
  Floor: each(Math.floor),
  Ceil: each(Math.ceil),
  Neg: each((a) => -a),
  Add: arithmetic(
    (a, b) => a + b,
    (a, b) => (b === 0 ? a : a === 0 ? b : null),
  ),
  Sub: arithmetic(
    (a, b) => a - b,
    (a, b) => (b === 0 ? a : null),
  ),
  Mul: arithmetic(
    (a, b) => a * b,
    (a, b) => product([a, b]),
  ),
  Div: (context) => (context.whole(0) && context.whole(1) ? wholeQuotient : quotient)(context),
  Greater: comparison((a, b) => a > b),
  GreaterOrEqual: comparison((a, b) => a >= b),
  Less: comparison((a, b) => a < b),
  LessOrEqual: comparison((a, b) => a <= b),
  Not: each((a) => Number(a === 0)),
  And: comparison((a, b) => a !== 0 && b !== 0),
  Or: comparison((a, b) => a !== 0 || b !== 0),
  Range: ({ value }) => {
    const [start, limit, delta] = [value(0)?.[0], value(1)?.[0], value(2)?.[0]];
    if (typeof start !== "number" || typeof limit !== "number" || typeof delta !== "number" || delta === 0)
      return undefined;
    const count = Math.max(0, Math.ceil((limit - start) / delta));
    return count <= 64 ? Array.from({ length: count }, (_, i) => start + i * delta) : undefined;
  },
  Expand: ({ shape, value }) => {
    const [list, dims] = [value(0), value(1)];
    if (list?.length !== 1 || !dims || !allNumbers(dims) || (shape(0)?.length ?? 0) > dims.length) return undefined;
    const count = Number(product(dims));
    return count <= 64 ? new Array<Dim>(count).fill(list[0]) : undefined;
  },
  Mod: arithmetic((a, b) => ((a % b) + b) % b),
  Min: arithmetic(Math.min),
  Max: arithmetic(Math.max),
  Equal: arithmetic(
    (a, b) => Number(a === b),
    (a, b) => (a === b && a !== null ? 1 : a === -1 || b === -1 ? 0 : null),
  ),
  Where: ({ value }) => {
    const [condition, yes, no] = [value(0), value(1), value(2)];
    if (!condition || !yes || !no) return undefined;
    const length = Math.max(condition.length, yes.length, no.length);
    const at = (list: Shape, i: number) => list[list.length === 1 ? 0 : i];
    return Array.from({ length }, (_, i): Dim => {
      const chosen = at(condition, i);
      return chosen === null ? null : chosen ? at(yes, i) : at(no, i);
    });
  },
  ReduceProd: ({ value }) => {
    const list = value(0);
    return list && [product(list)];
  },
  Concat: ({ node, value }) => {
    const parts = node.input.map((_, i) => value(i));
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  },
  Gather: ({ node, shape, value }) => {
    const [list, indices] = [value(0), value(1)];
    if (!list || !indices || shape(0)?.length !== 1 || intAttribute(node, "axis", 0) !== 0) return undefined;
    return indices.map((index) => (typeof index === "number" ? (list[fromFront(index, list.length)] ?? null) : null));
  },
  Slice: ({ node, shape, value }) => {
    const [list, dims] = [value(0), shape(0)];
    const starts = intsAttribute(node, "starts") ?? value(1);
    const ends = intsAttribute(node, "ends") ?? value(2);
    if (!list || !dims || !allNumbers(dims) || !starts || !ends || !allNumbers(starts) || !allNumbers(ends))
      return undefined;
    const axes = intsAttribute(node, "axes") ?? value(3) ?? starts.map((_, i) => i);
    const steps = value(4) ?? starts.map(() => 1);
    if (!allNumbers(axes) || !allNumbers(steps)) return undefined;
    const kept = dims.map((size) => Array.from({ length: size }, (_, i) => i));
    axes.forEach((given, i) => {
      const axis = fromFront(given, dims.length);
      const [size, step] = [dims[axis], steps[i]];
      const length = sliceLength(size, starts[i], ends[i], step);
      const clamped = starts[i] < 0 ? starts[i] + size : starts[i];
      const first = Math.min(Math.max(clamped, 0), step > 0 ? size : size - 1);
      if (length >= 0 && length <= size) kept[axis] = Array.from({ length }, (_, k) => first + k * step);
    });
    return picked(
      list,
      dims,
      kept,
      dims.map((_, i) => i),
    );
  },
  ConstantOfShape: ({ node, value }) => {
    const count = value(0)?.[0];
    const fill = node.attribute.find(({ name }) => name === "value")?.t;
    if (typeof count !== "number" || count > 64 || (value(0)?.length ?? 0) !== 1) return undefined;
    return new Array<Dim>(count).fill(fill ? tensorNumbers(fill)[0] : 0);
  },
};
