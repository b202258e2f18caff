import type { Tensor } from "@tensorflow/tfjs-core";
import type { Tf } from "../value.js";

/** Registers the gradient of slices that skip places, the only one that the engine needs and TF.js lacks. */
export function addStridedSliceGradient(tf: Tf): void {
  if (tf.getGradient("StridedSlice")) return;
  tf.registerGradient({
    kernelName: "StridedSlice",
    inputsToSave: ["x"],
    gradFunc: (dy, [x], attrs) => {
      const { begin, strides } = attrs as unknown as Record<"begin" | "strides", number[]>;
      return { x: () => laidBack(tf, dy as Tensor, x.shape, begin, strides) };
    },
  });
}

/** What was taken laid back to its places, axis by axis: zeros between, before and behind. Strides are above 0. */
export function laidBack(
  tf: Tf,
  dy: Tensor,
  shape: readonly number[],
  begin: readonly number[],
  strides: readonly number[],
) {
  return shape.reduce((gradient, size, axis) => {
    const taken = gradient.shape[axis];
    const outer = gradient.shape.slice(0, axis).reduce((product, dim) => product * dim, 1);
    const inner = gradient.shape.slice(axis + 1).reduce((product, dim) => product * dim, 1);
    const stride = strides[axis];
    const none: [number, number] = [0, 0];
    const cells = tf.reshape(gradient, [outer * taken, 1, inner]);
    const apart = stride === 1 ? cells : tf.pad(cells, [none, [0, stride - 1], none]);
    const behind = size - begin[axis] - taken * stride;
    const lines = tf.reshape(apart, [outer, taken * stride, inner]);
    const laid =
      begin[axis] > 0 || behind > 0 ? tf.pad(lines, [none, [begin[axis], Math.max(0, behind)], none]) : lines;
    const cut = behind < 0 ? tf.slice(laid, [0, 0, 0], [-1, size, -1]) : laid;
    return tf.reshape(cut, [...gradient.shape.slice(0, axis), size, ...gradient.shape.slice(axis + 1)]);
  }, dy);
}
