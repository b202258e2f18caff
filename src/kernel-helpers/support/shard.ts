import { invalid } from "./errors.js";

/** One of several equal parts of a list. */
export interface Shard {
  /** Which part, from 1. */
  readonly index: number;
  /** How many parts there are. */
  readonly of: number;
}

/**
 * Where a part of a list begins and ends: parts follow each other without gaps, and differ by one item at the most.
 *
 * @throws CamlabError unless 1 ≤ index ≤ of
 * @example
 * shardRange(10, { index: 2, of: 3 }); // { start: 3, end: 6 }
 */
export function shardRange(length: number, { index, of }: Shard): { readonly start: number; readonly end: number } {
  const isWhole = Number.isSafeInteger(index) && Number.isSafeInteger(of) && index >= 1 && index <= of;
  if (!isWhole) throw invalid("shard", `${index}/${of}`, "index/of, whole numbers with 1 ≤ index ≤ of");
  const edge = (part: number) => Number((BigInt(length) * BigInt(part)) / BigInt(of));
  return { start: edge(index - 1), end: edge(index) };
}

/**
 * One of several equal parts of a list: all parts, one after the other, are the list.
 *
 * @throws CamlabError as `shardRange`
 * @example
 * shardOf(["a", "b", "c"], { index: 2, of: 2 }); // ["b", "c"]
 */
export function shardOf<T>(list: readonly T[], shard: Shard): readonly T[] {
  const { start, end } = shardRange(list.length, shard);
  return list.slice(start, end);
}
