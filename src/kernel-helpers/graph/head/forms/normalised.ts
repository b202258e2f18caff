// S_c = Σ_k w_k^c z_k + b_c with z = (F − m) / σ (layer normalisation) or z = F / σ (RMS normalisation) of the pooled
// features; the normalisation's own scale and shift are folded into w and b. Linear in F for each photo, whose σ is taken
// as it is: see `classWeightsFor`.
import type { GapHead } from "../gap-head.js";
import { isIdentity, type Vector } from "../vectors.js";
import type { Refused } from "../refused.js";
import { baseOf, poolsOf, type Base } from "./base.js";
import { biasOf } from "./linear.js";

/** A linear classifier on normalised pooled maps. */
export interface NormalisedForm {
  readonly base: Base;
  readonly weights: Float32Array;
  readonly bias?: Float32Array;
  readonly normalisation: NonNullable<GapHead["normalisation"]>;
}

/** The classifier, when the scores are linear in one normalisation of all the pooled maps. */
export function normalisedForm(scores: Vector): NormalisedForm | Refused | undefined {
  const [term, ...others] = scores.terms;
  if (others.length > 0 || term?.atom.kind !== "norm" || term.by.kind !== "dense") return undefined;
  const { atom, by } = term;
  if (atom.of.terms.some((inner) => inner.atom.kind !== "pool")) return undefined;
  const pools = poolsOf(atom.of);
  const sizes = pools.length === 1 ? new Map([[pools[0].key, by.inputs]]) : new Map<string, number>();
  const base = baseOf(pools, sizes);
  if ("refused" in base) return base;
  if (!isStack(atom.of, base) || by.inputs !== base.channels) return undefined;
  return {
    base,
    weights: by.data,
    ...(scores.bias !== undefined && { bias: biasOf(scores, by.outputs) }),
    normalisation: { kind: atom.norm, epsilon: atom.epsilon },
  };
}

/** Whether a vector is nothing but the pooled vectors side by side. */
function isStack({ terms, bias }: Vector, { offsets }: Base): boolean {
  if (bias !== undefined || terms.length !== offsets.size) return false;
  return terms.every(({ atom, by }) => {
    if (atom.kind !== "pool" || by.kind !== "scale") return false;
    return by.offset === offsets.get(atom.key) && isIdentity({ ...by, offset: 0 });
  });
}
