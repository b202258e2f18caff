import { elementCount } from "../../../graph/onnx/tensor.js";
import { axisOf, inputOf, learned, problem, type Convert } from "./conversion.js";

/** Every number of a picture times weights, num_output × inputs (inputs × num_output where transposed). */
export const innerProduct: Convert = (conversion) => {
  const { builder, layer } = conversion;
  const fields = layer.fields.message("inner_product_param");
  const outputs = fields.number("num_output", 0);
  const input = inputOf(conversion);
  if (axisOf(conversion, fields.number("axis", 1), input) !== 1) {
    throw problem(layer, "it multiplies only the last axes, which is not supported");
  }
  const { dims, data } = learned(conversion, 0);
  const inputs = elementCount(dims) / outputs;
  if (!(outputs > 0 && Number.isInteger(inputs))) {
    throw problem(layer, `its weights are ${dims.join("×")}, which do not fit ${outputs} outputs`);
  }
  const transposed = fields.flag("transpose", false);
  const shape = transposed ? [inputs, outputs] : [outputs, inputs];
  const flat = builder.shapeOf(input)?.length === 2 ? input : builder.node("Flatten", [input], `${layer.name}.flat`);
  const parts = [flat, builder.floats(`${layer.name}.weight`, shape, data)];
  if (fields.flag("bias_term", true))
    parts.push(builder.floats(`${layer.name}.bias`, [outputs], learned(conversion, 1).data));
  return [builder.node("Gemm", parts, layer.name, transposed ? {} : { transB: 1 })];
};

/** Values behind each other along an axis. */
export const concat: Convert = (conversion) => {
  const { builder, layer, inputs } = conversion;
  const fields = layer.fields.message("concat_param");
  const axis = fields.number("axis", fields.number("concat_dim", 1));
  inputOf(conversion);
  return [builder.node("Concat", inputs, layer.name, { axis })];
};

/** Products, weighted sums or maxima of values. */
export const eltwise: Convert = (conversion) => {
  const { builder, layer, inputs } = conversion;
  const fields = layer.fields.message("eltwise_param");
  const operation = fields.text("operation", "SUM");
  inputOf(conversion);
  if (operation === "MAX") return [builder.node("Max", inputs, layer.name)];
  const coefficients = fields.numbers("coeff");
  if (coefficients.length > 0 && (operation !== "SUM" || coefficients.length !== inputs.length)) {
    throw problem(layer, `it has ${coefficients.length} coefficients for ${inputs.length} values`);
  }
  const terms = inputs.map((input, i) => {
    const factor = coefficients[i] ?? 1;
    if (factor === 1) return input;
    return builder.node("Mul", [input, builder.number(`${layer.name}.coeff`, factor)], `${layer.name}.term`);
  });
  const operator = OPERATIONS.get(operation);
  if (operator === undefined) throw problem(layer, `operation ${operation} is not known`);
  const rest = terms.slice(1);
  return [
    rest.reduce(
      (sum, term, i) => builder.node(operator, [sum, term], i === rest.length - 1 ? layer.name : `${layer.name}.part`),
      terms[0],
    ),
  ];
};

const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ["PROD", "Mul"],
  ["SUM", "Add"],
]);

/** Axes from `axis` to `end_axis` made one. */
export const flatten: Convert = (conversion) => {
  const { builder, layer } = conversion;
  const fields = layer.fields.message("flatten_param");
  const input = inputOf(conversion);
  const axis = axisOf(conversion, fields.number("axis", 1), input);
  const end = fields.number("end_axis", -1);
  if (axis === 1 && end === -1) return [builder.node("Flatten", [input], layer.name)];
  const axes = builder.shapeOf(input)?.length;
  if (axes === undefined) throw problem(layer, "the shape of what it reads is not known");
  const last = end < 0 ? axes + end : end;
  if (!(axis <= last && last < axes)) throw problem(layer, `it has no axes ${axis} to ${last}`);
  // One of the sizes is left open, and is what remains.
  const shape = [...new Array<number>(axis).fill(0), -1];
  for (let i = last + 1; i < axes; i++) {
    const size = builder.shapeOf(input)?.[i];
    if (typeof size !== "number") throw problem(layer, "the shape of what it reads is not known");
    shape.push(size);
  }
  return [builder.node("Reshape", [input, builder.wholeNumbers(`${layer.name}.shape`, shape)], layer.name)];
};

/** Other sizes for the axes from `axis` on: 0 keeps one, −1 is what remains. */
export const reshape: Convert = (conversion) => {
  const { builder, layer } = conversion;
  const fields = layer.fields.message("reshape_param");
  const input = inputOf(conversion);
  const dims = fields.message("shape").numbers("dim");
  const axis = fields.number("axis", 0);
  const replaced = fields.number("num_axes", -1);
  const known = builder.shapeOf(input);
  if (axis === 0 && replaced === -1) return [reshaped(dims)];
  if (known === undefined) throw problem(layer, "the shape of what it reads is not known");
  const from = axis < 0 ? known.length + axis + 1 : axis;
  const to = replaced === -1 ? known.length : from + replaced;
  const size = (i: number) => {
    const value = known[i];
    if (typeof value === "number") return value;
    if (i === 0) return 0;
    throw problem(layer, "the shape of what it reads is not known");
  };
  const kept = (start: number, end: number) => known.slice(start, end).map((_, i) => size(start + i));
  const given = dims.map((dim, i) => (dim === 0 ? size(from + i) : dim));
  return [reshaped([...kept(0, from), ...given, ...kept(to, known.length)])];

  /** The first size of a network's description is how many pictures it was tried with. */
  function reshaped(shape: readonly number[]): string {
    const open = shape[0] > 0 ? [0, ...shape.slice(1)] : shape;
    return builder.node("Reshape", [input, builder.wholeNumbers(`${layer.name}.shape`, open)], layer.name);
  }
};

/** Parts of a value along an axis. */
export const slice: Convert = (conversion) => {
  const { builder, layer } = conversion;
  const fields = layer.fields.message("slice_param");
  const axis = fields.number("axis", fields.number("slice_dim", 1));
  const input = inputOf(conversion);
  const points = fields.numbers("slice_point");
  const { tops } = layer;
  if (points.length === 0) return builder.nodes("Split", [input], tops, { axis });
  if (points.length !== tops.length - 1)
    throw problem(layer, `it has ${points.length} points for ${tops.length} parts`);
  const list = (name: string, value: number) => builder.wholeNumbers(`${layer.name}.${name}`, [value]);
  return tops.map((top, i) => {
    const ends = [list("start", points[i - 1] ?? 0), list("end", points[i] ?? 2 ** 31 - 1), list("axis", axis)];
    return builder.node("Slice", [input, ...ends], top);
  });
};
