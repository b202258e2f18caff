import { intAttribute, intsAttribute } from "../../onnx/attributes.js";
import { product } from "../../shapes/shape-arithmetic.js";
import { elementCount } from "../../onnx/tensor.js";
import { refused, sizesOf, unary, type GradientRule, type Step } from "../step.js";
import { spreading, windowsOf, type Windows } from "./windows.js";

/** Gradients of poolings. A maximum that several places share is taken from the first of them, as PyTorch does. */
export const POOLING_RULES: Readonly<Record<string, GradientRule>> = {
  MaxPool: (step) => {
    const { node } = step;
    const kernel = intsAttribute(node, "kernel_shape") ?? [];
    const windows = windowsOf(step, kernel);
    const whole = windows.every((w) => w.count === 1 && w.kernel === w.size && w.before === 0 && w.dilation === 1);
    if (whole) return [globalMaximum(step)];
    const stepByStep = windows.length === 2 && windows.every((w) => w.stride === 1);
    return [stepByStep ? maximumAxisByAxis(step, windows) : maximumOfWindows(step, windows)];
  },
  AveragePool: unary((step, input) => {
    const { node, emit, gradient } = step;
    const windows = windowsOf(step, intsAttribute(node, "kernel_shape") ?? []);
    const padded = intAttribute(node, "count_include_pad", 0) === 1;
    const share = emit.div(gradient, placesOfWindows(step, windows, padded));
    const ones = emit.floats([1, 1, ...kernelOf(windows)], new Array<number>(elementCount(kernelOf(windows))).fill(1));
    const spread = emit.node("ConvTranspose", [channelsApart(step, share, 1, windows), ones], spreading(windows));
    return emit.reshapeLike(spread, input, step.shape(input));
  }),
  GlobalAveragePool: unary((step, input) => {
    const { emit, gradient } = step;
    const places = elementCount(sizesOf(step, input, 2));
    return emit.expandLike(emit.mul(gradient, 1 / places), step.shape(input));
  }),
  GlobalMaxPool: unary(globalMaximum),
};

function globalMaximum(step: Step): string {
  const { node, emit, gradient } = step;
  const input = node.input[0];
  const shape = step.shape(input);
  const channels = product(shape.slice(1, 2));
  const places = elementCount(sizesOf(step, input, 2));
  const flat = emit.reshape(input, [shape[0], channels, places]);
  const first = emit.node("ArgMax", [flat], { axis: 2, keepdims: 1 });
  const chosen = emit.node("Equal", [first, emit.ints(counting(places), [1, 1, places])]);
  return emit.reshapeLike(emit.where(chosen, emit.reshape(gradient, [shape[0], channels, 1])), input, shape);
}

/**
 * Lays the places of every window side by side with a convolution whose kernels each hold a single 1, keeps the
 * gradient at the first maximum, and adds everything up where it came from with the transposed convolution. (MaxPool's
 * own list of positions is not to be had on every device, and overlapping windows would need a newer operator set.)
 */
function maximumOfWindows(step: Step, windows: readonly Windows[]): string {
  const { node, emit, gradient } = step;
  const input = node.input[0];
  const kernel = kernelOf(windows);
  const places = elementCount(kernel);
  const pickers = emit.floats([places, 1, ...kernel], identity(places));
  const images = emit.reshape(input, [null, 1, ...windows.map(({ size }) => size)]);
  const laid = emit.node("Conv", [padded(step, images, windows), pickers], movement(windows));
  const first = emit.node("ArgMax", [laid], { axis: 1, keepdims: 1 });
  const chosen = emit.node("Equal", [first, emit.ints(counting(places), [1, places, ...kernel.map(() => 1)])]);
  const share = emit.where(chosen, channelsApart(step, gradient, 1, windows));
  const spread = emit.node("ConvTranspose", [share, pickers], spreading(windows));
  return emit.reshapeLike(spread, input, step.shape(input));
}

/**
 * For windows that move by one place: first the gradient of the maximum over the rows of a window, then of that over a
 * row's places. The first maximum lies in the first row that holds it, so this gives what `maximumOfWindows` gives, for
 * 2k places a window and not k².
 */
