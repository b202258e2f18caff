import type { Dim } from "../../graph/onnx/graph.js";
import { CamlabError } from "../../support/errors.js";
import type { GraphBuilder } from "../graph-builder.js";
import { asFile, asPicture, frontAxis, like, storedAxis, type Value } from "./value.js";
import { globalPool, type Pads } from "./windows.js";

/**
 * Other sizes for each picture; −1 is what remains.
 *
 * @param sizes without the batch
 */
export function reshape(builder: GraphBuilder, input: Value, sizes: readonly number[], name: string): Value {
  const target = filled(input.shape.slice(1), sizes, name);
  const shape = [input.shape[0], ...target];
  if (shape.length === input.shape.length && shape.every((dim, i) => dim === input.shape[i])) return input;
  const last = target.at(-1);
  const isPlace = (dims: readonly Dim[]) => dims.slice(0, -1).every((dim) => dim === 1);
  // N × 1 × 1 × C and N × C are the same numbers in the same order, whichever way pictures lie.
  if (input.isPicture && isPlace(input.shape.slice(1)) && target.length === 1) {
    return { name: builder.node("Flatten", [input.name], name), shape, isPicture: false };
  }
  if (
    target.length === 3 &&
    isPlace(target) &&
    typeof last === "number" &&
    (input.isPicture ? isPlace(input.shape.slice(1)) : true)
  ) {
    return { name: reshaped(builder, input.name, [0, last, 1, 1], name), shape, isPicture: true };
  }
  const plain = asFile(builder, input);
  if (target.length === 1) return { name: builder.node("Flatten", [plain.name], name), shape, isPicture: false };
  const written = target.map((dim) => (typeof dim === "number" ? dim : -1));
  return { name: reshaped(builder, plain.name, [0, ...written], name), shape, isPicture: false };
}

function reshaped(builder: GraphBuilder, value: string, sizes: readonly number[], name: string): string {
  return builder.node("Reshape", [value, builder.wholeNumbers(`${name}/sizes`, sizes)], name);
}

function filled(from: readonly Dim[], sizes: readonly number[], name: string): Dim[] {
  const total = from.every((dim) => typeof dim === "number")
    ? from.reduce((product: number, dim) => product * Number(dim), 1)
    : undefined;
  const known = sizes.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
  const open = sizes.filter((size) => size === -1).length;
  const fits = total === undefined || (open === 0 ? known === total : known > 0 && total % known === 0);
  if (open > 1 || sizes.some((size) => !Number.isSafeInteger(size) || size < -1) || !fits) {
    throw new CamlabError(`"${name}" makes ${sizes.join("×")} of ${from.map((dim) => dim ?? "?").join("×")}`);
  }
  return sizes.map((size) => (size === -1 ? (total === undefined ? null : total / known) : size));
}

/** All axes of each picture in one, as the file orders them. */
export function flatten(builder: GraphBuilder, input: Value, name: string): Value {
  return reshape(builder, input, [-1], name);
}

/** Values behind each other along an axis. */
export function concat(builder: GraphBuilder, inputs: readonly Value[], axis: number, name: string): Value {
  const [first] = inputs;
  if (first === undefined) throw new CamlabError(`"${name}" puts nothing together`);
  const front = frontAxis(first.shape.length, axis);
  const pictures = inputs.some(({ isPicture }) => isPicture);
  const parts = inputs.map((input) => (pictures ? asPicture(builder, input) : input));
  if (parts.some(({ shape }) => shape.length !== first.shape.length))
    throw new CamlabError(`"${name}" puts unlike shapes together`);
  const total = parts
    .map(({ shape }) => shape[front])
    .reduce<Dim>((sum, dim) => (typeof sum === "number" && typeof dim === "number" ? sum + dim : null), 0);
  const output = builder.node(
    "Concat",
    parts.map((part) => part.name),
    name,
    { axis: storedAxis(parts[0], axis) },
  );
  return like(
    parts[0],
    output,
    first.shape.map((dim, i) => (i === front ? total : dim)),
  );
}

/** Numbers around a picture. */
export function pad(
  builder: GraphBuilder,
  input: Value,
  { top, bottom, left, right }: Pads,
  name: string,
  { value = 0, mode = "constant" }: { readonly value?: number; readonly mode?: "constant" | "reflect" } = {},
): Value {
  const picture = asPicture(builder, input);
  const pads = builder.wholeNumbers(`${name}/pads`, [0, 0, top, left, 0, 0, bottom, right]);
  const extra = mode === "constant" ? [builder.number(`${name}/value`, value)] : [];
  const output = builder.node("Pad", [picture.name, pads, ...extra], name, { mode });
  const [batch, rows, columns, channels] = picture.shape;
  const larger = (side: Dim, by: number): Dim => (typeof side === "number" ? side + by : null);
  return like(picture, output, [batch, larger(rows, top + bottom), larger(columns, left + right), channels]);
}

