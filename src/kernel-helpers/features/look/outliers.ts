import { check } from "../../support/check.js";
import type { Matrix } from "../../support/matrix.js";
import { ALL_PAIRS, similarRows } from "./similar-rows.js";

/** What counts as far. */
export interface OutlierOptions {
  /** How many rows are wanted; 20 unless given. */
  readonly count?: number;
  /** Neighbours whose mean counts; 5 unless given. */
  readonly neighbours?: number;
  /** Of the cells beyond 50,000 rows; 0 unless given. */
  readonly seed?: number;
  /** Up to so many rows all pairs are compared; 50,000 unless given. */
  readonly exactUpTo?: number;
}

/** Rows far from all others. */
export interface Outliers {
  /** The farthest first; `similarity` is the mean cosine to the nearest neighbours. */
  readonly rows: readonly { readonly row: number; readonly similarity: number }[];
  /** Whether all pairs were compared: beyond 50,000 rows neighbours may be missed. */
  readonly isExact: boolean;
}

/**
 * The rows whose nearest neighbours are the farthest away: pictures of something else, broken ones, the only one of
 * their kind.
 *
 * @throws CamlabError for options that cannot be used
 * @example
 * const { rows } = await tables.outliers(features, { count: 10 });
 */
export async function outliers(features: Matrix, options: OutlierOptions = {}): Promise<Outliers> {
  check.known(options, ["count", "neighbours", "seed", "exactUpTo"], "outliers");
  const { count = 20, neighbours = 5, seed = 0, exactUpTo = ALL_PAIRS } = options;
  check.counts({ count, neighbours });
  const best = new Float32Array(features.rows * neighbours).fill(-2);
  const isExact = await similarRows(features, seed, exactUpTo, (rows, others, similarities) => {
    for (let i = 0, at = 0; i < rows.length; i++) {
      const start = rows[i] * neighbours;
      const end = start + neighbours;
      for (let j = 0; j < others.length; j++, at++) {
        const value = similarities[at];
        if (!(value > best[end - 1]) || others[j] === rows[i]) continue;
        let place = end - 1;
        for (; place > start && best[place - 1] < value; place--) best[place] = best[place - 1];
        best[place] = value;
      }
    }
  });
  const all = Array.from({ length: features.rows }, (_, row) => {
    const known = best.subarray(row * neighbours, (row + 1) * neighbours).filter((value) => value > -2);
    return { row, similarity: known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : -1 };
  });
  return { rows: all.sort((a, b) => a.similarity - b.similarity || a.row - b.row).slice(0, count), isExact };
}
