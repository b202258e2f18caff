import type { HeadNetwork } from "../gap-head.js";
import { eachOf, type Atom, type Multiplier, type Vector } from "../vectors.js";
import { keptFor } from "./kept-runs.js";
import { applied, inputsOf } from "./multiply.js";

/** Pooled features. */
export type PoolAtom = Extract<Atom, { kind: "pool" }>;
/** A normalisation. */
export type NormAtom = Extract<Atom, { kind: "norm" }>;

/** What a normalisation of t·u is made of. */
export interface Direction {
  readonly u: Float64Array;
  /** u less its mean, where the normalisation takes that off. */
  readonly spread: Float64Array;
  /** The mean of the squares of `spread`. */
  readonly variance: number;
}

/** The straight path t·F from 0 to one photo's features F, 0 ≤ t ≤ 1, and what is the same at every t. */
export class Path {
  readonly #features: Float64Array;
  readonly #directions = new Map<string, Direction>();
  /** W·u by the multiplier W. */
  readonly #products = new Map<Multiplier, Float64Array>();

  constructor(
    readonly network: HeadNetwork,
    features: ArrayLike<number>,
  ) {
    this.#features = new Float64Array(features);
    const kept = keptFor(network, features);
    if (kept) network.hidden.forEach(({ of }, i) => this.#keep(of, kept[i]));
  }

  /** The product behind a vector whose value at the end of the path is known. */
  #keep({ terms: [{ atom, by }], bias = 0 }: Vector, values: Float32Array): void {
    const line = straight(atom);
    if (!line || by.kind !== "dense" || values.length !== by.outputs) return;
    const way = this.along(line, by.inputs, 1);
    if (way === 0) return;
    const [products, start] = [new Float64Array(by.outputs), eachOf(bias, by.outputs)];
    for (let i = 0; i < products.length; i++) products[i] = (values[i] - start[i]) / way;
    this.#products.set(by, products);
  }

  /** Whether these are still the features that the path leads to. */
  isOf(features: ArrayLike<number>): boolean {
    const own = this.#features;
    for (let k = 0; k < own.length; k++) if (own[k] !== features[k]) return false;
    return features.length === own.length;
  }

  /** u of a straight atom: see `straight`. */
  direction(atom: PoolAtom | NormAtom, size: number): Direction {
    let made = this.#directions.get(atom.key);
    if (made?.u.length !== size) this.#directions.set(atom.key, (made = this.#made(atom, size)));
    return made;
  }

  #made(atom: PoolAtom | NormAtom, size: number): Direction {
    if (atom.kind === "pool") {
      const u = this.#pooled(atom, size);
      return { u, spread: u, variance: 0 };
    }
    const { by, pool, inputs } = layerOf(atom, size);
    const u = this.times(by, pool, inputs, size);
    const mean = atom.norm === "rms" ? 0 : sumOf(u) / size;
    const spread = new Float64Array(size);
    let squares = 0;
    for (let i = 0; i < size; i++) {
      const value = u[i] - mean;
      spread[i] = value;
      squares += value * value;
    }
    return { u: atom.norm === "layer" ? spread : u, spread, variance: squares / size };
  }

  #pooled({ key }: PoolAtom, size: number): Float64Array {
    const offset = this.network.offsets.get(key) ?? 0;
    return this.#features.subarray(offset, offset + size);
  }

  /** The multiplier times the direction of its atom, which reads `inputs` numbers. */
  times(by: Multiplier, atom: PoolAtom | NormAtom, inputs: number, outputs: number): Float64Array {
    let made = this.#products.get(by);
    if (!made) this.#products.set(by, (made = applied(by, this.direction(atom, inputs).u, outputs)));
    return made;
  }

  /** s(t) of a straight atom. */
  along(atom: PoolAtom | NormAtom, inputs: number, t: number): number {
    if (atom.kind === "pool") return t;
    const { variance } = this.direction(atom, inputs);
    return t / Math.sqrt(t * t * variance + epsilonOf(atom));
  }
}

/** The sum of some numbers. */
export function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

/** The atom, when it is s(t)·u for a fixed u: pooled features, and a normalisation of a layer on them without a bias. */
export function straight(atom: Atom): PoolAtom | NormAtom | undefined {
  if (atom.kind === "pool") return atom;
  if (atom.kind !== "norm" || atom.of.bias !== undefined || atom.of.terms.length !== 1) return undefined;
  const [{ atom: inner, by }] = atom.of.terms;
  return inner.kind === "pool" && (by.kind === "dense" || by.offset === 0) ? atom : undefined;
}

/** What a straight normalisation of `size` numbers is of: pooled features, and what they are multiplied by. */
export function layerOf(
  atom: NormAtom,
  size: number,
): { readonly by: Multiplier; readonly pool: PoolAtom; readonly inputs: number } {
  const [{ by, atom: pool }] = atom.of.terms;
  return { by, pool: pool as PoolAtom, inputs: inputsOf(by, pool, size) };
}

/** A normalisation without an ε would have no value at 0. */
export function epsilonOf({ epsilon }: NormAtom): number {
  return Math.max(epsilon, 1e-30);
}
