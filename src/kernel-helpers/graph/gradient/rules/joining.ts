import { intAttribute, intsAttribute, textAttribute } from "../../onnx/attributes.js";
import { constantOf } from "../../onnx/constants.js";
import { fromFront } from "../../shapes/shape-arithmetic.js";
import { onlyFirst, refused, unary, zerosLike, type GradientRule, type Step } from "../step.js";

/** Gradients of what joins and takes apart. */
export const JOINING_RULES: Readonly<Record<string, GradientRule>> = {
  Concat: (step) => {
    const { node, emit, gradient } = step;
    const axis = fromFront(intAttribute(node, "axis", 1), step.shape(node.output[0]).length);
    let start = 0;
    return node.input.map((input, index) => {
      const size = sizeAt(step, input, axis);
      start += size;
      return step.wants(index) ? emit.slice(gradient, [axis], [start - size], [start]) : undefined;
    });
  },
  Split: (step) => {
    onlyFirst(step);
    const { node, emit, gradients } = step;
    const axis = fromFront(intAttribute(node, "axis", 0), step.shape(node.input[0]).length);
    return [
      emit.concat(
        node.output.map((output, i) => gradients[i] ?? zerosLike(step, output)),
        axis,
      ),
    ];
  },
  Slice: unary((step, input) => {
    const { node } = step;
    const list = (name: string, index: number) => intsAttribute(node, name) ?? step.list(node.input[index]);
    const [starts, ends] = [list("starts", 1), list("ends", 2)];
    if (!starts || !ends) throw refused(node, "where it cuts depends on the size of the photo");
    const axes = list("axes", 3) ?? starts.map((_, i) => i);
    const steps = list("steps", 4) ?? starts.map(() => 1);
    return axes.reduce((gradient, axisGiven, i) => {
      const axis = fromFront(axisGiven, step.shape(input).length);
      return backToPlaces(step, gradient, axis, slicePlaces(sizeAt(step, input, axis), starts[i], ends[i], steps[i]));
    }, step.gradient);
  }),
  Gather: unary((step, input) => {
    const { node, graph, gradient } = step;
    const shape = step.shape(input);
    const axis = fromFront(intAttribute(node, "axis", 0), shape.length);
    const indices = constantOf(graph, node.input[1]);
    if (!indices || indices.dims.length > 1) throw refused(node, "its indices are not a fixed list");
    const size = sizeAt(step, input, axis);
    const places = Array.from(indices.data, (index) => fromFront(index, size));
    const sizes = shape.map((dim, i) => (i === axis ? places.length : dim));
    const listed = indices.dims.length === 1 ? gradient : withAxis(step, gradient, axis, sizes);
    return backToPlaces(step, listed, axis, places);
  }),
  Pad: unary((step, input) => {
    const { node, emit, gradient } = step;
    const mode = textAttribute(node, "mode", "constant");
    if (mode !== "constant") throw refused(node, `padding by "${mode}" is not known, only by a constant`);
    const pads = intsAttribute(node, "pads") ?? step.list(node.input[1]);
    if (!pads) throw refused(node, "its padding depends on the size of the photo");
    const rank = step.shape(input).length;
    const axes = (step.list(node.input[3]) ?? range(rank)).map((axis) => fromFront(axis, rank));
    const padded = axes.filter((_, i) => pads[i] > 0 || pads[i + axes.length] > 0);
    const by = (axis: number, side: number) => pads[axes.indexOf(axis) + side * axes.length];
    const starts = padded.map((axis) => Math.max(0, by(axis, 0)));
    const ends = padded.map((axis) => (by(axis, 1) > 0 ? -by(axis, 1) : END));
    const inner = padded.length > 0 ? emit.slice(gradient, padded, starts, ends) : gradient;
    const cut = (side: number) => range(rank).map((axis) => (axes.includes(axis) ? Math.max(0, -by(axis, side)) : 0));
    return emit.pad(inner, [...cut(0), ...cut(1)]);
  }),
};

const END = 2 ** 31 - 1;

/** A gradient whose place i along an axis belongs to place `places[i]` of the input; the others get 0. */
function backToPlaces(step: Step, gradient: string, axis: number, places: readonly number[]): string {
  const { node, emit } = step;
  const input = node.input[0];
  const size = sizeAt(step, input, axis);
  const rank = step.shape(input).length;
  if (places.length > 0 && places.every((place, i) => place === places[0] + i)) {
    const pads = new Array<number>(2 * rank).fill(0);
    pads[axis] = places[0];
    pads[axis + rank] = size - places[0] - places.length;
    return emit.pad(gradient, pads);
  }
  // One more place, of zeros, for those that were not taken; a place taken several times is read as often.
  const end = new Array<number>(2 * rank).fill(0);
  end[axis + rank] = 1;
  const withZero = emit.pad(gradient, end);
  const takers = Array.from({ length: size }, (_, place) => range(places.length).filter((i) => places[i] === place));
  const rounds = Math.max(1, ...takers.map((list) => list.length));
  return range(rounds)
    .map((round) => takers.map((list) => list[round] ?? places.length))
    .map((indices) => emit.node("Gather", [withZero, emit.ints(indices)], { axis }))
    .reduce((sum, part) => emit.add(sum, part));
}

/** The places of an axis that `start:end:step` takes, in its order. */
function slicePlaces(size: number, start: number, end: number, step: number): number[] {
  const clamp = (at: number, low: number, high: number) => Math.min(Math.max(at < 0 ? at + size : at, low), high);
  const places: number[] = [];
  if (step > 0) for (let at = clamp(start, 0, size); at < clamp(end, 0, size); at += step) places.push(at);
  else for (let at = clamp(start, 0, size - 1); at > clamp(end, -1, size - 1); at += step) places.push(at);
  return places;
}

function sizeAt(step: Step, input: string, axis: number): number {
  const size = step.shape(input)[axis];
  if (typeof size === "number") return size;
  throw refused(step.node, `axis ${axis} of its input "${input}" varies in size`);
}

/** The axis that a single index took away, put back. */
function withAxis({ emit }: Step, value: string, axis: number, sizes: readonly (number | string | null)[]): string {
  if (sizes.filter((size) => typeof size !== "number").length <= 1) return emit.reshape(value, sizes);
  return emit.opset < 13
    ? emit.node("Unsqueeze", [value], { axes: [axis] })
    : emit.node("Unsqueeze", [value, emit.ints([axis])]);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
