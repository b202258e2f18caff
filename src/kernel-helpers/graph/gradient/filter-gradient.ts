import type { Dim } from "../onnx/graph.js";
import { elementCount } from "../onnx/tensor.js";
import { refused, sizesOf, type Step } from "./step.js";
import type { Windows } from "./windows.js";

/**
 * The gradient of a convolution by its filters: ∂L/∂w[o, c, k] = Σ over photos n and places p of g[n, o, p] · x[n, c, s·p + d·k],
 * a matrix product for each place k of the kernel, of the gradient with what that place has seen.
 */
export function filterGradient(step: Step, windows: readonly Windows[], group: number): string {
  const { node, emit } = step;
  const [outputs, channels] = sizesOf(step, node.input[1]);
  const places = elementCount(windows.map(({ count }) => count));
  const seen = seenByTaps(step, windows);
  const kernel = windows.map((window) => window.kernel);
  const ofGroup = { gradient: outputs / group, input: channels };
  const apart = (value: string, each: number, times = 1): string => {
    const rows: Dim[] = group === 1 ? [each * times] : [group, each * times];
    return emit.reshape(value, [null, ...rows, places]);
  };
  const gradient = apart(step.gradient, ofGroup.gradient);
  const first = group === 1 ? 1 : 2;
  const turned = (value: string) => emit.transpose(value, group === 1 ? [0, 2, 1] : [0, 1, 3, 2]);
  if (ofGroup.input === 1 && group > 1) {
    const parts = seen.map((tap) => {
      const products = emit.mul(gradient, apart(tap, 1));
      return emit.reshape(emit.sum(products, [0, first + 1], false), [outputs, 1, 1]);
    });
    return emit.reshape(emit.concat(parts, 2), [outputs, 1, ...kernel]);
  }
  if (group === 1 && seen.length > 1 && channels <= FEW) {
    // One product with all places side by side.
    const all = apart(emit.concat(seen, 1), channels, seen.length);
    const found = emit.sum(emit.matMul(gradient, turned(all)), [0], false);
    const swapped = emit.transpose(emit.reshape(found, [outputs, seen.length, channels]), [0, 2, 1]);
    return emit.reshape(swapped, [outputs, channels, ...kernel]);
  }
  const parts = seen.map((tap) => {
    const found = emit.sum(emit.matMul(gradient, turned(apart(tap, channels))), [0], false);
    return emit.reshape(found, [outputs, channels, 1]);
  });
  return emit.reshape(emit.concat(parts, 2), [outputs, channels, ...kernel]);
}

/** Channels so few that a product for each place of a kernel would be mostly set-up. */
const FEW = 16;

/** What each place of the kernel sees in all windows: photos × channels × windows. */
function seenByTaps(step: Step, windows: readonly Windows[]): string[] {
  const { node, emit } = step;
  const [input] = node.input;
  if (windows.every((w) => w.kernel === 1 && w.stride === 1 && w.before === 0 && w.tail === 0)) return [input];
  if (emit.opset < 10) throw refused(node, "its filters' gradient needs operator set 10 or newer");
  const edges = [windows.map(({ before }) => before), windows.map(({ tail }) => Math.max(0, tail))];
  const padded = emit.pad(input, [0, 0, ...edges[0], 0, 0, ...edges[1]]);
  const axes = windows.map((_, i) => i + 2);
  return tapsOf(windows).map((tap) => {
    const starts = tap.map((place, i) => place * windows[i].dilation);
    const ends = windows.map(({ stride, count }, i) => starts[i] + stride * (count - 1) + 1);
    return emit.stridedSlice(padded, axes, starts, ends, windows.map(({ stride }) => stride)); // prettier-ignore
  });
}

/** All places of a kernel, the last axis fastest. */
function tapsOf(windows: readonly Windows[]): number[][] {
  return windows.reduce<number[][]>(
    (taps, { kernel }) => taps.flatMap((tap) => Array.from({ length: kernel }, (_, place) => [...tap, place])),
    [[]],
  );
}
