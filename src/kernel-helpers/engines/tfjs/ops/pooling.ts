// Maximum and average pooling, over windows and over whole maps.
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { intAttribute, intsAttribute } from "../../../graph/onnx/attributes.js";
import { CamlabError } from "../../../support/errors.js";
import type { NodeInputs, Op } from "../node-inputs.js";
import { imageValue, valueIn } from "../value.js";
import { windowsOf, type Windows } from "../windows.js";

export const POOLING: Readonly<Record<string, Op>> = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: globalPool("mean"),
  GlobalMaxPool: globalPool("max"),
};

function globalPool(kind: "mean" | "max"): Op {
  return (inputs) => {
    const { tf } = inputs;
    const last = inputs.isChannelsLast(0);
    const axes = last
      ? [1, 2]
      : inputs
          .dims(0)
          .slice(2)
          .map((_, i) => i + 2);
    return valueIn(last, tf[kind](inputs.asItLies(0), axes, true));
  };
}

function maxPool(inputs: NodeInputs) {
  const { tf, node } = inputs;
  if (node.output[1]) throw new CamlabError("the places of the maxima (its second output) are not computed");
  const windows = poolWindows(inputs);
  const x = padded(inputs, windows, Number.NEGATIVE_INFINITY);
  if (isDilated(windows)) {
    return imageValue(shiftedParts(inputs, x, windows).reduce((most, part) => tf.maximum(most, part)));
  }
  const { kernel, strides } = windows;
  return imageValue(tf.maxPool(x, [kernel[0], kernel[1]], [strides[0], strides[1]], "valid"));
}

/**
 * The mean over each window of what lies inside: the photo, and the declared padding too where `count_include_pad`
 * says so, but never what hangs over in ceil mode.
 */
function averagePool(inputs: NodeInputs) {
  const { tf, node } = inputs;
  const windows = poolWindows(inputs);
  const { kernel, strides, size } = windows;
  const area = kernel[0] * kernel[1];
  const x = padded(inputs, windows, 0);
  const mean = isDilated(windows)
    ? tf.div(
        shiftedParts(inputs, x, windows).reduce((sum, part) => tf.add(sum, part)),
        area,
      )
    : tf.avgPool(x, [kernel[0], kernel[1]], [strides[0], strides[1]], "valid");
  const counts = countsOf(inputs.dims(0), windows, intAttribute(node, "count_include_pad", 0) === 1);
  if (counts.every((count) => count === area)) return imageValue(mean);
  const weights = counts.map((count) => area / count);
  return imageValue(tf.mul(mean, tf.tensor(weights, [1, size[0], size[1], 1], "float32")));
}

function poolWindows(inputs: NodeInputs): Windows {
  const dims = inputs.dims(0);
  const kernel = intsAttribute(inputs.node, "kernel_shape") ?? [];
  if (dims.length !== 4 || kernel.length !== 2) {
    throw new CamlabError(`only two-dimensional pooling is understood, its input is ${dims.join("×")}`);
  }
  return windowsOf(inputs.node, dims, kernel);
}

function isDilated({ dilations }: Windows): boolean {
  return dilations.some((dilation) => dilation > 1);
}

/** The image with all its padding: no two backends agree on padding in their own pooling. */
function padded(inputs: NodeInputs, { pads, overhang }: Windows, fill: number): Tensor4D {
  const x = inputs.image(0);
  const edges: [number, number][] = [
    [0, 0],
    [pads.top, pads.bottom + overhang[0]],
    [pads.left, pads.right + overhang[1]],
    [0, 0],
  ];
  return edges.flat().every((edge) => edge === 0) ? x : inputs.tf.pad(x, edges, fill);
}

/** How many places of each window count, row by row. */
function countsOf(dims: readonly number[], { kernel, strides, dilations, pads, size }: Windows, withPads: boolean) {
  const along = (axis: number, before: number, after: number) => {
    const [first, end] = withPads ? [0, before + dims[axis + 2] + after] : [before, before + dims[axis + 2]];
    return Array.from({ length: size[axis] }, (_, window) => {
      const places = Array.from({ length: kernel[axis] }, (_, k) => window * strides[axis] + k * dilations[axis]);
      return places.filter((place) => place >= first && place < end).length;
    });
  };
  const across = along(1, pads.left, pads.right);
  return along(0, pads.top, pads.bottom).flatMap((down) => across.map((count) => down * count));
}

/** Each place of the window as a picture of its own: what it sees in every window. */
function shiftedParts({ tf }: NodeInputs, x: Tensor4D, { kernel, strides, dilations, size }: Windows): Tensor[] {
  const [count, , , channels] = x.shape;
  return Array.from({ length: kernel[0] * kernel[1] }, (_, place) => {
    const top = Math.floor(place / kernel[1]) * dilations[0];
    const left = (place % kernel[1]) * dilations[1];
    const end = [count, top + (size[0] - 1) * strides[0] + 1, left + (size[1] - 1) * strides[1] + 1, channels];
    return tf.stridedSlice(x, [0, top, left, 0], end, [1, strides[0], strides[1], 1]);
  });
}
