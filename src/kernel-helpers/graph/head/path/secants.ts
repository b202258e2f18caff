// Mean gradients of a score over panels of a path, by the chain rule with differences in place of slopes:
//
//   act(x₁) − act(x₀) = m (x₁ − x₀),   m = (act(x₁) − act(x₀)) / (x₁ − x₀)
//   a₁ b₁ − a₀ b₀ = ½ (b₀ + b₁) (a₁ − a₀) + ½ (a₀ + a₁) (b₁ − b₀)
//   c₁/σ₁ − c₀/σ₀ = ½ (1/σ₀ + 1/σ₁) (c₁ − c₀) − κ ½ (c₀ + c₁) (½ (c₀ + c₁) · (c₁ − c₀)),   κ = 2 / (K σ₀ σ₁ (σ₀ + σ₁))
//
// for an activation, a product and the normalisation of K numbers c with variance σ². Each line is exact, so that however
// wide panels are the sum of weights times features is the difference of the scores; and each is the mean of the gradient
// over the panel but for the square of its width. A panel of no width gives the gradient itself.
import type { ActivationFunction } from "../activations.js";
import { quickFunction } from "../quick-activation.js";
import type { Atom, Vector } from "../vectors.js";
import { dot } from "../../../support/vectors.js";
import { Gathered } from "./gathered.js";
import { inputsOf, sizeOf, transposed } from "./multiply.js";
import type { Nodes } from "./nodes.js";
import { epsilonOf, straight, type NormAtom, type Path, type PoolAtom } from "./path.js";

/** Differences that are smaller would be lost in rounding: the slope in the middle is as good. */
const NEAR = 1e-5;

/** The mean gradients of scores over panels whose ends are `step` nodes apart. */
export class Secants {
  readonly #slopes = new Map<string, Float64Array>();
  readonly panels: number;
  /** Whether there is one panel of no width. */
  readonly #isPoint: boolean;

  constructor(
    readonly nodes: Nodes,
    readonly step: number,
  ) {
    const { places } = nodes;
    this.panels = (places.length - 1) / step;
    this.#isPoint = places[0] === places[places.length - 1];
  }

  /** The gradient of a score of size 1, summed over all panels, each by its length. */
  gathered(scores: Vector, channels: number): Gathered {
    const gathered = new Gathered(this.nodes.path, channels);
    const gradients = new Map<Vector, Float64Array>([[scores, new Float64Array(this.panels).fill(1)]]);
    for (const vector of orderOf(scores)) {
      const gradient = gradients.get(vector);
      if (!gradient) continue;
      const size = sizeOf(vector);
      for (const { atom, by } of vector.terms) {
        const inputs = inputsOf(by, atom, size);
        const line = straight(atom);
        if (line) this.#gather(gathered.entry({ by, atom: line, inputs }, size), line, gradient);
        else if (atom.kind !== "pool") {
          this.#behind(atom, transposed(by, gradient, inputs, this.panels), gradients);
        }
      }
    }
    return gathered;
  }

