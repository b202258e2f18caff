// A layer of hidden units h = c act(x) + b that goes straight along the path, x = s(t) d + b′, and is normalised before the
// scores. What secants over panels (`secants.ts`) make of one score with weights v is then linear in v and in one number a
// panel: with m the mean slope of a unit, h̄ the middle of its panel and κ, 1/σ those of the normalisation,
//
//   Σ_p share_p c m_p ((v − v̄) / σ_p − κ_p h̄_p (h̄_p · v)) = (v − v̄) A − Σ_p B_p (h̄_p · v),
//
// where A and B are the same for all classes.
import { activationFunction } from "../activations.js";
import { at, type Atom, type Factor, type Multiplier, type Vector } from "../vectors.js";
import { Gathered } from "./gathered.js";
import { inputsOf, sizeOf, transposed } from "./multiply.js";
import { straight, type NormAtom, type Path, type PoolAtom } from "./path.js";
import { meanSlope, NEAR, shareOfLine } from "./secants.js";

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

/** The values of the units at some places of a path, `places × units`, and what the normalisation takes off and divides by. */
interface Places {
  readonly path: Path;
  readonly places: readonly number[];
  readonly values: Float64Array;
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** The tail at some places of a path. */
export function unitsAt(tail: NormalisedUnits, path: Path, places: readonly number[]): Places {
  const { norm, scale, units, by, line, size, inputs } = tail;
  const act = activationFunction(units.activation).value;
  const d = path.times(by, line, inputs, size);
  const [start, shift] = [eachOf(units.of.bias ?? 0, size), eachOf(norm.of.bias ?? 0, size)];
  const factor = eachOf(scale.scale, size);
  const values = roomFor(places.length * size);
  const [means, deviations] = [new Float64Array(places.length), new Float64Array(places.length)];
  places.forEach((t, place) => {
    const way = path.along(line, inputs, t);
    let [sum, squares] = [0, 0];
    for (let k = 0, to = place * size; k < size; k++, to++) {
      const value = factor[k] * act(way * d[k] + start[k]) + shift[k];
      values[to] = value;
      sum += value;
    }
    const mean = norm.norm === "rms" ? 0 : sum / size;
    for (let k = 0, i = place * size; k < size; k++, i++) squares += (values[i] - mean) ** 2;
    means[place] = mean;
    deviations[place] = Math.sqrt(squares / size + norm.epsilon) || 1;
  });
  return { path, places, values, means, deviations };
}

/** Room that is used again: what is computed over panels keeps none of it. */
function roomFor(length: number): Float64Array {
  if (room.length < length) room = new Float64Array(length);
  return room;
}

let room = new Float64Array(0);

function eachOf(factor: Factor, size: number): Float64Array {
  const each = new Float64Array(size);
  for (let k = 0; k < size; k++) each[k] = at(factor, k);
  return each;
}

/** What is the same for all classes of a photo, with panels whose ends are `step` places apart. */
export class PanelsBeforeNorm {
  readonly #panels: number;
  readonly #whole: Float64Array;
  readonly #wholeAlong: Float64Array;
  /** h̄ and B, `panels × units`. */
  readonly #middles: Float32Array;
  readonly #bends: Float32Array;
  readonly #bendsAlong: Float64Array;

  constructor(
    readonly tail: NormalisedUnits,
    readonly at: Places,
    step: number,
  ) {
    const { scale, units, by, line, size, inputs } = tail;
    const { path, places, values, means, deviations } = at;
    const panels = (places.length - 1) / step;
    const slopeIn = slopesOver(units, eachOf(scale.scale, size), size);
    const d = path.times(by, line, inputs, size);
    const isLine = line.kind === "norm";
    const [whole, wholeAlong] = [new Float64Array(size), new Float64Array(isLine ? size : 0)];
    const [middles, bends] = [new Float32Array(panels * size), new Float32Array(panels * size)];
    const bendsAlong = new Float64Array(panels);
    for (let panel = 0, to = 0; panel < panels; panel++) {
      const [a, b] = [panel * step, (panel + 1) * step];
      const [s0, s1] = [deviations[a], deviations[b]];
      const [share, bend] = [(1 / s0 + 1 / s1) / 2, 2 / (size * s0 * s1 * (s0 + s1))];
      const mean = (means[a] + means[b]) / 2;
      const { share: length, bent } = shareOfLine(path, line, inputs, places[a], places[b]);
      const [from, until] = [path.along(line, inputs, places[a]), path.along(line, inputs, places[b])];
      const [straightOn, bentOn] = [length * share, length * bend];
      let along = 0;
      for (let k = 0, i = a * size, j = b * size; k < size; k++, i++, j++, to++) {
        const slope = slopeIn(k, d[k], from, until, values[j] - values[i]);
        const middle = (values[i] + values[j]) / 2 - mean;
        middles[to] = middle;
        whole[k] += straightOn * slope;
        bends[to] = bentOn * slope * middle;
        if (!isLine) continue;
        wholeAlong[k] += bent * share * slope * d[k];
        along += d[k] * slope * middle;
      }
      bendsAlong[panel] = bent * bend * along;
    }
    this.#panels = panels;
    this.#whole = whole;
    this.#wholeAlong = wholeAlong;
    this.#middles = middles;
    this.#bends = bends;
    this.#bendsAlong = bendsAlong;
  }

  /** The gradient of a score of size 1, summed over all panels, each by its length. */
  gathered(scores: Vector, channels: number): Gathered {
    const { norm, by, line, size, inputs } = this.tail;
    const gathered = new Gathered(this.at.path, channels);
    const entry = gathered.entry({ by, atom: line, inputs }, size);
    const { sum } = entry;
    const [{ by: last }] = scores.terms;
    const v = transposed(last, Float64Array.of(1), size);
    if (norm.norm === "layer") {
      const mean = v.reduce((a, b) => a + b, 0) / size;
      for (let k = 0; k < size; k++) v[k] -= mean;
    }
    for (let k = 0; k < size; k++) sum[k] = v[k] * this.#whole[k];
    if (line.kind === "norm") for (let k = 0; k < size; k++) entry.along += v[k] * this.#wholeAlong[k];
    const [middles, bends] = [this.#middles, this.#bends];
    for (let panel = 0, from = 0; panel < this.#panels; panel++, from += size) {
      let along = 0;
      for (let k = 0, i = from; k < size; k++, i++) along += middles[i] * v[k];
      for (let k = 0, i = from; k < size; k++, i++) sum[k] -= along * bends[i];
      entry.along -= along * this.#bendsAlong[panel];
    }
    return gathered;
  }
}

/** The mean slope of unit k between two ends of a panel, from how much it rises. */
function slopesOver(
  { activation, of }: ActivationAtom,
  factor: Float64Array,
  size: number,
): (k: number, d: number, from: number, until: number, rise: number) => number {
  const act = activationFunction(activation);
  const start = eachOf(of.bias ?? 0, size);
  return (k, d, from, until, rise) => {
    const run = (until - from) * d;
    if (Math.abs(run) >= NEAR) return rise / run;
    const [x0, x1] = [from * d + start[k], until * d + start[k]];
    return factor[k] * meanSlope(act, x0, x1, act.value(x0), act.value(x1));
  };
}
