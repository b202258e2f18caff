// What WebAssembly lacks for training: the gradients of convolutions, written with what it has.
import type { NamedAttrMap, Tensor, Tensor4D, TensorInfo } from "@tensorflow/tfjs-core";
import type { Tf } from "../value.js";
import { laidBack } from "./strided-slice-gradient.js";

/**
 * Registers the gradient kernels of convolutions that a backend lacks, each computed by its other kernels, so that
 * everything which the engine runs can be trained on it. Two of WebAssembly's own are replaced: that of a convolution
 * by its input, which takes fifty times as long as the same written as a convolution, and that of maximum pooling,
 * which is wrong in TF.js 4.22. The native backend keeps all of its own.
 *
 * @param registered the backend by TF.js's own name
 */
export function addGradientKernels(tf: Tf, registered: string): void {
  if (registered === "wasm" && !replaced.has(tf)) {
    replaced.add(tf);
    for (const kernelName of ["Conv2DBackpropInput", "MaxPoolGrad"]) tf.unregisterKernel(kernelName, registered);
  }
  for (const [kernelName, compute] of Object.entries(KERNELS)) {
    if (tf.getKernel(kernelName, registered)) continue;
    tf.registerKernel({
      kernelName,
      backendName: registered,
      kernelFunc: ({ inputs, attrs }) => tf.tidy(() => compute(tf, inputs as Inputs, attrs ?? {})),
    });
  }
}

const replaced = new WeakSet<object>();

type Inputs = Readonly<Record<string, TensorInfo>>;
type Kernel = (tf: Tf, inputs: Inputs, attrs: NamedAttrMap) => Tensor;

const KERNELS: Readonly<Record<string, Kernel>> = {
  Conv2DBackpropFilter: convolutionFilterGradient,
  Conv2DBackpropInput: convolutionInputGradient,
  DepthwiseConv2dNativeBackpropFilter: depthwiseFilterGradient,
  DepthwiseConv2dNativeBackpropInput: depthwiseInputGradient,
  MaxPoolGrad: maxPoolGradient,
};

interface Taps {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Windows down and across. */
  readonly size: readonly [number, number];
  /** Padding before and after, down and across. */
  readonly pads: readonly [[number, number], [number, number]];
}

function tapsOf(tf: Tf, input: readonly number[], filter: readonly number[], attrs: NamedAttrMap, depthwise: boolean) {
  const info = tf.backend_util.computeConv2DInfo(
    input as [number, number, number, number],
    filter as [number, number, number, number],
    attrs.strides as [number, number],
    1,
    attrs.pad as "same",
    attrs.dimRoundingMode as "floor",
    depthwise,
  );
  const { top, bottom, left, right } = info.padInfo;
  const taps: Taps = {
    kernel: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    size: [info.outHeight, info.outWidth],
    pads: [
      [top, bottom],
      [left, right],
    ],
  };
  return taps;
}

/**
 * ∂L/∂w[u, v, i, o] = Σ over photos and windows of x[n, s·y + u, s·x + v, i] · dy[n, y, x, o]: a convolution itself, with
 * photos and channels exchanged, dy as its filter, and the stride as its dilation.
 */
function convolutionFilterGradient(tf: Tf, { x, dy }: Inputs, attrs: NamedAttrMap): Tensor {
  const taps = tapsOf(tf, x.shape, attrs.filterShape as number[], attrs, false);
  const { kernel, strides, size, pads } = taps;
  const lengths = [0, 1].map((axis) => (size[axis] - 1) * strides[axis] + kernel[axis]);
  const seen = tf.transpose(windowed(tf, x as Tensor4D, pads, lengths), [3, 1, 2, 0]);
  const filter = tf.transpose(dy as Tensor4D, [1, 2, 0, 3]);
  return tf.transpose(tf.conv2d(seen, filter, 1, "valid", "NHWC", [strides[0], strides[1]]), [1, 2, 0, 3]);
}

