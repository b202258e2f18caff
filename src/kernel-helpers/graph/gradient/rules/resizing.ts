import { floatAttribute, intAttribute, textAttribute } from "../../onnx/attributes.js";
import { constantOf } from "../../onnx/constants.js";
import { fromFront } from "../../shapes/shape-arithmetic.js";
import { onlyFirst, refused, sizesOf, type GradientRule, type Step } from "../step.js";

/** Gradients of operators that resize maps, which is linear in them: along each axis the transposed matrix. */
export const RESIZING_RULES: Readonly<Record<string, GradientRule>> = {
  Resize: (step) => [resized(step)],
  Upsample: (step) => [resized(step)],
};

function resized(step: Step): string {
  onlyFirst(step);
  const { emit, gradient, node, shape } = step;
  const [input, output] = [node.input[0], node.output[0]];
  const rank = shape(input).length;
  const isStretch = textAttribute(node, "keep_aspect_ratio_policy", "stretch") === "stretch";
  if (intAttribute(node, "antialias", 0) !== 0 || !isStretch) throw refused(node, "it smooths, or keeps proportions");
  const scales = scalesOf(step, rank);
  let back = gradient;
  for (let axis = 0; axis < rank; axis++) {
    const [from, to] = [shape(input)[axis], shape(output)[axis]];
    const isBatch = axis === 0 && typeof from !== "number";
    if (isBatch || (from === to && (scales?.[axis] ?? 1) === 1)) continue;
    const [size] = sizesOf(step, input, axis);
    const [count] = sizesOf(step, output, axis);
    const matrix = interpolation(step, { size, count, scale: scales?.[axis] ?? count / size });
    back = timesAlong(step, back, { axis, rank, matrix, size, count });
  }
  return back === gradient ? emit.node("Identity", [gradient]) : back;
}

/** The factors that the node gives, one an axis; undefined where it gives sizes. */
function scalesOf({ graph, node }: Step, rank: number): readonly number[] | undefined {
  const name = node.opType === "Upsample" || graph.opset < 11 ? node.input[1] : node.input[2];
  if (!name) return undefined;
  const given = constantOf(graph, name)?.data;
  if (!given) throw refused(node, "its scales depend on the photo");
  if (given.length === 0) return undefined;
  const axes = node.attribute.find((each) => each.name === "axes")?.ints.map((axis) => fromFront(Number(axis), rank));
  const scales = new Array<number>(rank).fill(1);
  Array.from(given).forEach((scale, i) => (scales[axes?.[i] ?? i] = scale));
  return scales;
}

interface Stretch {
  readonly size: number;
  readonly count: number;
  readonly scale: number;
}

/** `count × size`: how much of each place of the input every place of the output takes. */
function interpolation(step: Step, { size, count, scale }: Stretch): Float32Array {
  const { node, graph } = step;
  const isOld = node.opType === "Upsample" || graph.opset < 11;
  const coordinates = isOld ? "asymmetric" : textAttribute(node, "coordinate_transformation_mode", "half_pixel");
  const mode = textAttribute(node, "mode", "nearest");
  const matrix = new Float32Array(count * size);
  const clamped = (place: number) => Math.min(Math.max(place, 0), size - 1);
  for (let i = 0; i < count; i++) {
    const at = placeIn(step, coordinates, i, { size, count, scale });
    const take = (place: number, share: number) => (matrix[i * size + clamped(place)] += share);
    if (mode === "nearest") take(nearestOf(step, isOld, at, scale), 1);
    else if (mode === "linear") {
      const low = Math.floor(clamped(at));
      take(low, 1 - (clamped(at) - low));
      take(low + 1, clamped(at) - low);
    } else if (mode === "cubic") cubicShares(step, at, size).forEach(([place, share]) => take(place, share));
    else throw refused(node, `the mode "${mode}" is not known`);
  }
  return matrix;
}

/** Engines compute places in single precision, and round them then. */
const single = Math.fround;

/** Where a place of the output lies in the input. */
function placeIn({ node }: Step, coordinates: string, i: number, { size, count, scale }: Stretch): number {
  switch (coordinates) {
    case "half_pixel":
      return single((i + 0.5) / scale) - 0.5;
    case "pytorch_half_pixel":
      return count > 1 ? single((i + 0.5) / scale) - 0.5 : 0;
    case "align_corners":
      return count > 1 ? single((i * (size - 1)) / (count - 1)) : 0;
    case "asymmetric":
      return single(i / scale);
    case "half_pixel_symmetric":
      return single((size / 2) * (1 - count / (scale * size)) + single((i + 0.5) / scale)) - 0.5;
    case "tf_half_pixel_for_nn":
      return single((i + 0.5) / scale);
    default:
      throw refused(node, `the coordinates "${coordinates}" are not known`);
  }
}

function nearestOf({ node }: Step, isOld: boolean, at: number, scale: number): number {
  if (isOld) return scale < 1 ? Math.ceil(at) : Math.floor(at);
  switch (textAttribute(node, "nearest_mode", "round_prefer_floor")) {
    case "floor":
      return Math.floor(at);
    case "ceil":
      return Math.ceil(at);
    case "round_prefer_ceil":
      return Math.floor(at + 0.5);
    default:
      return Math.ceil(at - 0.5);
  }
}

/** Keys' cubic convolution: four places and their shares. */
function cubicShares({ node }: Step, at: number, size: number): readonly (readonly [place: number, share: number])[] {
  const a = floatAttribute(node, "cubic_coeff_a", -0.75);
  const low = Math.floor(at);
  const near = (x: number) => ((a + 2) * x - (a + 3)) * x * x + 1;
  const far = (x: number) => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  const t = at - low;
  const shares = [far(1 + t), near(t), near(1 - t), far(2 - t)].map((share, i) => [low - 1 + i, share] as const);
  if (intAttribute(node, "exclude_outside", 0) === 0) return shares;
  const inside = shares.filter(([place]) => place >= 0 && place < size);
  const sum = inside.reduce((total, [, share]) => total + share, 0);
  return inside.map(([place, share]) => [place, share / sum] as const);
}

interface Along {
  readonly axis: number;
  readonly rank: number;
  /** `count × size` */
  readonly matrix: Float32Array;
  readonly size: number;
  readonly count: number;
}

/** A value of `count` places along an axis times a matrix: `size` places. */
function timesAlong({ emit }: Step, value: string, { axis, rank, matrix, size, count }: Along): string {
  const factor = emit.tensor([count, size], matrix);
  const last = rank - 1;
  if (axis === last) return emit.matMul(value, factor);
  if (axis === last - 1) return emit.matMul(emit.transpose(factor, [1, 0]), value);
  const swap = Array.from({ length: rank }, (_, i) => (i === axis ? last : i === last ? axis : i));
  return emit.transpose(emit.matMul(emit.transpose(value, swap), factor), swap);
}
