import { attribute, intAttribute, intsAttribute, textAttribute } from "../onnx/attributes.js";
import type { Dim } from "../onnx/graph.js";
import { allNumbers, type Shape, type ShapeContext } from "./shape.js";
import { broadcast, fromFront, product, ratio, sliceLength, windowCount } from "./shape-arithmetic.js";
import { tensorDims } from "../onnx/tensor.js";

type Shapes = readonly (Shape | undefined)[] | undefined;
type Rule = (context: ShapeContext) => Shapes;

const one = (shape: Shape | undefined): Shapes => shape && [shape];

const same: Rule = ({ node, shape }) => node.output.map((_, index) => (index === 0 ? shape(0) : undefined));

const elementwise: Rule = ({ node, shape }) => {
  const shapes = node.input.map((_, index) => shape(index));
  return shapes.every((s) => s !== undefined) ? [shapes.reduce<Shape>(broadcast, [])] : undefined;
};

const convolution = (weights: number): Rule => {
  return (context) => {
    const kernel = context.shape(weights);
    const input = context.shape(0);
    if (!input || !kernel) return undefined;
    return one([input[0], kernel[0], ...windows(context, input, kernel.slice(2))]);
  };
};

const pool: Rule = (context) => {
  const input = context.shape(0);
  if (!input) return undefined;
  const shape = [input[0], input[1], ...windows(context, input, intsAttribute(context.node, "kernel_shape") ?? [])];
  return context.node.output.map(() => shape);
};

const globalPool: Rule = ({ shape }) => one(shape(0)?.map((dim, axis) => (axis < 2 ? dim : 1)));

const reduce: Rule = (context) => {
  const input = context.shape(0);
  if (!input) return undefined;
  const listed = axesOf(context, 1);
  if (listed === "unknown") return undefined;
  const noop = intAttribute(context.node, "noop_with_empty_axes", 0) === 1;
  const axes = listed?.length
    ? listed.map((axis) => fromFront(axis, input.length))
    : noop
      ? []
      : input.map((_, i) => i);
  const keep = intAttribute(context.node, "keepdims", 1) === 1;
  return one(input.map((dim, i) => (axes.includes(i) ? (keep ? 1 : -1) : dim)).filter((dim) => dim !== -1));
};

const argument: Rule = ({ node, shape }) => {
  const input = shape(0);
  if (!input) return undefined;
  const axis = fromFront(intAttribute(node, "axis", 0), input.length);
  const keep = intAttribute(node, "keepdims", 1) === 1;
  return one(keep ? input.map((dim, i) => (i === axis ? 1 : dim)) : input.filter((_, i) => i !== axis));
};

const SAME_SHAPE = (
  "Relu LeakyRelu Clip Sigmoid Tanh HardSigmoid HardSwish Elu Selu Celu PRelu Softplus Softsign Gelu Mish Swish Erf Exp Log " +
  "Sqrt Reciprocal Neg Abs Floor Ceil Round Sign Sin Cos Not Identity Dropout Cast CastLike Softmax LogSoftmax Hardmax " +
  "BatchNormalization InstanceNormalization LayerNormalization GroupNormalization RMSNormalization LRN LpNormalization " +
  "MeanVarianceNormalization QuantizeLinear DequantizeLinear ThresholdedRelu Shrink CumSum"
).split(" ");
const ELEMENTWISE =
  "Add Sub Mul Div Pow Min Max Sum Mean Mod And Or Xor Equal Less LessOrEqual Greater GreaterOrEqual Where".split(" ");
const REDUCTIONS = "Mean Sum Max Min Prod L1 L2 LogSum LogSumExp SumSquare".split(" ").map((name) => `Reduce${name}`);

