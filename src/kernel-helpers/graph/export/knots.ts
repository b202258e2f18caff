// The slopes of ReLU and its like, which are lines between a few points: their means between two numbers have a closed form
// that loses nothing to rounding.
import type { Emitter, Operand } from "../gradient/emitter.js";
import type { Knots } from "../head/slope-knots.js";

/** The slope at x. */
export function slopeOfKnots(emit: Emitter, { p, q, knots }: Knots, x: string): string {
  const parts = knots.map((knot) => emit.mul(emit.number(emit.greater(x, knot.from)), lineAt(emit, knot, x)));
  return [...parts].reduce((sum, part) => emit.add(sum, part), asValue(emit, lineAt(emit, { p, q }, x), x));
}

/**
 * The mean of the slope from `start` to `start + rise`. With τ the share of the way at which a knot is passed, its line
 * counts from τ to 1 on a way up, from 0 to τ on a way down; the mean of a line is its value in the middle.
 */
export function meanOfKnots(emit: Emitter, { p, q, knots }: Knots, start: string, rise: string): string {
  const up = emit.number(emit.greater(rise, 0));
  const nothing = emit.number(emit.less(emit.node("Abs", [rise]), TINY));
  const way = emit.add(rise, emit.mul(nothing, 2 * TINY));
  const middle = emit.add(start, emit.mul(rise, 0.5));
  const parts = knots.map((knot) => {
    const passed = clipped(emit, emit.div(emit.sub(knot.from, start), way));
    // Up: 1 − τ of the way, its middle (1 + τ) / 2; down: τ of it, its middle τ / 2.
    const share = emit.add(up, emit.mul(passed, emit.sub(1, emit.mul(up, 2))));
    const at = emit.add(start, emit.mul(rise, emit.mul(emit.add(passed, up), 0.5)));
    return emit.mul(share, lineAt(emit, knot, at));
  });
  return parts.reduce((sum, part) => emit.add(sum, part), asValue(emit, lineAt(emit, { p, q }, middle), rise));
}

/** A way that is shorter goes nowhere. */
const TINY = 1e-20;

function lineAt(emit: Emitter, { p, q }: { readonly p: number; readonly q: number }, x: string): Operand {
  return q === 0 ? p : emit.add(emit.mul(x, q), p);
}

function asValue(emit: Emitter, operand: Operand, like: string): string {
  return typeof operand === "string" ? operand : emit.add(emit.mul(like, 0), operand);
}

/** Between 0 and 1. */
function clipped(emit: Emitter, x: string): string {
  if (emit.opset < 11) return emit.node("Clip", [x], { min: { float: 0 }, max: { float: 1 } });
  return emit.node("Clip", [x, emit.floats([], [0]), emit.floats([], [1])]);
}
