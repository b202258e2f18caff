import { elementCount } from "../../../graph/onnx/tensor.js";
import { CamlabError } from "../../../support/errors.js";
import { gaussian, seededRandom } from "../../../support/random.js";

/** What a weight is for, and with it what it starts from. */
export type WeightRole =
  /** Drawn from a normal distribution of this deviation. */
  | { readonly deviation: number }
  /** The same number everywhere: 0 for biases, 1 for scales. */
  | { readonly filled: number };

/** Where an architecture takes its weights from, by name, while it is built. */
export interface Weights {
  take(name: string, dims: readonly number[], role: WeightRole): Float32Array;
}

const LARGEST = 2 ** 31 - 1;

/**
 * Seeded weights: filters by He's rule (deviation √(2 / fan-in), He et al. 2015), classifiers with deviation 0.01, biases
 * 0, scales 1. Each weight has a sequence of its own, so that networks that share layers share their weights.
 */
export function seededWeights(seed: number | string): Weights {
  return {
    take(name, dims, role) {
      const count = elementCount(dims);
      if (!(4 * count <= LARGEST)) {
        throw new CamlabError(`"${name}" would be ${dims.join("×")} numbers: a network's take at most 2 GB`);
      }
      if ("filled" in role) return new Float32Array(count).fill(role.filled);
      return gaussian(seededRandom(`architecture ${seed} ${name}`), count, role.deviation);
    },
  };
}

/** The sizes alone: each weight is noted, and none takes memory. */
export function notedWeights(): Weights & { readonly dims: Map<string, readonly number[]> } {
  const noted = new Map<string, readonly number[]>();
  return {
    dims: noted,
    take(name, dims) {
      noted.set(name, dims);
      return new Float32Array(0);
    },
  };
}
