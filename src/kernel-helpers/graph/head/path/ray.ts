import { activationFunction } from "../activations.js";
import type { HeadNetwork } from "../gap-head.js";
import { at, type Atom, type Multiplier, type Vector } from "../vectors.js";
import { add, applied, inputsOf, sizeOf, transposed } from "./multiply.js";
import { dot } from "../../../support/vectors.js";

/** Pooled features. */
export type PoolAtom = Extract<Atom, { kind: "pool" }>;
/** A normalisation. */
export type NormAtom = Extract<Atom, { kind: "norm" }>;

/** u of an atom that is s(t)·u. */
interface Direction {
  readonly u: Float64Array;
  readonly spread: Float64Array;
  readonly variance: number;
}

/** The gradient of the score with respect to a vector that reads a straight atom. */
export interface GradientPart {
  readonly by: Multiplier;
  readonly atom: PoolAtom | NormAtom;
  readonly inputs: number;
  readonly gradient: Float64Array;
}

/** The values of a network along t·F. */
export class Ray {
  /** W·u of a term whose atom goes along a fixed direction u. */
  readonly #directions = new Map<Multiplier, Float64Array>();
  readonly #centred = new Map<string, Direction>();

  constructor(
    readonly network: HeadNetwork,
    readonly features: ArrayLike<number>,
  ) {
    this.#copy = Float32Array.from(features);
  }

  readonly #copy: Float32Array;

  /** Whether these are still the features that the ray was made for. */
  isOf(features: ArrayLike<number>): boolean {
    for (let k = 0; k < this.#copy.length; k++) if (this.#copy[k] !== features[k]) return false;
    return features.length === this.#copy.length;
  }

  /** The atom, when it is s(t)·u for a fixed u: pooled features, and a normalisation of nothing but them. */
  straight(atom: Atom): PoolAtom | NormAtom | undefined {
    if (atom.kind === "pool") return atom;
    if (atom.kind !== "norm" || atom.of.bias !== undefined || atom.of.terms.length !== 1) return undefined;
    const [{ atom: inner, by }] = atom.of.terms;
    return inner.kind === "pool" && by.kind === "scale" ? atom : undefined;
  }

  /** u of a straight atom, what its deviation is the length of, and the variance of F that s(t) = t / √(t² variance + ε) needs. */
  direction(atom: PoolAtom | NormAtom, size: number): Direction {
    const key = `${atom.key} ${size}`;
    const known = this.#centred.get(key);
    if (known) return known;
    const pool = atom.kind === "pool" ? atom : (atom.of.terms[0].atom as PoolAtom);
    const offset = this.network.offsets.get(pool.key) ?? 0;
    const scale = atom.kind === "pool" ? 1 : (atom.of.terms[0].by as Extract<Multiplier, { kind: "scale" }>).scale;
    const u = Float64Array.from({ length: size }, (_, k) => this.features[offset + k] * at(scale, k));
    let made: Direction = { u, spread: u, variance: 0 };
    if (atom.kind === "norm") {
      const mean = atom.norm === "rms" ? 0 : u.reduce((a, b) => a + b, 0) / size;
      const spread = u.map((value) => value - mean);
      const variance = spread.reduce((sum, value) => sum + value * value, 0) / size;
      made = { u: atom.norm === "layer" ? spread : u, spread, variance };
    }
    this.#centred.set(key, made);
    return made;
  }

  /** s(t) of a straight atom. */
  #along(atom: PoolAtom | NormAtom, size: number, t: number): number {
    if (atom.kind === "pool") return t;
    const { variance } = this.direction(atom, size);
    const deviation = Math.sqrt(t * t * variance + atom.epsilon);
    return deviation === 0 ? 0 : t / deviation;
  }