  #ends(panel: number): readonly [number, number] {
    return [this.nodes.places[panel * this.step], this.nodes.places[(panel + 1) * this.step]];
  }

  #gather(entry: ReturnType<Gathered["entry"]>, atom: PoolAtom | NormAtom, gradient: Float64Array): void {
    const { by, inputs, sum } = entry;
    const size = sum.length;
    const { path } = this.nodes;
    for (let panel = 0; panel < this.panels; panel++) {
      const [from, to] = this.#ends(panel);
      const first = panel * size;
      const { share, bent } = shareOfLine(path, atom, inputs, from, to, this.#isPoint);
      for (let i = 0; i < size; i++) sum[i] += share * gradient[first + i];
      if (atom.kind === "norm") {
        entry.along += bent * dot(path.times(by, atom, inputs, size), gradient.subarray(first, first + size));
      }
    }
  }

  #behind(atom: Exclude<Atom, PoolAtom>, back: Float64Array, gradients: Map<Vector, Float64Array>): void {
    if (atom.kind === "product") {
      const [a, b] = atom.of.map((each) => this.#middles(each));
      accumulate(
        gradients,
        atom.of[0],
        back.map((g, i) => g * b[i]),
      );
      accumulate(
        gradients,
        atom.of[1],
        back.map((g, i) => g * a[i]),
      );
      return;
    }
    if (atom.kind === "activation") {
      const slopes = this.#meanSlopes(atom);
      for (let i = 0; i < back.length; i++) back[i] *= slopes[i];
    } else this.#throughNorm(atom, back);
    accumulate(gradients, atom.of, back);
  }

  /** The middle of a vector's values at the two ends of each panel. */
  #middles(vector: Vector): Float64Array {
    const values = this.nodes.vector(vector);
    const size = sizeOf(vector);
    const wide = this.step * size;
    const middles = new Float64Array(this.panels * size);
    for (let panel = 0, to = 0; panel < this.panels; panel++) {
      for (let k = 0, i = panel * wide; k < size; k++, i++, to++) middles[to] = (values[i] + values[i + wide]) / 2;
    }
    return middles;
  }

  #meanSlopes(atom: Extract<Atom, { kind: "activation" }>): Float64Array {
    const known = this.#slopes.get(atom.key);
    if (known) return known;
    const act = quickFunction(atom.activation);
    const [x, y] = [this.nodes.vector(atom.of), this.nodes.atom(atom)];
    const size = x.length / this.nodes.places.length;
    const wide = this.step * size;
    const slopes = new Float64Array(this.panels * size);
    for (let panel = 0, to = 0; panel < this.panels; panel++) {
      for (let k = 0, i = panel * wide; k < size; k++, i++, to++) {
        slopes[to] = meanSlope(act, x[i], x[i + wide], y[i], y[i + wide]);
      }
    }
    this.#slopes.set(atom.key, slopes);
    return slopes;
  }

  #throughNorm(atom: NormAtom, back: Float64Array): void {
    const x = this.nodes.vector(atom.of);
    const { means, deviations } = this.nodes.moments(atom);
    const size = x.length / this.nodes.places.length;
    for (let panel = 0; panel < this.panels; panel++) {
      const [a, b] = [panel * this.step, (panel + 1) * this.step];
      const [first, second, to] = [a * size, b * size, panel * size];
      const [s0, s1] = [deviations[a], deviations[b]];
      const mean = (means[a] + means[b]) / 2;
      const less = atom.norm === "layer" ? mean : 0;
      let [along, sum] = [0, 0];
      for (let k = 0; k < size; k++) {
        const middle = (x[first + k] + x[second + k]) / 2;
        along += (middle - less) * back[to + k];
        sum += back[to + k];
      }
      const share = (1 / s0 + 1 / s1) / 2;
      const bent = (2 * along) / (size * s0 * s1 * (s0 + s1));
      const off = atom.norm === "layer" ? sum / size : 0;
      for (let k = 0; k < size; k++) {
        const middle = (x[first + k] + x[second + k]) / 2 - mean;
        back[to + k] = share * (back[to + k] - off) - bent * middle;
      }
    }
  }
}

/**
 * A panel's share of a straight atom, ∫ ds / s′ of it as its gradient is taken: its length for pooled features; for a
 * normalisation ∫ dt / σ, and what completes that along the path, both of which have a closed form.
 */
export function shareOfLine(
  path: Path,
  atom: PoolAtom | NormAtom,
  size: number,
  from: number,
  to: number,
  isPoint = false,
): { readonly share: number; readonly bent: number } {
  if (atom.kind === "pool") return { share: isPoint ? 1 : to - from, bent: 0 };
  const { variance } = path.direction(atom, size);
  const epsilon = epsilonOf(atom);
  if (isPoint) {
    const deviation = Math.sqrt(to * to * variance + epsilon);
    return { share: 1 / deviation, bent: (to * to) / (size * deviation ** 3) };
  }
  if (variance === 0) return { share: (to - from) / Math.sqrt(epsilon), bent: 0 };
  const bend = Math.sqrt(variance / epsilon);
  const share = (Math.asinh(to * bend) - Math.asinh(from * bend)) / Math.sqrt(variance);
  const rise = path.along(atom, size, to) - path.along(atom, size, from);
  return { share, bent: (share - rise) / (size * variance) };
}

/** The mean slope of an activation between x and another x, with its values there. */
export function meanSlope(act: ActivationFunction, x0: number, x1: number, y0: number, y1: number): number {
  const rise = x1 - x0;
  if (rise !== 0 && (act.steep || Math.abs(rise) >= NEAR)) return (y1 - y0) / rise;
  const slope = act.slope(x0 + rise / 2);
  // A root at 0: what is 0 there weighs nothing.
  return Number.isFinite(slope) ? slope : 0;
}

/** Vectors from the scores back: each before those that it reads. */
function orderOf(scores: Vector): readonly Vector[] {
  const done = new Set<Vector>();
  const order: Vector[] = [];
  const visit = (vector: Vector): void => {
    if (done.has(vector)) return;
    done.add(vector);
    for (const { atom } of vector.terms) {
      if (atom.kind === "pool" || straight(atom)) continue;
      for (const inner of atom.kind === "product" ? atom.of : [atom.of]) visit(inner);
    }
    order.push(vector);
  };
  visit(scores);
  return order.reverse();
}

function accumulate(gradients: Map<Vector, Float64Array>, vector: Vector, more: Float64Array): void {
  const before = gradients.get(vector);
  if (!before) gradients.set(vector, more);
  else for (let i = 0; i < more.length; i++) before[i] += more[i];
}
