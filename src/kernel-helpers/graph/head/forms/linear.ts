// S_c = Σ_k w_k^c F_k + b_c (§2 of Zhou et al. 2016). Several linear layers, several heads that are added or averaged,
// and several poolings side by side make one: all of them are linear in F.
import { matrixOf, type Vector } from "../vectors.js";
import type { Refused } from "../refused.js";
import { baseOf, type Base, type PoolAtom } from "./base.js";

/** A linear classifier on pooled maps. */
export interface LinearForm {
  readonly base: Base;
  readonly weights: Float32Array;
  readonly bias?: Float32Array;
}

/** The classifier, when the scores are linear in pooled maps and at least one matrix stands between. */
export function linearForm(scores: Vector): LinearForm | Refused | undefined {
  const pools = scores.terms.map(({ atom }) => atom).filter((atom): atom is PoolAtom => atom.kind === "pool");
  if (pools.length !== scores.terms.length || !scores.terms.some(({ by }) => by.kind === "dense")) return undefined;
  const sizes = new Map(
    scores.terms.flatMap(({ atom, by }) => (by.kind === "dense" ? [[atom.key, by.inputs] as const] : [])),
  );
  const base = baseOf(pools, sizes);
  if ("refused" in base) return base;
  return { base, ...classifierOf(scores, base) };
}

/** The rows of all terms side by side, and the bias. */
function classifierOf(scores: Vector, { offsets, channels, atoms }: Base): Pick<LinearForm, "weights" | "bias"> {
  const classes = scores.size ?? 0;
  const bias = scores.bias === undefined ? {} : { bias: biasOf(scores, classes) };
  const [only, ...others] = scores.terms;
  if (others.length === 0 && only.by.kind === "dense" && atoms.length === 1) return { weights: only.by.data, ...bias };
  const weights = new Float32Array(classes * channels);
  for (const { atom, by } of scores.terms) {
    const offset = offsets.get(atom.key) ?? 0;
    const inputs = by.kind === "dense" ? by.inputs : (atom.size ?? 0);
    const rows = matrixOf(by, classes, inputs);
    for (let c = 0; c < classes; c++) {
      for (let k = 0; k < inputs; k++) weights[c * channels + offset + k] += rows[c * inputs + k];
    }
  }
  return { weights, ...bias };
}

/** The bias of a vector, one number an element. */
export function biasOf({ bias }: Vector, size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, c) => (typeof bias === "number" ? bias : (bias?.[c] ?? 0)));
}
