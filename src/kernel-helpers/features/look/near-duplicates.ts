import { check } from "../../support/check.js";
import { grouped } from "../../support/grouped.js";
import type { Matrix } from "../../support/matrix.js";
import { ALL_PAIRS, similarRows } from "./similar-rows.js";

/** What counts as alike. */
export interface DuplicateOptions {
  /** The cosine of two rows from which on they are near duplicates; 0.98 unless given. */
  readonly similarity?: number;
  /** Of the cells beyond 50,000 rows; 0 unless given. */
  readonly seed?: number;
  /** Up to so many rows all pairs are compared; 50,000 unless given. */
  readonly exactUpTo?: number;
}

/** Rows that are alike. */
export interface NearDuplicates {
  /** Rows that hang together by pairs, in order; the largest groups first. */
  readonly groups: readonly (readonly number[])[];
  readonly pairs: number;
  /** Whether all pairs were compared: beyond 50,000 rows some are missed. */
  readonly isExact: boolean;
}

/**
 * Groups of rows whose features are almost the same: pictures that are copies of each other, cut, scaled or compressed
 * anew.
 *
 * @throws CamlabError for options that cannot be used
 * @example
 * const { groups } = await tables.nearDuplicates(features, { similarity: 0.99 });
 * groups[0].map((row) => features.files[row]);
 */
export async function nearDuplicates(features: Matrix, options: DuplicateOptions = {}): Promise<NearDuplicates> {
  check.known(options, ["similarity", "seed", "exactUpTo"], "nearDuplicates");
  const { similarity = 0.98, seed = 0, exactUpTo = ALL_PAIRS } = options;
  check.number("similarity", similarity, { above: 0, to: 1 });
  const parents = Array.from({ length: features.rows }, (_, row) => row);
  const rootOf = (row: number): number => {
    while (parents[row] !== row) row = parents[row] = parents[parents[row]];
    return row;
  };
  let pairs = 0;
  const isExact = await similarRows(features, seed, exactUpTo, (rows, others, similarities) => {
    for (let i = 0, at = 0; i < rows.length; i++) {
      for (let j = 0; j < others.length; j++, at++) {
        if (!(similarities[at] >= similarity) || others[j] <= rows[i]) continue;
        pairs += 1;
        const [one, other] = [rootOf(rows[i]), rootOf(others[j])];
        parents[Math.max(one, other)] = Math.min(one, other);
      }
    }
  });
  const several = [...grouped(parents.keys(), rootOf).values()].filter((group) => group.length > 1);
  return { groups: several.sort((a, b) => b.length - a.length || a[0] - b[0]), pairs, isExact };
}
