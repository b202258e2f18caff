// Slopes that are lines between a few points: those of ReLU and its like.
import type { Activation } from "./activations.js";

/** A line p + q·x that joins the slope from a point on. */
export interface Knot {
  readonly from: number;
  readonly p: number;
  readonly q: number;
}

/** A slope: p + q·x, and lines that join it from their points on. */
export interface Knots {
  readonly p: number;
  readonly q: number;
  readonly knots: readonly Knot[];
}

/** The slope of an activation, when it is lines between points. */
export function knotsOf(activation: Activation): Knots | undefined {
  const line = (p: number, q: number, ...knots: readonly Knot[]): Knots => ({ p, q, knots });
  const step = (from: number, p: number): Knot => ({ from, p, q: 0 });
  switch (activation.kind) {
    case "relu":
      return line(0, 0, step(0, 1));
    case "leaky-relu":
      return line(activation.slope, 0, step(0, 1 - activation.slope));
    case "clip": {
      const { low, high } = activation;
      const ends = [...(low > -Infinity ? [step(low, 1)] : []), ...(high < Infinity ? [step(high, -1)] : [])];
      return line(low > -Infinity ? 0 : 1, 0, ...ends);
    }
    case "hard-sigmoid": {
      const { alpha, beta } = activation;
      if (alpha === 0) return line(0, 0);
      const [low, high] = [-beta / alpha, (1 - beta) / alpha].sort((a, b) => a - b);
      return line(0, 0, step(low, alpha), step(high, -alpha));
    }
    case "hard-swish":
      return line(0, 0, { from: -3, p: 0.5, q: 1 / 3 }, { from: 3, p: 0.5, q: -1 / 3 });
    case "squared-relu":
      return line(0, 0, { from: 0, p: 0, q: 2 });
    case "square":
      return line(0, 2);
    case "abs":
      return line(-1, 0, step(0, 2));
    case "negative":
      return line(-1, 0);
    default:
      return undefined;
  }
}
