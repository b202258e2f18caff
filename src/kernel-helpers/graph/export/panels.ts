import type { Emitter } from "../gradient/emitter.js";
import { GAUSS } from "../gauss.js";

/** Some places on the path from 0 to 1, and their weights in the integral: `N × places × 1 × 1`, or `1 × …`. */
export interface Panel {
  readonly t: string;
  readonly weight: string;
}

/** Where the path is even, as far as is known. */
const EVEN = 2 ** -5;
const PANELS = 16;

/**
 * Gauss's rule on panels that grow by the same factor from where the path bends: a photo's own places, since a
 * normalisation bends where t times the deviation of its features is √ε.
 *
 * @param bends where normalisations bend, `N × 1 × 1 × 1` each
 */
export function gaussPanels(emit: Emitter, bends: readonly string[]): Panel[] {
  const points = (index: 0 | 1) =>
    emit.floats(
      [1, GAUSS.length, 1, 1],
      GAUSS.map((point) => point[index]),
    );
  const [nodes, weights] = [points(0), points(1)];
  const ends = panelEnds(emit, bends);
  return ends.map((to, i) => {
    const from = i === 0 ? undefined : ends[i - 1];
    const width = from === undefined ? to : emit.sub(to, from);
    const inside = emit.mul(width, nodes);
    return { t: from === undefined ? inside : emit.add(inside, from), weight: emit.mul(width, weights) };
  });
}

/** b^((J − j) / J) for j = 0 … J: from the smallest bend b to 1. */
function panelEnds(emit: Emitter, bends: readonly string[]): string[] {
  const share = (j: number) => (PANELS - j) / PANELS;
  const counts = Array.from({ length: PANELS + 1 }, (_, j) => j);
  if (bends.length === 0) return counts.map((j) => emit.floats([1, 1, 1, 1], [EVEN ** share(j)]));
  // Half of it, and near 1 where it lies beyond 1: y / (1 + y). Of several, less than each: 1 / Σ 1 / y.
  const inverses = bends.map((bend) => emit.div(2, bend));
  const sum = inverses.reduce((total, inverse) => emit.add(total, inverse));
  const first = emit.div(1, emit.add(sum, 1));
  return counts.map((j) => (j === PANELS ? emit.floats([1, 1, 1, 1], [1]) : emit.pow(first, share(j))));
}
