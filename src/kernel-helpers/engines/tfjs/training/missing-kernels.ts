// What WebAssembly lacks for training: the gradients of convolutions, written with what it has.
import type { NamedAttrMap, Tensor, Tensor4D, TensorInfo } from "@tensorflow/tfjs-core";
import type { Tf } from "../value.js";

/**
 * Registers the gradient kernels that a backend lacks, each computed by its other kernels, so that everything which
 * the engine runs can be trained on it. Kernels that a backend has are left as they are.
 *
 * @param registered the backend by TF.js's own name
 */
export function addMissingKernels(tf: Tf, registered: string): void {
  const kernels: Readonly<Record<string, Kernel>> = {
    Conv2DBackpropFilter: convolutionFilterGradient,
    DepthwiseConv2dNativeBackpropFilter: depthwiseFilterGradient,
    DepthwiseConv2dNativeBackpropInput: depthwiseInputGradient,
  };
  for (const [kernelName, compute] of Object.entries(kernels)) {
    if (tf.getKernel(kernelName, registered)) continue;
    tf.registerKernel({
      kernelName,
      backendName: registered,
      kernelFunc: ({ inputs, attrs }) => tf.tidy(() => compute(tf, inputs as Inputs, attrs ?? {})) as TensorInfo,
    });
  }
}

type Inputs = Readonly<Record<string, TensorInfo>>;
type Kernel = (tf: Tf, inputs: Inputs, attrs: NamedAttrMap) => Tensor;

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

function padded(tf: Tf, x: Tensor4D, { pads }: Taps): Tensor4D {
  if (pads.flat().every((pad) => pad === 0)) return x;
  return tf.pad(x, [[0, 0], pads[0], pads[1], [0, 0]]);
}

/**
 * ∂L/∂w[u, v, i, o] = Σ over photos and windows of x[n, s·y + u, s·x + v, i] · dy[n, y, x, o]: for each place (u, v) of
 * the window a matrix product.
 */
function convolutionFilterGradient(tf: Tf, { x, dy }: Inputs, attrs: NamedAttrMap): Tensor {
  const filterShape = attrs.filterShape as [number, number, number, number];
  const taps = tapsOf(tf, x.shape, filterShape, attrs, false);
  const [, , inputs, outputs] = filterShape;
  const rows = dy.shape[0] * taps.size[0] * taps.size[1];
  const right = tf.reshape(dy as Tensor, [rows, outputs]);
  const image = padded(tf, x as Tensor4D, taps);
  const parts = places(taps).map(([down, across]) =>
    tf.tidy(() => tf.matMul(tf.transpose(tf.reshape(taken(tf, image, taps, down, across), [rows, inputs])), right)),
  );
  return tf.reshape(tf.stack(parts), filterShape);
}

function depthwiseFilterGradient(tf: Tf, { x, dy }: Inputs, attrs: NamedAttrMap): Tensor {
  const filterShape = attrs.filterShape as [number, number, number, number];
  const taps = tapsOf(tf, x.shape, filterShape, attrs, true);
  const [, , channels, multiplier] = filterShape;
  const rows = dy.shape[0] * taps.size[0] * taps.size[1];
  const right = tf.reshape(dy as Tensor, [rows, channels, multiplier]);
  const image = padded(tf, x as Tensor4D, taps);
  const parts = places(taps).map(([down, across]) =>
    tf.tidy(() => tf.sum(tf.mul(tf.reshape(taken(tf, image, taps, down, across), [rows, channels, 1]), right), 0)),
  );
  return tf.reshape(tf.stack(parts), filterShape);
}

/** Each output's gradient goes back to where its window lay: a depthwise convolution with the filter turned around. */
function depthwiseInputGradient(tf: Tf, { dy, filter }: Inputs, attrs: NamedAttrMap): Tensor {
  const inputShape = attrs.inputShape as [number, number, number, number];
  const taps = tapsOf(tf, inputShape, filter.shape, attrs, true);
  const [height, width, channels, multiplier] = filter.shape;
  const [count, rows, columns] = dy.shape;
  const turned = tf.reverse(filter as Tensor, [0, 1]);
  const outputs = tf.reshape(dy as Tensor, [count, rows, columns, channels, multiplier]);
  const parts = Array.from({ length: multiplier }, (_, j) => {
    const each = tf.reshape(tf.slice(outputs, [0, 0, 0, 0, j], [-1, -1, -1, -1, 1]), [count, rows, columns, channels]);
    const spread = withGaps(tf, each as Tensor4D, taps.strides);
    const own = tf.slice(turned, [0, 0, 0, j], [-1, -1, -1, 1]) as Tensor4D;
    return tf.depthwiseConv2d(
      tf.pad(spread, [
        [0, 0],
        [height - 1, height - 1],
        [width - 1, width - 1],
        [0, 0],
      ]),
      own,
      1,
      "valid",
    );
  });
  const whole = parts.reduce((sum, part) => tf.add(sum, part));
  return fitted(tf, whole as Tensor4D, inputShape, taps);
}

/** Zeros between the rows and columns, as many as the stride leaves out. */
function withGaps(tf: Tf, x: Tensor4D, [down, across]: readonly [number, number]): Tensor4D {
  if (down === 1 && across === 1) return x;
  const [count, rows, columns, channels] = x.shape;
  const wide = tf.pad(tf.reshape(x, [count * rows * columns, 1, channels]), [
    [0, 0],
    [0, across - 1],
    [0, 0],
  ]);
  const tall = tf.pad(tf.reshape(wide, [count * rows, 1, columns * across * channels]), [
    [0, 0],
    [0, down - 1],
    [0, 0],
  ]);
  return tf.reshape(tall, [count, rows * down, columns * across, channels]);
}

/** Cuts the padding off again, and fills up what no window reached. */
function fitted(tf: Tf, whole: Tensor4D, [count, height, width, channels]: readonly number[], { pads }: Taps): Tensor {
  const [top, left] = [pads[0][0], pads[1][0]];
  const below = Math.max(0, top + height - whole.shape[1]);
  const beside = Math.max(0, left + width - whole.shape[2]);
  const large =
    below + beside > 0
      ? tf.pad(whole, [
          [0, 0],
          [0, below],
          [0, beside],
          [0, 0],
        ])
      : whole;
  return tf.slice(large, [0, top, left, 0], [count, height, width, channels]);
}

function places({ kernel }: Taps): [number, number][] {
  return Array.from({ length: kernel[0] * kernel[1] }, (_, i) => [Math.floor(i / kernel[1]), i % kernel[1]]);
}

/** What one place of the window sees, in every window. */
function taken(tf: Tf, image: Tensor4D, { strides, size }: Taps, down: number, across: number): Tensor {
  const [count, , , channels] = image.shape;
  const end = [count, down + (size[0] - 1) * strides[0] + 1, across + (size[1] - 1) * strides[1] + 1, channels];
  if (strides[0] === 1 && strides[1] === 1)
    return tf.slice(image, [0, down, across, 0], [count, size[0], size[1], channels]);
  return tf.stridedSlice(image, [0, down, across, 0], end, [1, strides[0], strides[1], 1]);
}
