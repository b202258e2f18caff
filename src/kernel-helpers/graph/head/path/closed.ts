import { activationFunction } from "../activations.js";
import { at, type Vector } from "../vectors.js";
import { Gathered } from "./gathered.js";
import { appliedBoth, inputsOf, sizeOf, transposed } from "./multiply.js";
import type { Path } from "./path.js";
import { meanSlope } from "./secants.js";

/** Whether one panel is exact: pooled features → linear → activation → linear. */
export function isClosed(scores: Vector): boolean {
  return scores.terms.every(({ atom }) => {
    if (atom.kind === "pool") return true;
    return atom.kind === "activation" && atom.of.terms.every((term) => term.atom.kind === "pool");
  });
}

/**
 * The gradient of one score along the whole path, where one panel is exact, with each matrix fetched from memory once: a
 * hidden unit's mean slope follows from its own row. Undefined for the second class of a photo, whose hidden units are
 * known, and where a hidden unit reads several poolings.
 */
export function gatheredAtOnce(path: Path, scores: Vector, channels: number): Gathered | undefined {
  const simple = scores.terms.every(({ atom }) => {
    if (atom.kind !== "activation") return false;
    const [{ by, atom: pool }, ...others] = atom.of.terms;
    return others.length === 0 && pool.kind === "pool" && !path.knows(by);
  });
  if (!simple) return undefined;
  const gathered = new Gathered(path, channels);
  for (const { atom, by } of scores.terms) {
    if (atom.kind !== "activation") return undefined;
    const [{ by: matrix, atom: pool }] = atom.of.terms;
    if (pool.kind !== "pool") return undefined;
    const hidden = sizeOf(atom.of);
    const inputs = inputsOf(matrix, pool, hidden);
    const entry = gathered.entry({ by: matrix, atom: pool, inputs }, hidden);
    const { sum } = entry;
    const behind = transposed(by, Float64Array.of(1), inputsOf(by, atom, 1));
    const act = activationFunction(atom.activation);
    const bias = atom.of.bias ?? 0;
    const both = appliedBoth(matrix, path.direction(pool, inputs).u, (row, rise) => {
      const start = at(bias, row);
      sum[row] = behind[row] * meanSlope(act, start, start + rise, act.value(start), act.value(start + rise));
      return sum[row];
    });
    if (!both) return undefined;
    path.keep(matrix, both.products);
    entry.back = both.sums;
  }
  return gathered;
}
