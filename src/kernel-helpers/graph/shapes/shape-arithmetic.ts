import type { Dim } from "../onnx/graph.js";

/** A size as a number times a symbol: `"64·N"` is 64 for each photo. */
interface Monomial {
  readonly factor: number;
  readonly symbol?: string;
}

function monomial(dim: number | string): Monomial {
  if (typeof dim === "number") return { factor: dim };
  const parts = /^(\d+)·([\s\S]+)$/.exec(dim);
  return parts ? { factor: Number(parts[1]), symbol: parts[2] } : { factor: 1, symbol: dim };
}

function dimOf({ factor, symbol }: Monomial): Dim {
  if (symbol === undefined || factor === 0) return factor;
  return factor === 1 ? symbol : Number.isInteger(factor) && factor > 0 ? `${factor}·${symbol}` : null;
}

/** Product of sizes: one symbol may be among them, and stays with the product of the numbers: `"64·N"`. */
export function product(dims: readonly Dim[]): Dim {
  let factor = 1;
  let symbol: string | undefined;
  for (const dim of dims) {
    if (dim === null) return null;
    const part = monomial(dim);
    if (part.symbol !== undefined && symbol !== undefined) return null;
    symbol ??= part.symbol;
    factor *= part.factor;
  }
  return dimOf({ factor, ...(symbol !== undefined && { symbol }) });
}

/** One size divided by another; `null` when it is not known, or not a whole number of them. */
export function ratio(a: Dim, b: Dim): Dim {
  if (a === null || b === null) return null;
  const [above, below] = [monomial(a), monomial(b)];
  if (below.factor === 0 || (below.symbol !== undefined && below.symbol !== above.symbol)) return null;
  const factor = above.factor / below.factor;
  if (below.symbol !== undefined || above.symbol === undefined) return factor;
  return Number.isInteger(factor) ? dimOf({ factor, symbol: above.symbol }) : null;
}

/** Two shapes stretched over each other by NumPy's rule. */
export function broadcast(a: readonly Dim[], b: readonly Dim[]): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [one, two] = [
      a[axis - rank + a.length] ?? missing(a, axis, rank),
      b[axis - rank + b.length] ?? missing(b, axis, rank),
    ];
    if (one === 1) return two;
    if (two === 1 || one === two) return one;
    if (typeof one === "number") return one;
    return typeof two === "number" ? two : null;
  });
}

function missing(shape: readonly Dim[], axis: number, rank: number): Dim {
  return axis < rank - shape.length ? 1 : null;
}

/** An axis counted from the front. */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** An axis and all behind it; none where the value has no such axis, as a damaged file may say. */
export function axesFrom(axis: number, rank: number): number[] {
  const first = fromFront(axis, rank);
  return first < 0 ? [] : Array.from({ length: rank - first }, (_, i) => first + i);
}

/** How many elements `start:end:step` takes of an axis, by the clamping of ONNX's Slice. */
export function sliceLength(size: number, start: number, end: number, step: number): number {
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const clamp = (at: number) => Math.min(Math.max(at < 0 ? at + size : at, low), high);
  return Math.max(0, Math.ceil((clamp(end) - clamp(start)) / step));
}

/** Output size of a window that slides over one axis. */
export function windowCount(window: {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
  readonly autoPad: string;
  readonly ceil: boolean;
}): number {
  const { size, kernel, stride, dilation, before, after, autoPad, ceil } = window;
  const reach = dilation * (kernel - 1) + 1;
  if (autoPad.startsWith("SAME")) return Math.ceil(size / stride);
  const [head, tail] = autoPad === "VALID" ? [0, 0] : [before, after];
  const steps = (size + head + tail - reach) / stride;
  if (!ceil) return Math.floor(steps) + 1;
  const count = Math.ceil(steps) + 1;
  return (count - 1) * stride >= size + head ? count - 1 : count;
}

/** What ONNX's SAME_UPPER, or SAME_LOWER, pads before and behind: as little as leaves ⌈size / stride⌉ windows. */
export function samePadding(size: number, stride: number, reach: number, upper: boolean): [number, number] {
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size);
  const less = Math.floor(total / 2);
  return upper ? [less, total - less] : [total - less, less];
}
