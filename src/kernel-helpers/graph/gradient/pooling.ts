import { intAttribute, intsAttribute } from "../attributes.js";
import { product } from "../shape-arithmetic.js";
import { elementCount } from "../tensor.js";
import { refused, sizesOf, unary, type GradientRule, type Step } from "./step.js";
import { spreading, windowsOf, type Windows } from "./windows.js";

/** Gradients of poolings. A maximum that several places share is taken from the first of them, as PyTorch does. */
export const POOLING_RULES: Readonly<Record<string, GradientRule>> = {
  MaxPool: (step) => {
    const { node } = step;
    const kernel = intsAttribute(node, "kernel_shape") ?? [];
    const windows = windowsOf(step, kernel);
    const whole = windows.every((w) => w.count === 1 && w.kernel === w.size && w.before === 0 && w.dilation === 1);
    return [whole ? globalMaximum(step) : maximumOfWindows(step, windows)];
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
  const pads = [...windows.map(({ before }) => before), ...windows.map(({ tail }) => Math.max(0, tail))];
  const images = emit.reshape(input, [null, 1, ...windows.map(({ size }) => size)]);
  const padded = pads.every((count) => count === 0)
    ? images
    : emit.pad(images, [0, 0, ...pads.slice(0, windows.length), 0, 0, ...pads.slice(windows.length)], lowest(step));
  const laid = emit.node("Conv", [padded, pickers], {
    kernel_shape: kernel,
    strides: windows.map(({ stride }) => stride),
    dilations: windows.map(({ dilation }) => dilation),
  });
  const first = emit.node("ArgMax", [laid], { axis: 1, keepdims: 1 });
  const chosen = emit.node("Equal", [first, emit.ints(counting(places), [1, places, ...kernel.map(() => 1)])]);
  const share = emit.where(chosen, channelsApart(step, gradient, 1, windows));
  const spread = emit.node("ConvTranspose", [share, pickers], spreading(windows));
  return emit.reshapeLike(spread, input, step.shape(input));
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
