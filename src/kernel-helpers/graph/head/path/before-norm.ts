// A layer of hidden units h = c act(x) + b that goes straight along the path, x = s(t) d + b′, and is normalised before the
// scores. What secants over panels (`secants.ts`) make of one score with weights v: with m the mean slope of a unit, h̄ the
// middle of its panel and κ, 1/σ those of the normalisation,
//
//   Σ_p share_p c m_p ((v − v̄) / σ_p − κ_p h̄_p (h̄_p · v)).
//
// A mean slope is a difference of h: c m = (h₁ − h₀) / (d Δs), and c m h̄ = (½ (h₁² − h₀²) − μ (h₁ − h₀)) / (d Δs). Summed by
// parts over the places between panels, that is a polynomial of each h there, with one pair of numbers a place:
//
//   1/d Σ_t (a_t h + b_t h²),   where a and b need of v no more than h · v at each place.
import { activationFunction } from "../activations.js";
import { eachOf, type Atom, type Multiplier, type Vector } from "../vectors.js";
import { Gathered } from "./gathered.js";
import { inputsOf, sizeOf, transposed } from "./multiply.js";
import { straight, type NormAtom, type Path, type PoolAtom } from "./path.js";
import { meanSlope, shareOfLine } from "./secants.js";

type ActivationAtom = Extract<Atom, { kind: "activation" }>;

/** The parts of such a tail. */
export interface NormalisedUnits {
  readonly norm: NormAtom;
  readonly scale: Extract<Multiplier, { kind: "scale" }>;
  readonly units: ActivationAtom;
  readonly by: Multiplier;
  readonly line: PoolAtom | NormAtom;
  readonly size: number;
  readonly inputs: number;
}

/** The parts of a tail that is one layer of units, normalised. */
export function normalisedUnits(scores: Vector): NormalisedUnits | undefined {
  const [{ atom: norm }, ...more] = scores.terms;
  if (more.length > 0 || norm.kind !== "norm") return undefined;
  const [{ atom: units, by: scale }, ...others] = norm.of.terms;
  if (others.length > 0 || units.kind !== "activation" || scale.kind !== "scale" || scale.offset !== 0)
    return undefined;
  const [{ atom, by }, ...rest] = units.of.terms;
  const line = straight(atom);
  if (rest.length > 0 || !line) return undefined;
  const size = sizeOf(norm.of);
  return size === sizeOf(units.of)
    ? { norm, scale, units, by, line, size, inputs: inputsOf(by, line, size) }
    : undefined;
}

/** The units at some places of a path. */
interface Places {
  readonly path: Path;
  readonly places: readonly number[];
  /** d of each unit. */
  readonly d: Float64Array;
  /** `places × units`. */
  readonly values: Float64Array;
  /** Of the values at a place, and of their squares. */
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  /** What the normalisation takes off and divides by. */
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** c m of the units that hardly move. */
  readonly stillSlopes: ReadonlyMap<number, number>;
}

/** The tail at some places of a path, which begin with 0 and end with 1. */
export function unitsAt(tail: NormalisedUnits, path: Path, places: readonly number[]): Places {
  const { norm, scale, units, by, line, size, inputs } = tail;
  const act = activationFunction(units.activation);
  const d = path.times(by, line, inputs, size);
  const [start, shift] = [eachOf(units.of.bias ?? 0, size), eachOf(norm.of.bias ?? 0, size)];
  const factor = eachOf(scale.scale, size);
  const values = new Float64Array(places.length * size);
  const [means, deviations, sums, squares] = [0, 0, 0, 0].map(() => new Float64Array(places.length));
  places.forEach((t, place) => {
    const way = path.along(line, inputs, t);
    let [sum, square] = [0, 0];
    for (let k = 0, to = place * size; k < size; k++, to++) {
      const value = factor[k] * act.value(way * d[k] + start[k]) + shift[k];
      values[to] = value;
      sum += value;
      square += value * value;
    }
    const mean = norm.norm === "rms" ? 0 : sum / size;
    let apart = 0;
    for (let k = 0, i = place * size; k < size; k++, i++) apart += (values[i] - mean) ** 2;
    means[place] = mean;
    deviations[place] = Math.sqrt(apart / size + norm.epsilon) || 1;
    sums[place] = sum;
    squares[place] = square;
  });
  const stillSlopes = new Map<number, number>();
  const way = path.along(line, inputs, 1);
  for (let k = 0; k < size; k++) {
    const rise = way * d[k];
    if (rise !== 0 && (act.steep || Math.abs(rise) >= STILL)) continue;
    const [x0, x1] = [start[k], start[k] + rise];
    stillSlopes.set(k, factor[k] * meanSlope(act, x0, x1, act.value(x0), act.value(x1)));
  }
  return { path, places, d, values, sums, squares, means, deviations, stillSlopes };
}

