import { at, type Multiplier } from "../vectors.js";
import { transposed } from "./multiply.js";
import type { GradientPart, NormAtom, PoolAtom, Ray } from "./ray.js";
import { dot } from "../../../support/vectors.js";

/**
 * Gradients of the vectors that read straight atoms, summed over t before the matrices are applied. With z = u t / σ and
 * σ = √(t² v + ε), the gradient of a normalisation is (g − mean g − u t² (u·g) / (K σ²)) / σ; the mean only for `layer`.
 */
export class Gathered {
  readonly #sums = new Map<
    Multiplier,
    { readonly atom: PoolAtom | NormAtom; readonly inputs: number; readonly sum: Float64Array; along: number }
  >();

  constructor(
    readonly ray: Ray,
    readonly channels: number,
  ) {}

  /** Adds `share` times a gradient at t. */
  add({ by, atom, inputs, gradient }: GradientPart, t: number, share: number): void {
    let entry = this.#sums.get(by);
    if (!entry) {
      entry = { atom, inputs, sum: new Float64Array(gradient.length), along: 0 };
      this.#sums.set(by, entry);
    }
    if (atom.kind === "pool") {
      for (let i = 0; i < gradient.length; i++) entry.sum[i] += share * gradient[i];
      return;
    }
    const { variance } = this.ray.direction(atom, inputs);
    const deviation = Math.sqrt(t * t * variance + atom.epsilon);
    if (deviation === 0) return;
    for (let i = 0; i < gradient.length; i++) entry.sum[i] += (share / deviation) * gradient[i];
    const along = dot(this.ray.times(by, atom, gradient.length), gradient);
    entry.along += (share * t * t * along) / (inputs * deviation ** 3);
  }

  /** The gradient of the score with respect to the features. */
  weights(): Float32Array {
    const total = new Float64Array(this.channels);
    for (const [by, { atom, inputs, sum, along }] of this.#sums) {
      const back = transposed(by, sum, inputs);
      const pool = atom.kind === "pool" ? atom : (atom.of.terms[0].atom as PoolAtom);
      const offset = this.ray.network.offsets.get(pool.key) ?? 0;
      if (atom.kind === "norm") {
        const mean = atom.norm === "layer" ? back.reduce((a, b) => a + b, 0) / inputs : 0;
        const { spread } = this.ray.direction(atom, inputs);
        const scale = (atom.of.terms[0].by as Extract<Multiplier, { kind: "scale" }>).scale;
        for (let k = 0; k < inputs; k++) back[k] = (back[k] - mean - spread[k] * along) * at(scale, k);
      }
      for (let k = 0; k < inputs; k++) total[offset + k] += back[k];
    }
    return Float32Array.from(total);
  }
}
