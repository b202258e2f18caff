import { intAttribute, intsAttribute } from "../onnx/attributes.js";
import type { Dim } from "../onnx/graph.js";
import { allNumbers, type Shape, type ShapeContext } from "./infer-shapes.js";
import { fromFront, product } from "./shape-arithmetic.js";
import { tensorNumbers } from "../onnx/tensor.js";

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

const undivided = (a: Dim, b: Dim): Dim => (b === 1 ? a : null);
const quotient = arithmetic((a, b) => a / b, undivided);
const wholeQuotient = arithmetic((a, b) => Math.trunc(a / b), undivided);

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
  Cast: ({ node, value }) => {
    const whole = ![1, 10, 11, 16].includes(intAttribute(node, "to", 1));
    return value(0)?.map((dim) => (whole && typeof dim === "number" ? Math.trunc(dim) : dim));
  },
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
    const list = value(0);
    const starts = intsAttribute(node, "starts") ?? value(1);
    const ends = intsAttribute(node, "ends") ?? value(2);
    if (!list || shape(0)?.length !== 1 || !starts || !ends || !allNumbers(starts) || !allNumbers(ends))
      return undefined;
    const step = value(4)?.[0] ?? 1;
    return step === 1 ? list.slice(starts[0], ends[0]) : undefined;
  },
  ConstantOfShape: ({ node, value }) => {
    const count = value(0)?.[0];
    const fill = node.attribute.find(({ name }) => name === "value")?.t;
    if (typeof count !== "number" || count > 64 || (value(0)?.length ?? 0) !== 1) return undefined;
    return new Array<Dim>(count).fill(fill ? tensorNumbers(fill)[0] : 0);
  },
};