/** Where a unit moves less along the whole path, its slope is taken from its activation. */
const STILL = 1e-7;

/** What one panel multiplies differences of the units' values by. */
interface Panel {
  readonly from: number;
  readonly to: number;
  readonly mean: number;
  /** share / (σ Δs), share κ / Δs, and the same of what completes a normalisation along the path. */
  readonly straight: number;
  readonly bend: number;
  readonly straightAlong: number;
  readonly bendAlong: number;
  /** Δs. */
  readonly run: number;
}

/** Panels whose ends are `step` places apart. */
export class PanelsBeforeNorm {
  readonly #panels: readonly Panel[];

  constructor(
    readonly tail: NormalisedUnits,
    readonly at: Places,
    readonly step: number,
  ) {
    const { line, size, inputs } = tail;
    const { path, places, means, deviations } = at;
    this.#panels = Array.from({ length: (places.length - 1) / step }, (_, panel) => {
      const [from, to] = [panel * step, (panel + 1) * step];
      const [s0, s1] = [deviations[from], deviations[to]];
      const [share, bend] = [(1 / s0 + 1 / s1) / 2, 2 / (size * s0 * s1 * (s0 + s1))];
      const { share: length, bent } = shareOfLine(path, line, inputs, places[from], places[to]);
      const run = path.along(line, inputs, places[to]) - path.along(line, inputs, places[from]);
      const [along, onward] = run === 0 ? [0, 0] : [length / run, bent / run];
      return {
        ...{ from, to, run, mean: (means[from] + means[to]) / 2 },
        ...{ straight: along * share, bend: along * bend, straightAlong: onward * share, bendAlong: onward * bend },
      };
    });
  }

  /** The gradient of a score of size 1, summed over all panels, each by its length. */
  gathered(scores: Vector, channels: number): Gathered {
    const { norm, by, line, size, inputs } = this.tail;
    const { path, values, squares, sums, d } = this.at;
    const gathered = new Gathered(path, channels);
    const entry = gathered.entry({ by, atom: line, inputs }, size);
    const v = transposed(scores.terms[0].by, Float64Array.of(1), size);
    const total = v.reduce((a, b) => a + b, 0);
    if (norm.norm === "layer") for (let k = 0, less = total / size; k < size; k++) v[k] -= less;
    const dots = this.#dots(v);
    const [straightOn, linear, square] = [0, 0, 0].map(() => new Float64Array(dots.length));
    const still = { straight: 0, bend: 0, mean: 0 };
    for (const { from, to, mean, straight, bend, straightAlong, bendAlong, run } of this.#panels) {
      const along = (dots[from] + dots[to]) / 2 - (norm.norm === "layer" ? 0 : mean * total);
      straightOn[to] += straight;
      straightOn[from] -= straight;
      linear[to] += along * bend * mean;
      linear[from] -= along * bend * mean;
      square[to] -= (along * bend) / 2;
      square[from] += (along * bend) / 2;
      const bent = (squares[to] - squares[from]) / 2 - mean * (sums[to] - sums[from]);
      entry.along += straightAlong * (dots[to] - dots[from]) - along * bendAlong * bent;
      still.straight += straight * run;
      still.bend += along * bend * run;
      still.mean += along * bend * run * mean;
    }
    const { sum } = entry;
    for (let place = 0; place < dots.length; place += this.step) {
      const [whole, once, twice] = [straightOn[place], linear[place], square[place]];
      for (let k = 0, i = place * size; k < size; k++, i++) {
        const h = values[i];
        sum[k] += h * (v[k] * whole + once + twice * h);
      }
    }
    const slopes = this.at.stillSlopes;
    for (let k = 0; k < size; k++) {
      const slope = slopes.get(k);
      if (slope === undefined) sum[k] /= d[k];
      else sum[k] = slope * (v[k] * still.straight - values[k] * still.bend + still.mean);
    }
    return gathered;
  }

  /** h · v at each place that ends a panel. */
  #dots(v: Float64Array): Float64Array {
    const { values, places } = this.at;
    const size = v.length;
    const dots = new Float64Array(places.length);
    for (let place = 0; place < dots.length; place += this.step) {
      let [even, odd] = [0, 0];
      const first = place * size;
      let k = 0;
      for (; k + 1 < size; k += 2) {
        even += values[first + k] * v[k];
        odd += values[first + k + 1] * v[k + 1];
      }
      dots[place] = even + odd + (k < size ? values[first + k] * v[k] : 0);
    }
    return dots;
  }
}
