// What joins, cuts, picks and pads along axes.
import type { Tensor } from "@tensorflow/tfjs-core";
import { attribute, intAttribute, intsAttribute, textAttribute } from "../../../graph/onnx/attributes.js";
import { fromFront, sliceLength } from "../../../graph/shapes/shape-arithmetic.js";
import { CamlabError } from "../../../support/errors.js";
import type { NodeInputs, Op } from "../node-inputs.js";
import { plainValue, valueIn, type TensorValue } from "../value.js";

export const SELECTION: Readonly<Record<string, Op>> = {
  Concat: concat,
  Split: split,
  Slice: slice,
  Gather: gather,
  Pad: pad,
};

function concat(inputs: NodeInputs) {
  const { tf, node } = inputs;
  const indices = Array.from({ length: inputs.count }, (_, i) => i);
  const last = inputs.dims(0).length === 4 && indices.some((i) => inputs.isChannelsLast(i));
  const axis = fromFront(intAttribute(node, "axis", 1), inputs.dims(0).length);
  if (!last)
    return plainValue(
      tf.concat(
        indices.map((i) => inputs.plain(i)),
        axis,
      ),
    );
  return valueIn(
    true,
    tf.concat(
      indices.map((i) => inputs.image(i)),
      [0, 3, 1, 2][axis],
    ),
  );
}

function split(inputs: NodeInputs): TensorValue[] {
  const { tf, node } = inputs;
  const axis = fromFront(intAttribute(node, "axis", 0), inputs.dims(0).length);
  const size = inputs.dims(0)[axis];
  const count = intAttribute(node, "num_outputs", node.output.length);
  const chunk = Math.ceil(size / count);
  const even = Array.from({ length: count }, (_, part) => Math.min(chunk, size - part * chunk));
  const sizes = intsAttribute(node, "split") ?? (inputs.has(1) ? inputs.numbers(1) : even);
  const parts = tf.split(inputs.asItLies(0), sizes, inputs.axisAsItLies(0, axis));
  return parts.map((part) => valueIn(inputs.isChannelsLast(0), part));
}

function slice(inputs: NodeInputs) {
  const { tf, node } = inputs;
  const dims = inputs.dims(0);
  const starts = intsAttribute(node, "starts") ?? inputs.numbers(1);
  const ends = intsAttribute(node, "ends") ?? inputs.numbers(2);
  const axes = intsAttribute(node, "axes") ?? (inputs.has(3) ? inputs.numbers(3) : starts.map((_, i) => i));
  const steps = inputs.has(4) ? inputs.numbers(4) : starts.map(() => 1);
  let x = inputs.asItLies(0);
  const begin = new Array<number>(dims.length).fill(0);
  const size = [...x.shape];
  const picked: { axis: number; places: number[] }[] = [];
  axes.forEach((given, i) => {
    const front = fromFront(given, dims.length);
    const axis = inputs.axisAsItLies(0, given);
    const step = steps[i];
    const length = sliceLength(dims[front], starts[i], ends[i], step);
    const first = firstPlace(dims[front], starts[i], step);
    if (step === 1) [begin[axis], size[axis]] = [first, length];
    else picked.push({ axis, places: Array.from({ length }, (_, place) => first + place * step) });
  });
  x = tf.slice(x, begin, size);
  for (const { axis, places } of picked) x = tf.gather(x, tf.tensor1d(places, "int32"), axis);
  return valueIn(inputs.isChannelsLast(0), x);
}

function firstPlace(size: number, start: number, step: number): number {
  const front = start < 0 ? start + size : start;
  return step > 0 ? Math.min(Math.max(front, 0), size) : Math.min(Math.max(front, 0), size - 1);
}

function gather(inputs: NodeInputs) {
  const { tf, node } = inputs;
  const dims = inputs.dims(0);
  const axis = fromFront(intAttribute(node, "axis", 0), dims.length);
  const places = inputs.numbers(1).map((place) => fromFront(place, dims[axis]));
  const outside = places.find((place) => !(place >= 0 && place < dims[axis]));
  if (outside !== undefined) throw new CamlabError(`it picks place ${outside} of an axis of ${dims[axis]}`);
  const indices = tf.tensor1d(places, "int32");
  const rank = inputs.dims(1).length;
  if (rank === 1)
    return valueIn(inputs.isChannelsLast(0), tf.gather(inputs.asItLies(0), indices, inputs.axisAsItLies(0, axis)));
  const picked = tf.gather(inputs.plain(0), indices, axis);
  return plainValue(tf.reshape(picked, [...dims.slice(0, axis), ...inputs.dims(1), ...dims.slice(axis + 1)]));
}

/** Padding with a number; or with the image mirrored at its edge, its edge repeated, or its other side. */
function pad(inputs: NodeInputs) {
  const { tf, node } = inputs;
  const rank = inputs.dims(0).length;
  const given = intsAttribute(node, "pads") ?? inputs.numbers(1);
  const axes = inputs.has(3) ? inputs.numbers(3) : inputs.dims(0).map((_, i) => i);
  const edges = Array.from({ length: rank }, (): [number, number] => [0, 0]);
  axes.forEach((axis, i) => {
    edges[inputs.axisAsItLies(0, axis)] = [given[i], given[i + axes.length]];
  });
  const mode = textAttribute(node, "mode", "constant");
  let x = inputs.asItLies(0);
  const grown = edges.map(([before, after]): [number, number] => [Math.max(0, before), Math.max(0, after)]);
  if (mode === "constant") {
    const fill = attribute(node, "value")?.f ?? inputs.number(2) ?? 0;
    if (grown.flat().some((edge) => edge > 0)) x = tf.pad(x, grown, fill);
  } else {
    grown.forEach(([before, after], axis) => {
      if (before + after === 0) return;
      const size = x.shape[axis];
      const places = Array.from({ length: before + size + after }, (_, i) => sourcePlace(mode, i - before, size));
      x = tf.gather(x, tf.tensor1d(places, "int32"), axis);
    });
  }
  return valueIn(inputs.isChannelsLast(0), cropped(inputs, x, edges));
}

/** Negative padding takes away. */
function cropped({ tf }: NodeInputs, x: Tensor, edges: readonly [number, number][]): Tensor {
  if (edges.flat().every((edge) => edge >= 0)) return tf.clone(x);
  const begin = edges.map(([before]) => Math.max(0, -before));
  const size = x.shape.map((length, axis) => length - begin[axis] - Math.max(0, -edges[axis][1]));
  return tf.slice(x, begin, size);
}

/** Which place of an axis stands at a place outside of it. */
function sourcePlace(mode: string, place: number, size: number): number {
  if (mode === "edge") return Math.min(Math.max(place, 0), size - 1);
  if (mode === "wrap") return ((place % size) + size) % size;
  if (mode !== "reflect")
    throw new CamlabError(`its mode is "${mode}" (expected "constant", "reflect", "edge" or "wrap")`);
  const period = Math.max(1, 2 * (size - 1));
  const inside = ((place % period) + period) % period;
  return inside < size ? inside : period - inside;
}