  #slopeAlong(atom: PoolAtom | NormAtom, size: number, t: number): number {
    if (atom.kind === "pool") return 1;
    const { variance } = this.direction(atom, size);
    const deviation = Math.sqrt(t * t * variance + atom.epsilon);
    return deviation === 0 ? 0 : atom.epsilon / deviation ** 3;
  }

  /** The multiplier times the direction of its atom. */
  times(by: Multiplier, atom: PoolAtom | NormAtom, size: number): Float64Array {
    const known = this.#directions.get(by);
    if (known) return known;
    const inputs = by.kind === "dense" ? by.inputs : (atom.size ?? size);
    const made = applied(by, this.direction(atom, inputs).u, size);
    this.#directions.set(by, made);
    return made;
  }

  /** Where the panels of the integral end: close together where a normalisation of the features bends. */
  breaks(): readonly number[] {
    const bends: number[] = [];
    for (const [key, { variance }] of this.#centred) {
      const epsilon = this.#epsilons.get(key.slice(0, key.lastIndexOf(" ")));
      if (epsilon !== undefined && variance > 0) bends.push(Math.sqrt(epsilon / variance));
    }
    const ends = new Set([1]);
    for (const bend of bends) for (let t = bend / 2; t < 1; t *= 2) ends.add(t);
    return [...ends].sort((a, b) => a - b);
  }

  readonly #epsilons = new Map<string, number>();

  /** The score, and the values of all vectors and atoms, at t. */
  forward(scores: Vector, t: number): Values {
    const values: Values = { score: 0, vectors: new Map(), atoms: new Map() };
    values.score = this.#vector(scores, t, values)[0];
    return values;
  }

  #vector(vector: Vector, t: number, values: Values): Float64Array {
    const known = values.vectors.get(vector);
    if (known) return known;
    const size = sizeOf(vector);
    const sum = new Float64Array(size);
    if (vector.bias !== undefined) for (let i = 0; i < size; i++) sum[i] = at(vector.bias, i);
    for (const { atom, by } of vector.terms) {
      const straight = this.straight(atom);
      if (straight) {
        if (straight.kind === "norm") this.#epsilons.set(straight.key, straight.epsilon);
        const direction = this.times(by, straight, size);
        const s = this.#along(straight, inputsOf(by, straight, size), t);
        for (let i = 0; i < size; i++) sum[i] += s * direction[i];
      } else if (atom.kind !== "pool") add(sum, by, this.#atom(atom, t, values));
    }
    values.vectors.set(vector, sum);
    return sum;
  }

  #atom(atom: Exclude<Atom, PoolAtom>, t: number, values: Values): Float64Array {
    const known = values.atoms.get(atom.key);
    if (known) return known;
    let made: Float64Array;
    if (atom.kind === "product") {
      const [a, b] = atom.of.map((each) => this.#vector(each, t, values));
      made = a.map((value, i) => value * b[i]);
    } else {
      const x = this.#vector(atom.of, t, values);
      if (atom.kind === "activation") made = x.map(activationFunction(atom.activation).value);
      else {
        const { mean, deviation } = momentsOf(x, atom);
        const less = atom.norm === "layer" ? mean : 0;
        made = x.map((value) => (value - less) / deviation);
      }
    }
    values.atoms.set(atom.key, made);
    return made;
  }

  /** The gradients of the vectors that read straight atoms, at t, and dS/dt. */
  gradient(scores: Vector, t: number): { readonly parts: readonly GradientPart[]; readonly slope: number } {
    const values = this.forward(scores, t);
    const parts: GradientPart[] = [];
    let slope = 0;
    this.#reverse(scores, values, (vector, gradient) => {
      const size = sizeOf(vector);
      for (const { atom, by } of vector.terms) {
        const straight = this.straight(atom);
        if (!straight) continue;
        const inputs = inputsOf(by, straight, size);
        parts.push({ by, atom: straight, inputs, gradient });
        slope += this.#slopeAlong(straight, inputs, t) * dot(this.times(by, straight, size), gradient);
      }
    });
    return { parts, slope };
  }

  /** Hands every vector that reads straight atoms the gradient of the score with respect to it. */
  #reverse(scores: Vector, values: Values, visit: (vector: Vector, gradient: Float64Array) => void): void {
    const order = this.#order(scores);
    const gradients = new Map<Vector, Float64Array>([[scores, Float64Array.of(1)]]);
    for (const vector of order) {
      const gradient = gradients.get(vector);
      if (!gradient) continue;
      visit(vector, gradient);
      for (const { atom, by } of vector.terms) {
        if (atom.kind === "pool" || this.straight(atom)) continue;
        const back = transposed(by, gradient, inputsOf(by, atom, sizeOf(vector)));
        if (atom.kind === "product") {
          const [a, b] = atom.of.map((each) => values.vectors.get(each) as Float64Array);
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
        } else {
          const x = values.vectors.get(atom.of) as Float64Array;
          if (atom.kind === "activation") {
            const { slope } = activationFunction(atom.activation);
            accumulate(
              gradients,
              atom.of,
              back.map((g, i) => (g === 0 ? 0 : g * slope(x[i]))),
            );
          } else
            accumulate(gradients, atom.of, normBackward(back, x, values.atoms.get(atom.key) as Float64Array, atom));
        }
      }
    }
  }

  readonly #orders = new Map<Vector, readonly Vector[]>();

  /** Vectors from the scores back: each before those that it reads. */
  #order(scores: Vector): readonly Vector[] {
    const known = this.#orders.get(scores);
    if (known) return known;
    const done = new Set<Vector>();
    const order: Vector[] = [];
    const visit = (vector: Vector): void => {
      if (done.has(vector)) return;
      done.add(vector);
      for (const { atom } of vector.terms) {
        if (atom.kind !== "pool" && !this.straight(atom))
          for (const inner of atom.kind === "product" ? atom.of : [atom.of]) visit(inner);
      }
      order.unshift(vector);
    };
    visit(scores);
    this.#orders.set(scores, order);
    return order;
  }
}

/** A score, and all that it was computed from. */
export interface Values {
  score: number;
  readonly vectors: Map<Vector, Float64Array>;
  readonly atoms: Map<string, Float64Array>;
}

function momentsOf(x: Float64Array, { norm, epsilon }: NormAtom): { mean: number; deviation: number } {
  const mean = norm === "rms" ? 0 : x.reduce((a, b) => a + b, 0) / x.length;
  let squares = 0;
  for (const value of x) squares += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / x.length + epsilon) || 1 };
}

function normBackward(g: Float64Array, x: Float64Array, z: Float64Array, atom: NormAtom): Float64Array {
  const { mean, deviation } = momentsOf(x, atom);
  const less = atom.norm === "layer" ? g.reduce((a, b) => a + b, 0) / g.length : 0;
  const along = dot(g, z) / g.length;
  return g.map((value, i) => (value - less - ((x[i] - mean) / deviation) * along) / deviation);
}

function accumulate(gradients: Map<Vector, Float64Array>, vector: Vector, more: Float64Array): void {
  const before = gradients.get(vector);
  if (!before) gradients.set(vector, more);
  else for (let i = 0; i < more.length; i++) before[i] += more[i];
}