/** The shapes of a node's outputs, by operator. */
export const SHAPE_RULES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(SAME_SHAPE.map((op) => [op, same])),
  ...Object.fromEntries(ELEMENTWISE.map((op) => [op, elementwise])),
  ...Object.fromEntries(REDUCTIONS.map((op) => [op, reduce])),
  ArgMax: argument,
  ArgMin: argument,
  Conv: convolution(1),
  ConvInteger: convolution(1),
  QLinearConv: convolution(3),
  ConvTranspose: convTranspose,
  MaxPool: pool,
  AveragePool: pool,
  LpPool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  GlobalLpPool: globalPool,
  Gemm: ({ node, shape }) => {
    const [a, b] = [shape(0), shape(1)];
    if (!a || !b) return undefined;
    return one([a[intAttribute(node, "transA", 0) ? 1 : 0], b[intAttribute(node, "transB", 0) ? 0 : 1]]);
  },
  MatMul: ({ shape }) => one(matMul(shape(0), shape(1))),
  MatMulInteger: ({ shape }) => one(matMul(shape(0), shape(1))),
  QLinearMatMul: ({ shape }) => one(matMul(shape(0), shape(3))),
  Concat: concat,
  Reshape: reshape,
  Flatten: ({ node, shape }) => {
    const input = shape(0);
    if (!input) return undefined;
    const axis = fromFront(intAttribute(node, "axis", 1), input.length);
    return one([product(input.slice(0, axis)), product(input.slice(axis))]);
  },
  Pad: pad,
  Transpose: ({ node, shape }) => {
    const input = shape(0);
    return (
      input && one((intsAttribute(node, "perm") ?? input.map((_, i) => input.length - 1 - i)).map((i) => input[i]))
    );
  },
  Slice: slice,
  Split: split,
  Squeeze: (context) => {
    const input = context.shape(0);
    const axes = axesOf(context, 1);
    if (!input || axes === "unknown" || (!axes && !allNumbers(input))) return undefined;
    const gone = axes?.map((axis) => fromFront(axis, input.length));
    return one(input.filter((dim, i) => (gone ? !gone.includes(i) : dim !== 1)));
  },
  Unsqueeze: (context) => {
    const input = context.shape(0);
    const axes = axesOf(context, 1);
    if (!input || !axes || axes === "unknown") return undefined;
    const rank = input.length + axes.length;
    if (rank > 64) return undefined;
    const added = axes.map((axis) => fromFront(axis, rank));
    const rest = [...input];
    return one(Array.from({ length: rank }, (_, i) => (added.includes(i) ? 1 : (rest.shift() ?? null))));
  },
  Shape: ({ node, shape }) => {
    const input = shape(0);
    return input && one([input.slice(intAttribute(node, "start", 0), endOf(node, input.length)).length]);
  },
  Size: () => one([]),
  Gather: ({ node, shape }) => {
    const [data, indices] = [shape(0), shape(1)];
    if (!data || !indices) return undefined;
    const axis = fromFront(intAttribute(node, "axis", 0), data.length);
    return one([...data.slice(0, axis), ...indices, ...data.slice(axis + 1)]);
  },
  Constant: ({ node }) => {
    const tensor = attribute(node, "value")?.t;
    if (tensor) return one(tensorDims(tensor));
    const list = attribute(node, "value_ints")?.ints ?? attribute(node, "value_floats")?.floats;
    return one(list ? [list.length] : []);
  },
  ConstantOfShape: ({ value }) => one(value(0)),
  Expand: ({ shape, value }) => {
    const [input, target] = [shape(0), value(1)];
    return input && target && one(broadcast(input, target));
  },
  Tile: ({ shape, value }) => {
    const [input, repeats] = [shape(0), value(1)];
    return input && repeats && one(input.map((dim, i) => product([dim, repeats[i]])));
  },
  Range: ({ value }) => {
    const [start, limit, delta] = [value(0)?.[0], value(1)?.[0], value(2)?.[0]];
    const known = typeof start === "number" && typeof limit === "number" && typeof delta === "number";
    return one([known ? Math.max(0, Math.ceil((limit - start) / delta)) : null]);
  },
  Resize: resize,
  Upsample: ({ shape, value, node }) => one(scaled(shape(0), value(1) ?? attribute(node, "scales")?.floats)),
  DepthToSpace: ({ node, shape }) => one(regroup(shape(0), intAttribute(node, "blocksize", 1))),
  SpaceToDepth: ({ node, shape }) => one(regroup(shape(0), 1 / intAttribute(node, "blocksize", 1))),
};

function endOf({ attribute: attributes }: ShapeContext["node"], rank: number): number {
  const end = attributes.find(({ name }) => name === "end");
  return end ? Number(end.i) : rank;
}

