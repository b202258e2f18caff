import { elementCount } from "../../onnx/tensor.js";
import { refused, sizesOf, type Step } from "../step.js";
import type { Windows } from "./windows.js";

/**
 * The gradient of a convolution by its filters: ∂L/∂w[o, c, k] = Σ over photos n and places p of g[n, o, p] · x[n, c, s·p + d·k],
 * a product for each place k of the kernel, of the gradient with what that place has seen.
 */
export function filterGradient(step: Step, windows: readonly Windows[], group: number): string {
  const moves = windows.every(({ stride, dilation }) => stride === 1 || dilation === 1);
  return group === 1 && moves && step.emit.opset >= 10
    ? ofShiftedRows(step, windows)
    : ofSeenPlaces(step, windows, group);
}

/**
 * Photos of a channel lie behind each other in one long row, so that to move by a place of the kernel is to read the row
 * from another number on, which costs nothing but a copy, and each product is a single one. Strides are first divided out:
 * x is laid apart into s × s phases, as channels of their own, over which a kernel of ⌈k ÷ s⌉ moves by ones. The gradient
 * has zeros between its rows and photos.
 */
function ofShiftedRows(step: Step, windows: readonly Windows[]): string {
  const { node, emit } = step;
  const [outputs, channels] = sizesOf(step, node.input[1]);
  const axes = windows.map((_, i) => i + 2);
  const strides = windows.map(({ stride }) => stride);
  const taps = windows.map(({ kernel, stride }) => Math.ceil(kernel / stride));
  const reach = windows.map(({ dilation }, i) => dilation * (taps[i] - 1));
  const sides = windows.map(({ count }, i) => count + reach[i]);
  const photosLast = [1, 0, ...axes];

  const after = windows.map(({ size, before, stride }, i) => sides[i] * stride - before - size);
  const whole = emit.pad(node.input[0], [0, 0, ...windows.map(({ before }) => before), 0, 0, ...after]);
  const rows = emit.transpose(whole, photosLast);
  const phases = combinations(strides);
  const ends = windows.map(({ stride }, i) => sides[i] * stride);
  const apart = phases.length === 1 ? rows : emit.concat(phases.map((phase) => emit.stridedSlice(rows, axes, phase, ends, strides)), 0); // prettier-ignore
  const seen = emit.reshape(apart, [phases.length * channels, null]);
  const between = emit.pad(emit.transpose(step.gradient, photosLast), [0, 0, ...reach.map(() => 0), 0, 0, ...reach]);
  const gradient = emit.reshape(between, [outputs, null]);

  const offsets = combinations(taps).map((tap) =>
    tap.reduce((offset, place, i) => offset * sides[i] + place * windows[i].dilation, 0),
  );
  const furthest = Math.max(...offsets);
  // Whichever has fewer channels is moved: what is seen to the left, or the gradient to the right.
  const movesGradient = outputs <= phases.length * channels;
  const moved = movesGradient ? emit.pad(gradient, [0, furthest, 0, 0]) : emit.pad(seen, [0, 0, 0, furthest]);
  const products = offsets.map((offset) => {
    const start = movesGradient ? furthest - offset : offset;
    const part = furthest === 0 ? moved : emit.slice(moved, [1], [start], [start < furthest ? start - furthest : END]);
    const [left, right] = movesGradient ? [part, seen] : [gradient, part];
    return emit.reshape(emit.matMul(left, emit.transpose(right, [1, 0])), [outputs, phases.length * channels, 1]);
  });
  return kernelOf(step, emit.concat(products, 2), windows, taps);
}

const END = 2 ** 31 - 1;

/** Outputs × (phases, channels) × taps as outputs × channels × kernel. */
function kernelOf({ emit, node, shape }: Step, value: string, windows: readonly Windows[], taps: readonly number[]) {
  const [outputs, channels] = shape(node.input[1]);
  const strides = windows.map(({ stride }) => stride);
  const apart = emit.reshape(value, [outputs, ...strides, channels, ...taps]);
  const rank = windows.length;
  const order = windows.flatMap((_, i) => [rank + 2 + i, 1 + i]);
  const whole = emit.transpose(apart, [0, rank + 1, ...order]);
  const larger = emit.reshape(whole, [outputs, channels, ...taps.map((count, i) => count * strides[i])]);
  const cut = windows.flatMap(({ kernel }, i) => (taps[i] * strides[i] > kernel ? [i] : []));
  if (cut.length === 0) return larger;
  return emit.slice(
    larger,
    cut.map((i) => i + 2),
    cut.map(() => 0),
    cut.map((i) => windows[i].kernel),
  );
}

/** For channels in groups, photo by photo; for one channel at a time a product of numbers, not of matrices. */
function ofSeenPlaces(step: Step, windows: readonly Windows[], group: number): string {
  const { node, emit } = step;
  const [outputs, channels] = sizesOf(step, node.input[1]);
  const places = elementCount(windows.map(({ count }) => count));
  const kernel = windows.map((window) => window.kernel);
  const apart = (value: string, each: number) => emit.reshape(value, [null, group, each, places]);
  const gradient = apart(step.gradient, outputs / group);
  const products = seenByTaps(step, windows).map((tap) => {
    const seen = apart(tap, channels);
    const found =
      channels === 1
        ? emit.sum(emit.mul(gradient, seen), [0, 3], false)
        : emit.sum(emit.matMul(gradient, emit.transpose(seen, [0, 1, 3, 2])), [0], false);
    return emit.reshape(found, [outputs, channels, 1]);
  });
  return emit.reshape(emit.concat(products, 2), [outputs, channels, ...kernel]);
}

/** What each place of the kernel sees in all windows: photos × channels × windows. */
function seenByTaps(step: Step, windows: readonly Windows[]): string[] {
  const { node, emit } = step;
  const [input] = node.input;
  if (windows.every((w) => w.kernel === 1 && w.stride === 1 && w.before === 0 && w.tail === 0)) return [input];
  if (emit.opset < 10) throw refused(node, "its filters' gradient needs operator set 10 or newer");
  const edges = [windows.map(({ before }) => before), windows.map(({ tail }) => Math.max(0, tail))];
  const padded = emit.pad(input, [0, 0, ...edges[0], 0, 0, ...edges[1]]);
  const axes = windows.map((_, i) => i + 2);
  const strides = windows.map(({ stride }) => stride);
  return combinations(kernelSides(windows)).map((tap) => {
    const starts = tap.map((place, i) => place * windows[i].dilation);
    const ends = windows.map(({ stride, count }, i) => starts[i] + stride * (count - 1) + 1);
    return emit.stridedSlice(padded, axes, starts, ends, strides);
  });
}

function kernelSides(windows: readonly Windows[]): number[] {
  return windows.map(({ kernel }) => kernel);
}

/** All places of a box of so many a side, the last axis fastest. */
function combinations(sides: readonly number[]): number[][] {
  return sides.reduce<number[][]>(
    (places, side) => places.flatMap((place) => Array.from({ length: side }, (_, i) => [...place, i])),
    [[]],
  );
}