/** The padded image, so many rows and columns of it. */
function windowed(tf: Tf, x: Tensor4D, pads: Taps["pads"], lengths: readonly number[]): Tensor4D {
  const edges = [0, 1].map((axis): [number, number] => {
    return [pads[axis][0], Math.max(0, lengths[axis] - x.shape[axis + 1] - pads[axis][0])];
  });
  const padded = edges.flat().some((edge) => edge > 0) ? tf.pad(x, [[0, 0], edges[0], edges[1], [0, 0]]) : x;
  if (padded.shape[1] === lengths[0] && padded.shape[2] === lengths[1]) return padded;
  return tf.slice(padded, [0, 0, 0, 0], [-1, lengths[0], lengths[1], -1]);
}

/** Each output's gradient goes back to where its window lay: a convolution with the filter turned around. */
function convolutionInputGradient(tf: Tf, { dy, filter }: Inputs, attrs: NamedAttrMap): Tensor {
  const inputShape = attrs.inputShape as [number, number, number, number];
  const taps = tapsOf(tf, inputShape, filter.shape, attrs, false);
  const turned = tf.transpose(tf.reverse(filter as Tensor4D, [0, 1]), [0, 1, 3, 2]);
  return tf.conv2d(spreadOut(tf, dy as Tensor4D, inputShape, taps), turned, 1, "valid");
}

function depthwiseFilterGradient(tf: Tf, { x, dy }: Inputs, attrs: NamedAttrMap): Tensor {
  const filterShape = attrs.filterShape as [number, number, number, number];
  const taps = tapsOf(tf, x.shape, filterShape, attrs, true);
  const [, , channels, multiplier] = filterShape;
  const rows = dy.shape[0] * taps.size[0] * taps.size[1];
  const right = tf.reshape(dy as Tensor, [rows, channels, multiplier]);
  const parts = seenBy(tf, x as Tensor4D, taps, (seen) =>
    tf.sum(tf.mul(tf.reshape(seen, [rows, channels, 1]), right), 0),
  );
  return tf.reshape(tf.stack(parts), filterShape);
}

function depthwiseInputGradient(tf: Tf, { dy, filter }: Inputs, attrs: NamedAttrMap): Tensor {
  const inputShape = attrs.inputShape as [number, number, number, number];
  const taps = tapsOf(tf, inputShape, filter.shape, attrs, true);
  const [, , channels, multiplier] = filter.shape;
  const [count, rows, columns] = dy.shape;
  const turned = tf.reverse(filter as Tensor4D, [0, 1]);
  const outputs = tf.reshape(dy as Tensor, [count * rows * columns, channels, multiplier]);
  const parts = Array.from({ length: multiplier }, (_, j) => {
    const each = tf.reshape(tf.slice(outputs, [0, 0, j], [-1, -1, 1]), [count, rows, columns, channels]);
    const own = tf.slice(turned, [0, 0, 0, j], [-1, -1, -1, 1]);
    return tf.depthwiseConv2d(spreadOut(tf, each as Tensor4D, inputShape, taps), own, 1, "valid");
  });
  return parts.reduce((sum, part) => tf.add(sum, part));
}

/** Each window's gradient goes to its maximum; of equal ones, to the first. */
function maxPoolGradient(tf: Tf, { dy, input, output }: Inputs, attrs: NamedAttrMap): Tensor {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttributes;
  const shape = input.shape as [number, number, number, number];
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { top, bottom, left, right } = info.padInfo;
  const [none, least] = [[0, 0] as [number, number], Number.NEGATIVE_INFINITY];
  const padded = tf.pad(input as Tensor4D, [none, [top, bottom], [left, right], none], least);
  const [, height, width, channels] = padded.shape;
  const { filterHeight, filterWidth, strideHeight, strideWidth, outHeight, outWidth } = info;
  let free = tf.onesLike(dy as Tensor4D);
  let sum = tf.zerosLike(padded);
  for (let place = 0; place < filterHeight * filterWidth; place++) {
    const begin = [0, Math.floor(place / filterWidth), place % filterWidth, 0];
    const end = [shape[0], begin[1] + (outHeight - 1) * strideHeight + 1, begin[2] + (outWidth - 1) * strideWidth + 1];
    const skips = [1, strideHeight, strideWidth, 1];
    const seen = tf.stridedSlice(padded, begin, [...end, channels], skips);
    const found = tf.mul(tf.cast(tf.equal(seen, output as Tensor), "float32"), free);
    free = tf.sub(free, found);
    const back = laidBack(tf, tf.mul(found, dy as Tensor), [shape[0], height, width, channels], begin, skips);
    sum = tf.add(sum, back);
  }
  return tf.slice(sum, [0, top, left, 0], shape);
}