/** Axes from an attribute (older operator sets) or an input; undefined when the node gives none. */
function axesOf({ node, value }: ShapeContext, index: number): readonly number[] | "unknown" | undefined {
  const listed = intsAttribute(node, "axes");
  if (listed) return listed;
  if (!node.input[index]) return undefined;
  const given = value(index);
  return given && allNumbers(given) ? given : "unknown";
}

function windows({ node }: ShapeContext, input: Shape, kernel: Shape): Dim[] {
  const spatial = input.length - 2;
  const strides = intsAttribute(node, "strides");
  const dilations = intsAttribute(node, "dilations");
  const pads = intsAttribute(node, "pads");
  const autoPad = textAttribute(node, "auto_pad", "NOTSET");
  return Array.from({ length: spatial }, (_, i) => {
    const size = input[i + 2];
    const length = kernel[i];
    if (typeof size !== "number" || typeof length !== "number") return null;
    return windowCount({
      size,
      kernel: length,
      stride: strides?.[i] ?? 1,
      dilation: dilations?.[i] ?? 1,
      before: pads?.[i] ?? 0,
      after: pads?.[i + spatial] ?? 0,
      autoPad,
      ceil: intAttribute(node, "ceil_mode", 0) === 1,
    });
  });
}

function convTranspose({ node, shape }: ShapeContext): Shapes {
  const [input, kernel] = [shape(0), shape(1)];
  if (!input || !kernel) return undefined;
  const spatial = input.length - 2;
  const fixed = intsAttribute(node, "output_shape");
  const same = textAttribute(node, "auto_pad", "NOTSET").startsWith("SAME");
  const at = (name: string, i: number, fallback: number) => intsAttribute(node, name)?.[i] ?? fallback;
  const sizes = Array.from({ length: spatial }, (_, i): Dim => {
    if (fixed) return fixed[i];
    const [size, length] = [input[i + 2], kernel[i + 2]];
    if (typeof size !== "number" || typeof length !== "number") return null;
    const stride = at("strides", i, 1);
    if (same) return size * stride;
    const reach = (length - 1) * at("dilations", i, 1) + 1;
    const pads = at("pads", i, 0) + at("pads", i + spatial, 0);
    return stride * (size - 1) + at("output_padding", i, 0) + reach - pads;
  });
  return one([input[0], product([kernel[1], intAttribute(node, "group", 1)]), ...sizes]);
}

function matMul(a: Shape | undefined, b: Shape | undefined): Shape | undefined {
  if (!a || !b || a.length === 0 || b.length === 0) return undefined;
  const rows = a.length === 1 ? [] : [a[a.length - 2]];
  const columns = b.length === 1 ? [] : [b[b.length - 1]];
  return [...broadcast(a.slice(0, -2), b.slice(0, -2)), ...rows, ...columns];
}

function concat({ node, shape }: ShapeContext): Shapes {
  const shapes = node.input.map((_, index) => shape(index));
  const first = shapes[0];
  if (!first) return undefined;
  const axis = fromFront(intAttribute(node, "axis", 1), first.length);
  const sizes = shapes.map((s) => s?.[axis] ?? null);
  const total = sizes.reduce<Dim>(
    (sum, size) => (typeof sum === "number" && typeof size === "number" ? sum + size : null),
    0,
  );
  return one(first.map((dim, i) => (i === axis ? (sizes.length === 1 ? dim : total) : dim)));
}

function reshape({ node, shape, value }: ShapeContext): Shapes {
  const input = shape(0);
  const target = value(1) ?? intsAttribute(node, "shape");
  if (!target) {
    const rank = shape(1)?.[0];
    return typeof rank === "number" && rank <= 64 ? one(new Array<Dim>(rank).fill(null)) : undefined;
  }
  const allowZero = intAttribute(node, "allowzero", 0) === 1;
  const dims = target.map((dim, i): Dim => (dim === 0 && !allowZero ? (input?.[i] ?? null) : dim));
  const open = dims.indexOf(-1);
  if (open < 0) return one(dims);
  const rest = dims.filter((_, i) => i !== open);
  return one(dims.map((dim, i) => (i === open ? quotient(input, rest) : dim)));
}

