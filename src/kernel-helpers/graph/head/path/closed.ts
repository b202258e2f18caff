// Pooled features → linear → activation → linear, of which the whole path is one panel. What a photo needs is little beside
// the product with the matrix, so that it is done in room that is kept from photo to photo.
import type { HeadNetwork } from "../gap-head.js";
import type { Vector } from "../vectors.js";
import { keptFor } from "./kept-runs.js";
import { applied, packedOf } from "./multiply.js";
import { meanSlope } from "./secants.js";
import { startOf, type ActivationAtom, type Start } from "./start.js";
import type { PackedTranspose } from "./wasm/packed-transpose.js";

/** Whether one panel is exact: pooled features → linear → activation → linear. */
export function isClosed(scores: Vector): boolean {
  return scores.terms.every(({ atom }) => {
    if (atom.kind === "pool") return true;
    return atom.kind === "activation" && atom.of.terms.every((term) => term.atom.kind === "pool");
  });
}

/** A layer of units that read one pooling. */
class Units {
  readonly #matrix: ActivationAtom["of"]["terms"][0]["by"];
  readonly #packed: PackedTranspose;
  readonly #start: Start;
  readonly #rises: Float32Array;
  readonly #slopes: Float32Array;

  constructor(
    atom: ActivationAtom,
    packed: PackedTranspose,
    readonly scores: Float32Array,
    /** Where the pooling begins in the features, and where what runs computed of the units stands in what was kept. */
    readonly offset: number,
    readonly kept: number,
  ) {
    this.#matrix = atom.of.terms[0].by;
    this.#packed = packed;
    this.#start = startOf(atom);
    this.#rises = new Float32Array(packed.rows);
    this.#slopes = new Float32Array(packed.rows);
  }

  /** The mean slopes of the units along the path to some features. */
  follow(features: Float32Array, kept: Float32Array | undefined): void {
    const { act, bias, values } = this.#start;
    const [rises, slopes] = [this.#rises, this.#slopes];
    const products = kept ?? applied(this.#matrix, new Float64Array(this.#read(features)), rises.length);
    for (let i = 0; i < slopes.length; i++) {
      const start = bias[i];
      const rise = kept ? products[i] - start : products[i];
      rises[i] = rise;
      slopes[i] = meanSlope(act, start, start + rise, values[i], act.value(start + rise));
    }
  }

  /** Adds the weights of a class. */
  add(total: Float32Array, row: number, features: Float32Array): void {
    const { rows } = this.#packed;
    const behind = this.scores.subarray(row * rows, (row + 1) * rows);
    const weights = this.#packed.multiply(behind, this.#slopes, this.#read(features), this.#rises);
    const { offset } = this;
    for (let k = 0; k < weights.length; k++) total[offset + k] += weights[k];
  }

  #read(features: Float32Array): Float32Array {
    return features.subarray(this.offset, this.offset + this.#packed.inputs);
  }
}

/** Weights along the whole path of a network of which it is one panel. */
export class ClosedTail {
  readonly #features: Float32Array;

  private constructor(
    readonly network: HeadNetwork,
    readonly channels: number,
    readonly units: readonly Units[],
  ) {
    this.#features = new Float32Array(channels).fill(NaN);
  }

  /** Undefined where a hidden unit reads several poolings, or where matrices are small. */
  static of(network: HeadNetwork, channels: number): ClosedTail | undefined {
    const units: Units[] = [];
    for (const { atom, by } of network.scores.terms) {
      if (atom.kind !== "activation" || atom.of.terms.length !== 1 || by.kind !== "dense") return undefined;
      const [{ by: matrix, atom: pool }] = atom.of.terms;
      const packed = packedOf(matrix);
      if (pool.kind !== "pool" || !packed) return undefined;
      const kept = network.hidden.findIndex(({ of }) => of === atom.of);
      units.push(new Units(atom, packed, by.data, network.offsets.get(pool.key) ?? 0, kept));
    }
    return new ClosedTail(network, channels, units);
  }

  /** The weights of one class. */
  weights(row: number, features: Float32Array): Float32Array {
    if (!this.#isAt(features)) {
      const kept = keptFor(this.network, features);
      for (const units of this.units) units.follow(features, kept?.[units.kept]);
      this.#features.set(features);
    }
    const total = new Float32Array(this.channels);
    for (const units of this.units) units.add(total, row, features);
    return total;
  }

  #isAt(features: Float32Array): boolean {
    const own = this.#features;
    for (let k = 0; k < own.length; k++) if (own[k] !== features[k]) return false;
    return true;
  }
}
