// Convolution in a form whose gradients every backend can compute: no padding of its own kind, no dilation.
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { NodeInputs } from "../node-inputs.js";
import { imageValue, type Tf } from "../value.js";
import { convolutionOf } from "../convolution-of.js";
import { unpadded, type Windows } from "../windows.js";

/** As the engine's convolution, but differentiable everywhere; native gradients are used where they exist. */
export function trainConvolution(inputs: NodeInputs) {
  const { tf } = inputs;
  const { dims, weights, group, windows } = convolutionOf(inputs);
  const filter = inputs.prepared("training filter", [1], (w) => {
    if (group !== dims[1] || group === 1) return tf.transpose(w, [2, 3, 1, 0]);
    return tf.transpose(tf.reshape(w, [group, weights[0] / group, weights[2], weights[3]]), [2, 3, 0, 1]);
  }) as Tensor4D;
  const { image, pad } = paddedFor(tf, inputs.image(0), windows);
  const strides: [number, number] = [windows.strides[0], windows.strides[1]];
  const depthwise = group === dims[1] && group > 1;
  let maps: Tensor;
  if (windows.dilations.some((dilation) => dilation > 1)) maps = byTaps(tf, image, filter, windows, group);
  else if (group === 1) maps = tf.conv2d(image, filter, strides, pad);
  else if (depthwise) maps = tf.depthwiseConv2d(image, filter, strides, pad);
  else maps = grouped(tf, image, filter, group, (x, w) => tf.conv2d(x, w, strides, pad));
  return imageValue(inputs.has(2) ? tf.add(maps, inputs.plain(2)) : maps);
}

/** TF.js differentiates only its own two paddings: others are laid on first. */
function paddedFor(tf: Tf, image: Tensor4D, windows: Windows): { image: Tensor4D; pad: "valid" | "same" } {
  const { pads, dilations } = windows;
  if (unpadded(pads)) return { image, pad: "valid" };
  const dilated = dilations.some((dilation) => dilation > 1);
  if (!dilated && isSame(image.shape.slice(1, 3), windows)) return { image, pad: "same" };
  const edges: [number, number][] = [
    [0, 0],
    [pads.top, pads.bottom],
    [pads.left, pads.right],
    [0, 0],
  ];
  return { image: tf.pad(image, edges), pad: "valid" };
}

/** Whether the padding is what TensorFlow calls "same": just enough for size ÷ stride windows, the odd one at the end. */
function isSame(sizes: readonly number[], { kernel, strides, pads }: Windows): boolean {
  const given = [
    [pads.top, pads.bottom],
    [pads.left, pads.right],
  ];
  return sizes.every((size, axis) => {
    const needed = Math.max(0, (Math.ceil(size / strides[axis]) - 1) * strides[axis] + kernel[axis] - size);
    return given[axis][0] === Math.floor(needed / 2) && given[axis][1] === Math.ceil(needed / 2);
  });
}

function grouped(
  tf: Tf,
  image: Tensor4D,
  filter: Tensor4D,
  group: number,
  compute: (image: Tensor4D, filter: Tensor4D) => Tensor,
): Tensor {
  const filters = tf.split<Tensor4D>(filter, group, 3);
  return tf.concat(
    tf.split<Tensor4D>(image, group, 3).map((part, i) => compute(part, filters[i])),
    3,
  );
}

/** A dilated convolution as the sum of what each place of its window adds. */
function byTaps(tf: Tf, image: Tensor4D, filter: Tensor4D, windows: Windows, group: number): Tensor {
  const { kernel, strides, dilations, size } = windows;
  const depthwise = filter.shape[2] === group && group > 1;
  const channels = image.shape[3];
  const parts = Array.from({ length: kernel[0] * kernel[1] }, (_, place) => {
    const [down, across] = [Math.floor(place / kernel[1]), place % kernel[1]];
    const [top, left] = [down * dilations[0], across * dilations[1]];
    const end = [image.shape[0], top + (size[0] - 1) * strides[0] + 1, left + (size[1] - 1) * strides[1] + 1, channels];
    const seen = tf.stridedSlice(image, [0, top, left, 0], end, [1, strides[0], strides[1], 1]) as Tensor4D;
    const own = tf.slice(filter, [down, across, 0, 0], [1, 1, -1, -1]);
    if (depthwise) return tf.depthwiseConv2d(seen, own, 1, "valid");
    if (group === 1) return tf.conv2d(seen, own, 1, "valid");
    return grouped(tf, seen, own, group, (x, w) => tf.conv2d(x, w, 1, "valid"));
  });
  return parts.reduce((sum, part) => tf.add(sum, part));
}
