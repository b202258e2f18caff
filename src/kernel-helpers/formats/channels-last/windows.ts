import type { Dim } from "../../graph/onnx/graph.js";
import { CamlabError } from "../../support/errors.js";
import type { GraphBuilder } from "../graph-builder.js";
import { asPicture, like, type Constant, type Value } from "./value.js";

/** How windows go over a picture. */
export interface Windows {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations?: readonly [number, number];
  /** `same`: as many windows as strides fit, zeros around, one more behind than before where they can't be even. */
  readonly padding: "same" | "valid" | Pads;
}

/** Rows above and below, columns left and right. */
export interface Pads {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** How the windows of a kernel go over a picture. */
type Steps = Omit<Windows, "kernel">;

/** The numbers of a convolution. */
interface Learned {
  readonly kernel: Constant;
  /** One number an output. */
  readonly bias?: Constant;
}

/** A convolution, with a kernel of rows × columns × channels in a group × outputs. */
export function convolution(
  builder: GraphBuilder,
  input: Value,
  learned: Learned,
  windows: Steps,
  name: string,
): Value {
  const { kernel, bias } = learned;
  const [rows, columns, inputs, outputs] = fourSizes(kernel, name);
  const picture = asPicture(builder, input);
  const channels = picture.shape[3];
  if (typeof channels !== "number" || channels % inputs !== 0) {
    throw new CamlabError(`"${name}" has kernels for ${inputs} channels, and reads ${channels}`);
  }
  const weights = permuted(kernel, [3, 2, 0, 1]);
  const group = channels / inputs;
  return convolved(
    builder,
    picture,
    { weights, shape: [outputs, inputs, rows, columns], group, bias },
    { ...windows, kernel: [rows, columns] },
    name,
  );
}

/** A convolution of each channel by itself, with a kernel of rows × columns × channels × outputs of each channel. */
export function depthwise(builder: GraphBuilder, input: Value, learned: Learned, windows: Steps, name: string): Value {
  const { kernel, bias } = learned;
  const [rows, columns, channels, each] = fourSizes(kernel, name);
  const picture = asPicture(builder, input);
  if (picture.shape[3] !== channels) {
    throw new CamlabError(`"${name}" has kernels for ${channels} channels, and reads ${picture.shape[3]}`);
  }
  const weights = permuted(kernel, [2, 3, 0, 1]);
  const parts = { weights, shape: [channels * each, 1, rows, columns], group: channels, bias };
  return convolved(builder, picture, parts, { ...windows, kernel: [rows, columns] }, name);
}

interface Kernels {
  readonly weights: Float32Array;
  readonly shape: readonly number[];
  readonly group: number;
  readonly bias?: Constant;
}

function convolved(
  builder: GraphBuilder,
  picture: Value,
  { weights, shape, group, bias }: Kernels,
  windows: Windows,
  name: string,
): Value {
  const inputs = [picture.name, builder.floats(`${name}/weight`, shape, weights)];
  if (bias) inputs.push(builder.floats(`${name}/bias`, [shape[0]], Float32Array.from(bias.data)));
  const output = builder.node("Conv", inputs, name, { ...windowAttributes(windows), ...(group > 1 && { group }) });
  return like(picture, output, windowed(picture.shape, windows, shape[0]));
}

/** The largest number or the mean of each window; padding is left out of both. */
export function pool(builder: GraphBuilder, kind: "max" | "mean", input: Value, windows: Windows, name: string): Value {
  const picture = asPicture(builder, input);
  const operator = kind === "max" ? "MaxPool" : "AveragePool";
  const output = builder.node(operator, [picture.name], name, windowAttributes(windows));
  return like(picture, output, windowed(picture.shape, windows, picture.shape[3]));
}

/** One number a channel: the mean or the largest of all places. With `keep` two axes of 1 stay. */
export function globalPool(
  builder: GraphBuilder,
  kind: "max" | "mean",
  input: Value,
  name: string,
  keep = false,
): Value {
  const picture = asPicture(builder, input);
  const [batch, , , channels] = picture.shape;
  const pooled = builder.node(
    kind === "max" ? "GlobalMaxPool" : "GlobalAveragePool",
    [picture.name],
    keep ? name : `${name}/pooled`,
  );
  if (keep) return { name: pooled, shape: [batch, 1, 1, channels], isPicture: true };
  return { name: builder.node("Flatten", [pooled], name), shape: [batch, channels], isPicture: false };
}

/** A transposed convolution, with a kernel of rows × columns × outputs × inputs. */
export function transposedConvolution(
  builder: GraphBuilder,
  input: Value,
  { kernel, bias }: Learned,
  { strides, padding }: Steps,
  name: string,
): Value {
  const [rows, columns, outputs, inputs] = fourSizes(kernel, name);
  const picture = asPicture(builder, input);
  const parts = [
    picture.name,
    builder.floats(`${name}/weight`, [inputs, outputs, rows, columns], permuted(kernel, [3, 2, 0, 1])),
  ];
  if (bias) parts.push(builder.floats(`${name}/bias`, [outputs], Float32Array.from(bias.data)));
  const size = [rows, columns];
  // "same" makes pictures exactly strides times as large: what windows reach beyond that is cut, more of it behind.
  const over = size.map((side, i) => (padding === "same" ? side - strides[i] : 0));
  const before = over.map((each) => Math.max(0, Math.floor(each / 2)));
  const after = over.map((each, i) => Math.max(0, each - before[i]));
  const extra = over.map((each) => Math.max(0, -each));
  const output = builder.node("ConvTranspose", parts, name, {
    kernel_shape: size,
    strides,
    pads: [...before, ...after],
    ...(extra.some((each) => each > 0) && { output_padding: extra }),
  });
  const length = (i: number): Dim => {
    const side = picture.shape[i + 1];
    if (typeof side !== "number") return null;
    // Keras adds what strides leave beyond the kernel also where nothing is cut.
    return padding === "same" ? side * strides[i] : (side - 1) * strides[i] + size[i];
  };
  return like(picture, output, [picture.shape[0], length(0), length(1), outputs]);
}

/** The attributes of an operator with windows. */
function windowAttributes({ kernel, strides, dilations = [1, 1], padding }: Windows) {
  const own = { kernel_shape: kernel, strides, ...(dilations.some((each) => each > 1) && { dilations }) };
  // Not as pads of 0: ONNX Runtime would add a Pad before it to them, and refuse what becomes wider than the kernel.
  if (padding === "valid") return { ...own, auto_pad: "VALID" };
  if (padding !== "same") return { ...own, pads: [padding.top, padding.left, padding.bottom, padding.right] };
  // Where every place has a window, pads do not depend on the picture's size; else they are found when it is known.
  if (strides.every((stride, i) => stride === 1 || kernel[i] === 1)) {
    const total = kernel.map((side, i) => (side - 1) * dilations[i]);
    const before = total.map((each) => Math.floor(each / 2));
    return { ...own, pads: [...before, ...total.map((each, i) => each - before[i])] };
  }
  return { ...own, auto_pad: "SAME_UPPER" };
}

function windowed(
  shape: readonly Dim[],
  { kernel, strides, dilations = [1, 1], padding }: Windows,
  channels: Dim,
): Dim[] {
  const sides = [0, 1].map((i): Dim => {
    const size = shape[i + 1];
    if (typeof size !== "number") return null;
    if (padding === "same") return Math.ceil(size / strides[i]);
    const around = padding === "valid" ? 0 : i === 0 ? padding.top + padding.bottom : padding.left + padding.right;
    const count = Math.floor((size + around - (kernel[i] - 1) * dilations[i] - 1) / strides[i]) + 1;
    if (count >= 1) return count;
    throw new CamlabError(`windows of ${kernel.join("×")} do not fit into ${size} places`);
  });
  return [shape[0], ...sides, channels];
}

function fourSizes({ shape, data }: Constant, name: string): [number, number, number, number] {
  const [a, b, c, d] = shape;
  if (shape.length === 4 && a * b * c * d === data.length && data.length > 0) return [a, b, c, d];
  throw new CamlabError(`the kernels of "${name}" are ${shape.join("×")}, four sizes above 0 are needed`);
}

/** Weights with their axes in another order. */
export function permuted({ shape, data }: Constant, order: readonly number[]): Float32Array {
  const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const [sizes, strides] = [order.map((axis) => shape[axis]), order.map((axis) => steps[axis])];
  const result = new Float32Array(data.length);
  const [inner, step] = [sizes[sizes.length - 1], strides[strides.length - 1]];
  const at = new Array<number>(sizes.length - 1).fill(0);
  let from = 0;
  for (let to = 0; to < result.length; to += inner) {
    for (let i = 0; i < inner; i++) result[to + i] = data[from + i * step];
    for (let axis = at.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++at[axis] < sizes[axis]) break;
      from -= sizes[axis] * strides[axis];
      at[axis] = 0;
    }
  }
  return result;
}
