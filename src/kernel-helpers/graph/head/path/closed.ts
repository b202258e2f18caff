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
 * The gradient of one score along the whole path, where one panel is exact: a hidden unit's mean slope follows from its own
 * row of the matrix, which is fetched from memory once. Undefined where a hidden unit reads several poolings.
 */
export function gatheredAtOnce(path: Path, scores: Vector, channels: number): Gathered | undefined {
  const gathered = new Gathered(path, channels);
  for (const { atom, by } of scores.terms) {
    if (atom.kind !== "activation" || atom.of.terms.length !== 1) return undefined;
    const [{ by: matrix, atom: pool }] = atom.of.terms;
    if (pool.kind !== "pool") return undefined;
    const hidden = sizeOf(atom.of);
    const inputs = inputsOf(matrix, pool, hidden);
    const entry = gathered.entry({ by: matrix, atom: pool, inputs }, hidden);
    const { sum } = entry;
    const behind = transposed(by, Float64Array.of(1), inputsOf(by, atom, 1));
    const act = activationFunction(atom.activation);
    const bias = atom.of.bias ?? 0;
    const slope = (row: number, rise: number) => {
      const start = at(bias, row);
      return meanSlope(act, start, start + rise, act.value(start), act.value(start + rise));
    };
    const known = path.slopes.get(atom.key);
    if (known) for (let i = 0; i < hidden; i++) sum[i] += behind[i] * known[i];
    else if (path.knows(matrix)) {
      const slopes = path.times(matrix, pool, inputs, hidden).map((rise, row) => slope(row, rise));
      path.slopes.set(atom.key, slopes);
      for (let i = 0; i < hidden; i++) sum[i] += behind[i] * slopes[i];
    } else {
      const slopes = new Float64Array(hidden);
      const both = appliedBoth(matrix, path.direction(pool, inputs).u, (row, rise) => {
        slopes[row] = slope(row, rise);
        return (sum[row] = behind[row] * slopes[row]);
      });
      if (!both) return undefined;
      path.keep(matrix, both.products);
      path.slopes.set(atom.key, slopes);
      entry.back = both.sums;
    }
  }
  return gathered;
}