function maximumAxisByAxis(step: Step, [down, across]: readonly Windows[]): string {
  const { node, emit, gradient } = step;
  const input = node.input[0];
  const images = emit.reshape(input, [null, 1, down.size, across.size]);
  const paddedAcross = padded(step, images, [still(down.size), across]);
  const rows = emit.node("MaxPool", [paddedAcross], movement([still(down.size), across]));
  const paddedDown = padded(step, rows, [down, still(across.count)]);
  const apart = channelsApart(step, gradient, 1, [down, across]);
  const ofRows = maximumAlong(step, paddedDown, [down, still(across.count)], 0, apart);
  const ofPlaces = maximumAlong(step, paddedAcross, [still(down.size), across], 1, ofRows);
  return emit.reshapeLike(ofPlaces, input, step.shape(input));
}

/** Windows of one place on an axis, at every place. */
function still(size: number): Windows {
  return { size, count: size, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0, tail: 0 };
}

/** The gradient of a maximum along one axis of images (0 down, 1 across), by steps of one place. */
function maximumAlong(step: Step, images: string, windows: readonly Windows[], axis: number, gradient: string): string {
  const { emit } = step;
  const { kernel, dilation, count } = windows[axis];
  const maxima = emit.node("MaxPool", [images], movement(windows));
  const shares: string[] = [];
  let rest = gradient;
  for (let k = 0; k < kernel - 1; k++) {
    const place = emit.slice(images, [axis + 2], [k * dilation], [k * dilation + count]);
    const later = emit.where(emit.less(place, maxima), rest);
    shares.push(emit.sub(rest, later));
    rest = later;
  }
  const share = emit.concat([...shares, rest], 1);
  const pickers = emit.floats([kernel, 1, ...kernelOf(windows)], identity(kernel));
  return emit.node("ConvTranspose", [share, pickers], spreading(windows));
}

/** Images with the padding of their windows, of which nothing is a maximum. */
function padded(step: Step, images: string, windows: readonly Windows[]): string {
  const before = windows.map((window) => window.before);
  const after = windows.map(({ tail }) => Math.max(0, tail));
  return step.emit.pad(images, [0, 0, ...before, 0, 0, ...after], lowest(step));
}

/** The attributes of an operator that reads padded images by windows. */
function movement(windows: readonly Windows[]): Record<string, number[]> {
  return {
    kernel_shape: kernelOf(windows),
    strides: windows.map(({ stride }) => stride),
    dilations: windows.map(({ dilation }) => dilation),
  };
}

/** Every channel of every image as an image of its own. */
function channelsApart({ emit }: Step, value: string, channels: number, windows: readonly Windows[]): string {
  return emit.reshape(value, [null, channels, ...windows.map(({ count }) => count)]);
}

/** By how many places each window divides: all of its own, or those that are not padding. */
function placesOfWindows({ emit, node }: Step, windows: readonly Windows[], padded: boolean): string {
  if (windows.some(({ count }) => count < 1)) throw refused(node, "it has no window");
  const perAxis = windows.map((window) =>
    Array.from({ length: window.count }, (_, i) => {
      const [from, to] = padded ? [-window.before, window.size + window.after] : [0, window.size];
      const start = i * window.stride - window.before;
      return counting(window.kernel).filter((k) => {
        const place = start + k * window.dilation;
        return place >= from && place < to;
      }).length;
    }),
  );
  const counts = perAxis.reduce<number[]>((all, axis) => all.flatMap((a) => axis.map((b) => a * b)), [1]);
  if (counts.every((count) => count === counts[0])) return emit.floats([], [counts[0]]);
  return emit.floats([1, 1, ...perAxis.map((axis) => axis.length)], counts);
}

function kernelOf(windows: readonly Windows[]): number[] {
  return windows.map(({ kernel }) => kernel);
}

function counting(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function identity(size: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0));
}

/** A number below all others that, unlike −∞, gives 0 when multiplied by 0. */
function lowest({ emit }: Step): number {
  return emit.type === "float16" ? -65504 : -3e38;
}
