import type { Multiplier } from "../vectors.js";
import { packedOf, transposed } from "./multiply.js";
import { layerOf, sumOf, type NormAtom, type Path, type PoolAtom } from "./path.js";

/** The gradient of a score with respect to a vector that reads a straight atom, for some panels of a path. */
export interface GradientPart {
  readonly by: Multiplier;
  readonly atom: PoolAtom | NormAtom;
  readonly inputs: number;
}

interface Entry extends GradientPart {
  readonly sum: Float64Array;
  along: number;
}

/** Gradients of the vectors that read straight atoms, summed along a path before the matrices are applied. */
export class Gathered {
  readonly #entries = new Map<Multiplier, Entry>();

  constructor(
    readonly path: Path,
    readonly channels: number,
  ) {}

  /** The sums of one multiplier, to add to. */
  entry(part: GradientPart, outputs: number): Entry {
    let entry = this.#entries.get(part.by);
    if (!entry) {
      entry = { ...part, sum: new Float64Array(outputs), along: 0 };
      this.#entries.set(part.by, entry);
    }
    return entry;
  }

  /** a · this + b · other, for another that was gathered of the same score. */
  mixed(a: number, other: Gathered, b: number): Gathered {
    const made = new Gathered(this.path, this.channels);
    for (const [by, { sum, along, ...part }] of this.#entries) {
      const twin = other.#entries.get(by);
      const entry = made.entry(part, sum.length);
      for (let i = 0; i < sum.length; i++) entry.sum[i] = a * sum[i] + b * (twin?.sum[i] ?? 0);
      entry.along = a * along + b * (twin?.along ?? 0);
    }
    return made;
  }

  /** The largest difference of a sum from another's, over the largest sum. */
  apart(other: Gathered): number {
    let [most, largest] = [0, 0];
    for (const [by, { sum, along }] of this.#entries) {
      const twin = other.#entries.get(by);
      for (let i = 0; i < sum.length; i++) {
        most = Math.max(most, Math.abs(sum[i] - (twin?.sum[i] ?? 0)));
        largest = Math.max(largest, Math.abs(sum[i]));
      }
      if (along !== 0) most = Math.max(most, largest * Math.abs(1 - (twin?.along ?? 0) / along));
    }
    return largest === 0 ? 0 : most / largest;
  }

  /**
   * The gradient of the score with respect to the features. With y = s(t)·u the mean gradient of a normalisation is
   * P (a g − β u (u·g)), where a g is `sum`, β (u·g) is `along`, and P takes the mean off, for `layer` only.
   */
  weights(): Float32Array {
    const total = new Float32Array(this.channels);
    for (const { by, atom, inputs, sum, along } of this.#entries.values()) {
      const found = this.#transposed(by, atom, inputs, sum);
      if (atom.kind === "pool") {
        this.#add(total, atom, found);
        continue;
      }
      const back = new Float64Array(found);
      const mean = atom.norm === "layer" ? sumOf(back) / inputs : 0;
      const { spread } = this.path.direction(atom, inputs);
      for (let k = 0; k < inputs; k++) back[k] -= mean + spread[k] * along;
      const layer = layerOf(atom, inputs);
      this.#add(total, layer.pool, this.#transposed(layer.by, layer.pool, layer.inputs, back));
    }
    return total;
  }

  #transposed(
    by: Multiplier,
    atom: PoolAtom | NormAtom,
    inputs: number,
    gradient: Float64Array,
  ): Float32Array | Float64Array {
    const packed = packedOf(by);
    if (!packed) return transposed(by, gradient, inputs);
    const { u } = this.path.direction(atom, inputs);
    const product = this.path.times(by, atom, inputs, gradient.length);
    return packed.multiply(gradient, undefined, u, product);
  }

  #add(total: Float32Array, { key }: PoolAtom, weights: Float32Array | Float64Array): void {
    const offset = this.path.network.offsets.get(key) ?? 0;
    for (let k = 0; k < weights.length; k++) total[offset + k] += weights[k];
  }
}
