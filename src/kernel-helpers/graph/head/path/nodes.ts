import { quickFunction } from "../quick-activation.js";
import { at, type Atom, type Vector } from "../vectors.js";
import { applied, inputsOf, sizeOf } from "./multiply.js";
import { straight, type NormAtom, type Path, type PoolAtom } from "./path.js";

/** The means and deviations that a normalisation took, one a place. */
export interface Moments {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** The values of a network at some places t of a path, in order: `places × size` of each vector. */
export class Nodes {
  readonly #vectors = new Map<Vector, Float64Array>();
  readonly #atoms = new Map<string, Float64Array>();
  readonly #moments = new Map<string, Moments>();

  constructor(
    readonly path: Path,
    readonly places: readonly number[],
  ) {}

  /** A vector's values. */
  vector(vector: Vector): Float64Array {
    const known = this.#vectors.get(vector);
    if (known) return known;
    const { path, places } = this;
    const size = sizeOf(vector);
    const sum = new Float64Array(places.length * size);
    const { bias } = vector;
    if (typeof bias === "number" || bias?.length === 1) sum.fill(at(bias, 0));
    else if (bias) for (let place = 0; place < places.length; place++) sum.set(bias.subarray(0, size), place * size);
    for (const { atom, by } of vector.terms) {
      const line = straight(atom);
      const inputs = inputsOf(by, atom, size);
      if (line) {
        const direction = path.times(by, line, inputs, size);
        places.forEach((t, place) => {
          const s = path.along(line, inputs, t);
          for (let i = 0, to = place * size; i < size; i++, to++) sum[to] += s * direction[i];
        });
      } else if (atom.kind !== "pool") {
        const more = applied(by, this.atom(atom), size, places.length);
        for (let i = 0; i < sum.length; i++) sum[i] += more[i];
      }
    }
    this.#vectors.set(vector, sum);
    return sum;
  }

  /** The values of what a step that is not linear makes. */
  atom(atom: Exclude<Atom, PoolAtom>): Float64Array {
    const known = this.#atoms.get(atom.key);
    if (known) return known;
    const made = this.#made(atom);
    this.#atoms.set(atom.key, made);
    return made;
  }

  #made(atom: Exclude<Atom, PoolAtom>): Float64Array {
    if (atom.kind === "product") {
      const [a, b] = atom.of.map((each) => this.vector(each));
      return a.map((value, i) => value * b[i]);
    }
    const x = this.vector(atom.of);
    if (atom.kind === "activation") return x.map(quickFunction(atom.activation).value);
    const { means, deviations } = this.moments(atom);
    const size = x.length / this.places.length;
    const made = new Float64Array(x.length);
    for (let place = 0, i = 0; place < means.length; place++) {
      const less = atom.norm === "layer" ? means[place] : 0;
      const scale = 1 / deviations[place];
      for (let k = 0; k < size; k++, i++) made[i] = (x[i] - less) * scale;
    }
    return made;
  }

  /** What a normalisation takes off and divides by. */
  moments(atom: NormAtom): Moments {
    const known = this.#moments.get(atom.key);
    if (known) return known;
    const x = this.vector(atom.of);
    const count = this.places.length;
    const size = x.length / count;
    const [means, deviations] = [new Float64Array(count), new Float64Array(count)];
    for (let place = 0; place < count; place++) {
      const from = place * size;
      let mean = 0;
      if (atom.norm !== "rms") {
        for (let k = 0; k < size; k++) mean += x[from + k];
        mean /= size;
      }
      let squares = 0;
      for (let k = 0; k < size; k++) squares += (x[from + k] - mean) ** 2;
      means[place] = mean;
      deviations[place] = Math.sqrt(squares / size + atom.epsilon) || 1;
    }
    const made = { means, deviations };
    this.#moments.set(atom.key, made);
    return made;
  }
}
