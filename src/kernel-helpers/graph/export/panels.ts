import type { Emitter } from "../gradient/emitter.js";
import { GAUSS } from "../gauss.js";

/** Some places on the path from 0 to 1, and their weights in the integral: `N × places × 1 × 1`, or `1 × …`. */
export interface Panel {
  readonly t: string;
  readonly weight: string;
  /** The part of the path that each place stands for, as wide as its weight: where it begins, and where it ends. */
  readonly cell: { readonly from: string; readonly to: string };
}

/** Where the path is even, as far as is known. */
const EVEN = 2 ** -5;
/** How far below the first bend another one may lie: a normalisation of what a normalisation feeds bends earlier. */
const EARLIER = 2 ** -8;
const PANELS = 24;

/**
 * Gauss's rule on panels that grow by the same factor from where the path bends: a photo's own places, since a
 * normalisation bends where t times the deviation of its features is √ε.
 *
 * @param bends where normalisations bend, `N × 1 × 1 × 1` each
 */
export function gaussPanels(emit: Emitter, bends: readonly string[]): Panel[] {
  const row = (numbers: readonly number[]) => emit.floats([1, GAUSS.length, 1, 1], numbers);
  const rule = [...GAUSS].sort(([a], [b]) => a - b);
  const shares = rule.map(([, share]) => share);
  const [nodes, weights] = [row(rule.map(([x]) => x)), row(shares)];
  const begins = shares.map((_, i) => shares.slice(0, i).reduce((sum, share) => sum + share, 0));
  const [begin, end] = [row(begins), row(begins.map((from, i) => from + shares[i]))];
  const ends = panelEnds(emit, bends);
  return ends.map((to, i) => {
    const from = i === 0 ? undefined : ends[i - 1];
    const width = from === undefined ? to : emit.sub(to, from);
    const at = (places: string) => {
      const inside = emit.mul(width, places);
      return from === undefined ? inside : emit.add(inside, from);
    };
    return { t: at(nodes), weight: emit.mul(width, weights), cell: { from: at(begin), to: at(end) } };
  });
}

/** b^((J − j) / J) for j = 0 … J: from the smallest bend b to 1. */
function panelEnds(emit: Emitter, bends: readonly string[]): string[] {
  const share = (j: number) => (PANELS - j) / PANELS;
  const counts = Array.from({ length: PANELS + 1 }, (_, j) => j);
  if (bends.length === 0) return counts.map((j) => emit.floats([1, 1, 1, 1], [EVEN ** share(j)]));
  // Far below it, and near 1 where that lies beyond 1: y / (1 + y). Of several, less than each: 1 / Σ 1 / y.
  const inverses = bends.map((bend) => emit.div(1 / EARLIER, bend));
  const sum = inverses.reduce((total, inverse) => emit.add(total, inverse));
  const first = emit.div(1, emit.add(sum, 1));
  return counts.map((j) => (j === PANELS ? emit.floats([1, 1, 1, 1], [1]) : emit.pow(first, share(j))));
}
