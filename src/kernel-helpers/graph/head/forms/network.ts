// S = N(F): a small network of linear layers, activations, normalisations and products behind the pooling. Its weights
// for a photo are complete along the straight path from 0: see `path-weights.ts`.
import type { HeadNetwork } from "../gap-head.js";
import type { Vector } from "../vectors.js";
import type { Refused } from "../refused.js";
import { baseOf, poolsOf, type Base } from "./base.js";

/** A small network on pooled maps. */
export interface NetworkForm {
  readonly base: Base;
  readonly network: HeadNetwork;
  readonly classes: number;
}

/** The small network, for any scores that follow from pooled maps. */
export function networkForm(scores: Vector): NetworkForm | Refused {
  if (scores.size === undefined) return { refused: "the number of its class scores is not known" };
  const pools = poolsOf(scores);
  const base = baseOf(pools, readBy(scores));
  if ("refused" in base) return base;
  return { base, network: { scores, offsets: base.offsets }, classes: scores.size };
}

/** How many numbers matrices read of each pooled vector. */
function readBy(scores: Vector): Map<string, number> {
  const sizes = new Map<string, number>();
  const seen = new Set<Vector>();
  const waiting = [scores];
  for (let vector = waiting.pop(); vector; vector = waiting.pop()) {
    if (seen.has(vector)) continue;
    seen.add(vector);
    for (const { atom, by } of vector.terms) {
      if (atom.kind === "pool") {
        if (by.kind === "dense") sizes.set(atom.key, by.inputs);
        else if (vector.terms.length === 1 && vector.size !== undefined && by.offset === 0)
          sizes.set(atom.key, vector.size);
      } else waiting.push(...(atom.kind === "product" ? atom.of : [atom.of]));
    }
  }
  return sizes;
}