/** A part of each picture: rows and columns cut away. */
export function crop(builder: GraphBuilder, input: Value, { top, bottom, left, right }: Pads, name: string): Value {
  const picture = asPicture(builder, input);
  const ends = [bottom, right].map((side) => (side === 0 ? 2 ** 31 - 1 : -side));
  const lists = { start: [top, left], end: ends, axes: [2, 3] };
  const inputs = Object.entries(lists).map(([label, list]) => builder.wholeNumbers(`${name}/${label}`, list));
  const output = builder.node("Slice", [picture.name, ...inputs], name);
  const [batch, rows, columns, channels] = picture.shape;
  const smaller = (side: Dim, by: number): Dim => (typeof side === "number" ? side - by : null);
  const shape = [batch, smaller(rows, top + bottom), smaller(columns, left + right), channels];
  if (shape.some((side) => typeof side === "number" && side < 1))
    throw new CamlabError(`"${name}" cuts everything away`);
  return like(picture, output, shape);
}

/** Axes in another order. */
export function transpose(builder: GraphBuilder, input: Value, order: readonly number[], name: string): Value {
  const plain = asFile(builder, input);
  if (
    order.length !== plain.shape.length ||
    new Set(order.map((axis) => frontAxis(order.length, axis))).size !== order.length
  ) {
    throw new CamlabError(`"${name}" orders ${plain.shape.length} axes as ${order.join(", ")}`);
  }
  const shape = order.map((axis) => plain.shape[axis]);
  return { name: builder.node("Transpose", [plain.name], name, { perm: order }), shape, isPicture: false };
}

/** The mean, the sum or the largest along axes. */
export function reduce(
  builder: GraphBuilder,
  kind: "mean" | "max" | "sum",
  input: Value,
  axes: readonly number[],
  keep: boolean,
  name: string,
): Value {
  const front = axes.map((axis) => frontAxis(input.shape.length, axis)).sort((a, b) => a - b);
  const isGlobal = input.shape.length === 4 && front.length === 2 && front[0] === 1 && front[1] === 2;
  if (isGlobal && kind !== "sum") return globalPool(builder, kind, input, name, keep);
  const value = input.isPicture && !keep ? asFile(builder, input) : input;
  const stored = front.map((axis) => storedAxis(value, axis));
  const shape = value.shape.flatMap((dim, i) => (front.includes(i) ? (keep ? [1] : []) : [dim]));
  // Sums take their axes as an input from operator set 13 on, the others as an attribute up to 17.
  const output =
    kind === "sum"
      ? builder.node("ReduceSum", [value.name, builder.wholeNumbers(`${name}/axes`, stored)], name, {
          keepdims: keep ? 1 : 0,
        })
      : builder.node(kind === "max" ? "ReduceMax" : "ReduceMean", [value.name], name, {
          axes: stored,
          keepdims: keep ? 1 : 0,
        });
  return like(value, output, shape);
}

/** How a picture is brought to another size. */
export interface Resizing {
  readonly kind: "nearest" | "bilinear";
  readonly alignCorners?: boolean;
  readonly halfPixels?: boolean;
}

/** A picture of another size: rows and columns, or factors. */
export function resize(
  builder: GraphBuilder,
  input: Value,
  to: { readonly size: readonly [number, number] } | { readonly factors: readonly [number, number] },
  { kind, alignCorners = false, halfPixels = false }: Resizing,
  name: string,
): Value {
  const picture = asPicture(builder, input);
  const [batch, rows, columns, channels] = picture.shape;
  if ("size" in to && (typeof rows !== "number" || typeof columns !== "number")) {
    throw new CamlabError(`"${name}" brings pictures of an open size to a fixed one`);
  }
  const factors = "factors" in to ? to.factors : ([to.size[0] / Number(rows), to.size[1] / Number(columns)] as const);
  if (!factors.every((factor) => factor > 0 && factor <= 2 ** 10))
    throw new CamlabError(`"${name}" makes pictures ${factors.join("×")} times as large`);
  const scales = builder.floats(`${name}/scales`, [4], Float32Array.of(1, 1, ...factors));
  const output = builder.node("Resize", [picture.name, "", scales], name, {
    mode: kind === "nearest" ? "nearest" : "linear",
    coordinate_transformation_mode: alignCorners ? "align_corners" : halfPixels ? "half_pixel" : "asymmetric",
    ...(kind === "nearest" && { nearest_mode: alignCorners || halfPixels ? "round_prefer_ceil" : "floor" }),
  });
  const side = (size: Dim, factor: number): Dim => (typeof size === "number" ? Math.floor(size * factor + 1e-6) : null);
  return like(picture, output, [batch, side(rows, factors[0]), side(columns, factors[1]), channels]);
}
