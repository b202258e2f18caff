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
import { at, eachOf, type Multiplier, type Vector } from "../vectors.js";
import { Gathered } from "./gathered.js";
import { inputsOf, sizeOf, transposed } from "./multiply.js";
import { straight, type NormAtom, type Path, type PoolAtom } from "./path.js";
import { meanSlope, shareOfLine } from "./secants.js";
import { startOf, type ActivationAtom } from "./start.js";

/** The parts of such a tail. */
export interface NormalisedUnits {
  readonly norm: NormAtom;
  readonly scale: Extract<Multiplier, { kind: "scale" }>;
  readonly units: ActivationAtom;
  readonly by: Multiplier;
  readonly line: PoolAtom | NormAtom;
  readonly size: number;
  readonly inputs: number;
  /** Room for the units' values at all places, which is kept from photo to photo, and whose values stand there. */
  readonly room: { values: Float64Array; owner?: Places };
}

const known = new WeakMap<Vector, NormalisedUnits>();

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
  if (size !== sizeOf(units.of)) return undefined;
  let made = known.get(scores);
  if (!made) {
    const inputs = inputsOf(by, line, size);
    made = { norm, scale, units, by, line, size, inputs, room: { values: new Float64Array(0) } };
    known.set(scores, made);
  }
  return made;
}

/** How a score reads units: its weights v, less their mean where that is taken off, their sum, and h · v at each place. */
interface Reading {
  readonly scores: Vector;
  readonly v: Float64Array;
  readonly total: number;
  readonly dots: Float64Array;
}

/** The units at some places of a path, which begin with 0 and end with 1. */
export class Places {
  /** d of each unit. */
  readonly d: Float64Array;
  /** Of the values at a place, and of their squares. */
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  /** What the normalisation takes off and divides by. */
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** c m of the units that hardly move. */
  readonly stillSlopes: ReadonlyMap<number, number>;
  #reading: Reading | undefined;

  constructor(
    readonly tail: NormalisedUnits,
    readonly path: Path,
    readonly places: readonly number[],
  ) {
    const { by, line, size, inputs } = tail;
    this.d = path.times(by, line, inputs, size);
    [this.means, this.deviations, this.sums, this.squares] = [0, 0, 0, 0].map(() => new Float64Array(places.length));
    this.stillSlopes = this.#stillSlopes();
    this.#fill();
  }

  /** `places × units`, until other places ask for theirs. */
  get values(): Float64Array {
    const { room } = this.tail;
    if (room.owner !== this) this.#fill();
    return room.values;
  }

  #fill(): void {
    const { room, norm, scale, units, line, size, inputs } = this.tail;
    const { places, path, d } = this;
    if (room.values.length < places.length * size) room.values = new Float64Array(places.length * size);
    room.owner = this;
    const { values } = room;
    const { act, bias } = startOf(units);
    const [factor, shift] = [eachOf(scale.scale, size), eachOf(norm.of.bias ?? 0, size)];
    for (let place = 0, first = 0; place < places.length; place++, first += size) {
      const way = path.along(line, inputs, places[place]);
      let [sum, square] = [0, 0];
      for (let k = 0; k < size; k++) {
        const value = factor[k] * act.value(way * d[k] + bias[k]) + shift[k];
        values[first + k] = value;
        sum += value;
        square += value * value;
      }
      const mean = norm.norm === "rms" ? 0 : sum / size;
      let apart = 0;
      for (let k = 0; k < size; k++) {
        const off = values[first + k] - mean;
        apart += off * off;
      }
      this.means[place] = mean;
      this.deviations[place] = Math.sqrt(apart / size + norm.epsilon) || 1;
      this.sums[place] = sum;
      this.squares[place] = square;
    }
  }

  /** What a score reads of the units. */
  read(scores: Vector): Reading {
    if (this.#reading?.scores === scores) return this.#reading;
    const { norm, size } = this.tail;
    const { values, places } = this;
    const v = transposed(scores.terms[0].by, Float64Array.of(1), size);
    const total = v.reduce((a, b) => a + b, 0);
    if (norm.norm === "layer") for (let k = 0, less = total / size; k < size; k++) v[k] -= less;
    const dots = new Float64Array(places.length);
    for (let place = 0, first = 0; place < dots.length; place++, first += size) {
      let [even, odd] = [0, 0];
      let k = 0;
      for (; k + 1 < size; k += 2) {
        even += values[first + k] * v[k];
        odd += values[first + k + 1] * v[k + 1];
      }
      dots[place] = even + odd + (k < size ? values[first + k] * v[k] : 0);
    }
    return (this.#reading = { scores, v, total, dots });
  }

  #stillSlopes(): ReadonlyMap<number, number> {
    const { scale, units, line, size, inputs } = this.tail;
    const { act, bias, values } = startOf(units);
    const slopes = new Map<number, number>();
    const way = this.path.along(line, inputs, 1);
    for (let k = 0; k < size; k++) {
      const rise = way * this.d[k];
      if (rise !== 0 && (act.steep || Math.abs(rise) >= STILL)) continue;
      const end = bias[k] + rise;
      slopes.set(k, at(scale.scale, k) * meanSlope(act, bias[k], end, values[k], act.value(end)));
    }
    return slopes;
  }
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
    const { v, total, dots } = this.at.read(scores);
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
    for (let k = 0; k < size; k++) sum[k] /= d[k];
    for (const [k, slope] of this.at.stillSlopes)
      sum[k] = slope * (v[k] * still.straight - values[k] * still.bend + still.mean);
    return gathered;
  }
}
