import { intAttribute, intsAttribute, textAttribute } from "../../graph/onnx/attributes.js";
import type { NodeProto } from "../../graph/onnx/onnx.js";
import { windowCount } from "../../graph/shapes/shape-arithmetic.js";

/** How a convolution's or pooling's window moves over height and width. */
export interface Windows {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** Padding that the node declares. */
  readonly pads: Pads;
  /** More padding at the end that ceil mode needs: windows may hang over the edge, but nothing there counts. */
  readonly overhang: readonly [number, number];
  /** Windows down and across. */
  readonly size: readonly [number, number];
}

/** Padding of the four edges. */
export interface Pads {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** The windows of a Conv or pooling node with this kernel over an input of N×C×H×W. */
export function windowsOf(node: NodeProto, dims: readonly number[], kernel: readonly number[]): Windows {
  const strides = pair(intsAttribute(node, "strides"));
  const dilations = pair(intsAttribute(node, "dilations"));
  const autoPad = textAttribute(node, "auto_pad", "NOTSET");
  const given = intsAttribute(node, "pads") ?? [0, 0, 0, 0];
  const axes = [0, 1].map((axis) => {
    const [size, length, stride, dilation] = [dims[axis + 2], kernel[axis], strides[axis], dilations[axis]];
    const reach = dilation * (length - 1) + 1;
    const ceil = intAttribute(node, "ceil_mode", 0) === 1;
    const declared = {
      size,
      kernel: length,
      stride,
      dilation,
      before: given[axis],
      after: given[axis + 2],
      autoPad,
      ceil,
    };
    const count = windowCount(declared);
    const [before, after] = padding(
      autoPad,
      given[axis],
      given[axis + 2],
      Math.max(0, (count - 1) * stride + reach - size),
    );
    return { before, after, count, overhang: Math.max(0, (count - 1) * stride + reach - (size + before + after)) };
  });
  const [down, across] = axes;
  return {
    kernel: [kernel[0], kernel[1]],
    strides,
    dilations,
    pads: { top: down.before, left: across.before, bottom: down.after, right: across.after },
    overhang: [down.overhang, across.overhang],
    size: [down.count, across.count],
  };
}

/** Whether there is no padding at all. */
export function unpadded({ top, left, bottom, right }: Pads): boolean {
  return top === 0 && left === 0 && bottom === 0 && right === 0;
}

function padding(autoPad: string, before: number, after: number, wanted: number): [number, number] {
  if (autoPad === "VALID") return [0, 0];
  const half = Math.floor(wanted / 2);
  if (autoPad === "SAME_UPPER") return [half, wanted - half];
  if (autoPad === "SAME_LOWER") return [wanted - half, half];
  return [before, after];
}

function pair(list: readonly number[] | undefined): [number, number] {
  return [list?.[0] ?? 1, list?.[1] ?? 1];
}
