import { intAttribute, intsAttribute, textAttribute } from "../../onnx/attributes.js";
import { samePadding, windowCount } from "../../shapes/shape-arithmetic.js";
import { sizesOf, type Step } from "../step.js";

/** Windows that slide over one axis. */
export interface Windows {
  /** Places of the axis. */
  readonly size: number;
  /** Number of windows. */
  readonly count: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Padding before the axis. */
  readonly before: number;
  /** Padding after the axis that the file names; `ceil_mode` may let windows reach further. */
  readonly after: number;
  /** How far the last window reaches past the end of the axis; negative when places are left over. */
  readonly tail: number;
}

/** The windows of a convolution or pooling, one entry per spatial axis of its input; automatic padding is computed. */
export function windowsOf(step: Step, kernel: readonly number[]): Windows[] {
  const { node } = step;
  const strides = intsAttribute(node, "strides");
  const dilations = intsAttribute(node, "dilations");
  const pads = intsAttribute(node, "pads");
  const autoPad = textAttribute(node, "auto_pad", "NOTSET");
  const ceil = intAttribute(node, "ceil_mode", 0) === 1;
  return sizesOf(step, node.input[0], 2).map((size, axis) => {
    const stride = strides?.[axis] ?? 1;
    const dilation = dilations?.[axis] ?? 1;
    const reach = dilation * (kernel[axis] - 1) + 1;
    const [before, after] = autoPad.startsWith("SAME")
      ? samePadding(size, stride, reach, autoPad === "SAME_UPPER")
      : autoPad === "VALID"
        ? [0, 0]
        : [pads?.[axis] ?? 0, pads?.[axis + kernel.length] ?? 0];
    const count = windowCount({ size, kernel: kernel[axis], stride, dilation, before, after, autoPad, ceil });
    const tail = stride * (count - 1) + reach - before - size;
    return { size, count, kernel: kernel[axis], stride, dilation, before, after, tail };
  });
}

/** The attributes of the ConvTranspose that gives every window's share back to the places that the window covers. */
export function spreading(windows: readonly Windows[]): Record<string, number[]> {
  return {
    kernel_shape: windows.map(({ kernel }) => kernel),
    strides: windows.map(({ stride }) => stride),
    dilations: windows.map(({ dilation }) => dilation),
    pads: [...windows.map(({ before }) => before), ...windows.map(({ tail }) => Math.max(0, tail))],
    output_padding: windows.map(({ tail }) => Math.max(0, -tail)),
  };
}