/** What `-1` stands for: all of `input` divided by the other sizes, symbols that stand on both sides struck out. */
function quotient(input: Shape | undefined, rest: readonly Dim[]): Dim {
  if (!input) return null;
  const left = [...input];
  const below = rest.filter((dim) => {
    const twin = typeof dim === "string" ? left.indexOf(dim) : -1;
    if (twin >= 0) left.splice(twin, 1);
    return twin < 0;
  });
  return ratio(product(left), product(below));
}

function pad({ node, shape, value }: ShapeContext): Shapes {
  const input = shape(0);
  const pads = intsAttribute(node, "pads") ?? value(1);
  if (!input || !pads || !allNumbers(pads)) return undefined;
  const given = value(3);
  const axes = given && allNumbers(given) ? given.map((a) => fromFront(a, input.length)) : input.map((_, i) => i);
  return one(
    input.map((dim, axis) => {
      const at = axes.indexOf(axis);
      if (at < 0) return dim;
      const added = pads[at] + pads[at + axes.length];
      return added === 0 ? dim : typeof dim === "number" ? dim + added : null;
    }),
  );
}

function slice({ node, shape, value }: ShapeContext): Shapes {
  const input = shape(0);
  const starts = intsAttribute(node, "starts") ?? value(1);
  const ends = intsAttribute(node, "ends") ?? value(2);
  if (!input) return undefined;
  if (!starts || !ends) return one(input.map(() => null));
  const axes = intsAttribute(node, "axes") ?? value(3) ?? starts.map((_, i) => i);
  const steps = value(4) ?? starts.map(() => 1);
  const dims = [...input];
  axes.forEach((axisGiven, i) => {
    const axis = fromFront(Number(axisGiven), input.length);
    const [size, start, end, step] = [dims[axis], starts[i], ends[i], steps[i]];
    const known = [size, start, end, step].every((n) => typeof n === "number");
    dims[axis] = known ? sliceLength(Number(size), Number(start), Number(end), Number(step)) : null;
  });
  return one(dims);
}

function split({ node, shape, value }: ShapeContext): Shapes {
  const input = shape(0);
  if (!input) return undefined;
  const axis = fromFront(intAttribute(node, "axis", 0), input.length);
  const size = input[axis];
  const count = node.output.length;
  const sizes = intsAttribute(node, "split") ?? value(1);
  const chunk = typeof size === "number" ? Math.ceil(size / count) : null;
  return node.output.map((_, part) => {
    const last = typeof size === "number" && chunk !== null ? size - chunk * (count - 1) : null;
    const length = sizes ? sizes[part] : part === count - 1 ? last : chunk;
    return input.map((dim, i) => (i === axis ? length : dim));
  });
}

function resize({ node, shape, value, opset }: ShapeContext): Shapes {
  const input = shape(0);
  if (!input) return undefined;
  if (opset < 11) return one(scaled(input, value(1)));
  const axes = intsAttribute(node, "axes")?.map((axis) => (axis < 0 ? axis + input.length : axis));
  /** What is given of some axes, beside what the others have. */
  const spread = (given: Shape | undefined, others: Shape) =>
    given && axes ? others.map((dim, i) => (axes.includes(i) ? given[axes.indexOf(i)] : dim)) : given;
  const sizes = value(3);
  if (sizes?.length) {
    const isStretch = textAttribute(node, "keep_aspect_ratio_policy", "stretch") === "stretch";
    return isStretch ? one(spread(sizes, input)) : undefined;
  }
  return one(
    scaled(
      input,
      spread(
        value(2),
        input.map(() => 1),
      ),
    ),
  );
}

function scaled(input: Shape | undefined, scales: Shape | undefined): Shape | undefined {
  if (!input || scales?.length !== input.length) return undefined;
  return input.map((dim, i) => {
    const scale = scales[i];
    if (scale === 1) return dim;
    return typeof dim === "number" && typeof scale === "number" ? Math.floor(dim * scale) : null;
  });
}

function regroup(input: Shape | undefined, block: number): Shape | undefined {
  if (!input) return undefined;
  const factors = [1, 1 / (block * block), block, block];
  return input.map((dim, i) => (i === 0 ? dim : typeof dim === "number" ? Math.round(dim * factors[i]) : null));
}