interface PoolAttributes {
  readonly filterSize: [number, number];
  readonly strides: [number, number];
  readonly pad: "valid";
  readonly dimRoundingMode?: "floor";
}

/**
 * Gradients laid out so that a convolution with the turned filter, without padding, gives the input's size: zeros
 * between them where the stride left places out, and around them.
 */
function spreadOut(
  tf: Tf,
  dy: Tensor4D,
  inputShape: readonly number[],
  { kernel, strides, size, pads }: Taps,
): Tensor4D {
  const apart = withGaps(tf, dy, strides);
  const edges = [0, 1].map((axis): [number, number] => {
    const before = kernel[axis] - 1 - pads[axis][0];
    return [before, inputShape[axis + 1] + kernel[axis] - 1 - before - size[axis] * strides[axis]];
  });
  // Beyond the input's edge there is nothing to learn: such places are cut off again.
  const grown = edges.map(([before, after]): [number, number] => [Math.max(0, before), Math.max(0, after)]);
  const padded = tf.pad(apart, [[0, 0], grown[0], grown[1], [0, 0]]);
  if (edges.flat().every((edge) => edge >= 0)) return padded;
  const from = edges.map(([before]) => Math.max(0, -before));
  const lengths = edges.map((_, axis) => inputShape[axis + 1] + kernel[axis] - 1);
  return tf.slice(padded, [0, from[0], from[1], 0], [-1, lengths[0], lengths[1], -1]);
}

/** Zeros behind each row and column, as many as the stride leaves out. */
function withGaps(tf: Tf, x: Tensor4D, [down, across]: readonly [number, number]): Tensor4D {
  if (down === 1 && across === 1) return x;
  const [count, rows, columns, channels] = x.shape;
  const none: [number, number] = [0, 0];
  const wide = tf.pad(tf.reshape(x, [count * rows * columns, 1, channels]), [none, [0, across - 1], none]);
  const tall = tf.pad(tf.reshape(wide, [count * rows, 1, columns * across * channels]), [none, [0, down - 1], none]);
  return tf.reshape(tall, [count, rows * down, columns * across, channels]);
}

/**
 * What each place of the window sees, in every window. With a stride, the rows and columns are first sorted by their
 * remainder: slices of what lies side by side are quick, those that skip are not.
 */
function seenBy(tf: Tf, x: Tensor4D, taps: Taps, compute: (seen: Tensor) => Tensor): Tensor[] {
  const { strides, size, kernel, pads } = taps;
  const [count, , , channels] = x.shape;
  const [rows, columns] = [0, 1].map((axis) => size[axis] + Math.ceil(kernel[axis] / strides[axis]) - 1);
  const fitted = windowed(tf, x, pads, [rows * strides[0], columns * strides[1]]);
  const phases = Array.from({ length: strides[0] * strides[1] }, (_, phase) => {
    if (strides[0] * strides[1] === 1) return fitted;
    const [down, across] = [Math.floor(phase / strides[1]), phase % strides[1]];
    const lines = tf.reshape(fitted, [count * rows, strides[0], columns * strides[1] * channels]);
    const line = tf.slice(lines, [0, down, 0], [-1, 1, -1]);
    const cells = tf.slice(
      tf.reshape(line, [count * rows * columns, strides[1], channels]),
      [0, across, 0],
      [-1, 1, -1],
    );
    return tf.reshape(cells, [count, rows, columns, channels]);
  });
  return places(taps).map(([down, across]) =>
    tf.tidy(() => {
      const phase = phases[(down % strides[0]) * strides[1] + (across % strides[1])];
      const begin = [0, Math.floor(down / strides[0]), Math.floor(across / strides[1]), 0];
      return compute(tf.slice(phase, begin, [count, size[0], size[1], channels]));
    }),
  );
}

function places({ kernel }: Taps): [number, number][] {
  return Array.from({ length: kernel[0] * kernel[1] }, (_, i) => [Math.floor(i / kernel[1]), i % kernel[1]]);
}
