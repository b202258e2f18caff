// Convolutions: dense, depthwise and grouped, with any stride, dilation and padding.
import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";
import type { NodeInputs, Op } from "../node-inputs.js";
import { imageValue } from "../value.js";
import { convolutionOf } from "../convolution-of.js";
import { unpadded, type Windows } from "../windows.js";

export const CONVOLUTION: Readonly<Record<string, Op>> = { Conv: convolution };

function convolution(inputs: NodeInputs) {
  const { tf } = inputs;
  const { dims, weights, group, windows } = convolutionOf(inputs);
  const bias = inputs.has(2) ? (inputs.plain(2) as Tensor1D) : undefined;
  const padded = { x: inputs.image(0), pad: paddingOf(windows) };
  if (group === 1) {
    const filter = inputs.prepared("filter", [1], (w) => tf.transpose(w, [2, 3, 1, 0])) as Tensor4D;
    return imageValue(
      strided(inputs, windows, (strides) => {
        return tf.fused.conv2d({ ...padded, filter, bias, strides, dilations: pairOf(windows.dilations) });
      }),
    );
  }
  if (group === dims[1]) {
    const multiplier = weights[0] / group;
    const filter = inputs.prepared("depthwise filter", [1], (w) => {
      return tf.transpose(tf.reshape(w, [group, multiplier, weights[2], weights[3]]), [2, 3, 0, 1]);
    }) as Tensor4D;
    return imageValue(
      strided(inputs, windows, (strides) => {
        return tf.fused.depthwiseConv2d({ ...padded, filter, bias, strides, dilations: pairOf(windows.dilations) });
      }),
    );
  }
  const each = weights[0] / group;
  const parts = tf.split<Tensor4D>(padded.x, group, 3).map((x, part) => {
    const filter = inputs.prepared(`filter ${part}`, [1], (w) => {
      return tf.transpose(tf.slice(w, [part * each, 0, 0, 0], [each, -1, -1, -1]), [2, 3, 1, 0]);
    }) as Tensor4D;
    return strided(inputs, windows, (strides) => {
      return tf.conv2d(x, filter, strides, padded.pad, "NHWC", pairOf(windows.dilations));
    });
  });
  const joined = tf.concat(parts, 3);
  return imageValue(bias ? tf.add(joined, bias) : joined);
}

/** A stride and a dilation at once is what no TF.js backend computes: then every window, of which some are taken. */
function strided({ tf }: NodeInputs, windows: Windows, compute: (strides: [number, number]) => Tensor): Tensor {
  const [down, across] = windows.strides;
  const both = down * across > 1 && windows.dilations.some((dilation) => dilation > 1);
  if (!both) return compute([down, across]);
  const every = compute([1, 1]);
  return tf.stridedSlice(every, [0, 0, 0, 0], every.shape, [1, down, across, 1]);
}

/** A padding for each edge: TF.js takes one in all its convolutions, though the types of the fused ones leave it out. */
function paddingOf({ pads }: Windows): "valid" {
  if (unpadded(pads)) return "valid";
  const edges = [
    [0, 0],
    [pads.top, pads.bottom],
    [pads.left, pads.right],
    [0, 0],
  ];
  return edges as unknown as "valid";
}

function pairOf([down, across]: readonly [number, number]): [number, number] {
  return [down, across];
}
