import { CamlabError, invalid } from "../../support/errors.js";
import { FeatureTable } from "../feature-table.js";
import type { TableShard } from "./table-shard.js";

/**
 * The table that parts of it were made of: the same to the byte as if it had been made whole.
 *
 * @param tables what `extractFeatures` gave with `{ shard }`, or files of it, in any order
 * @throws CamlabError naming the parts that are missing or there twice, and for parts of different wholes
 * @example
 * const features = tables.mergeFeatures(await Promise.all(files.map(loadFeatures)));
 */
export function mergeFeatures(tables: readonly FeatureTable[]): FeatureTable {
  const parts = inOrder(tables);
  const [{ columns, origin }] = parts;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const data = new Float32Array(rows * columns);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  const hasCrops = parts.some(({ crops }) => crops !== undefined);
  return new FeatureTable({
    rows,
    columns,
    data,
    pictures: parts.flatMap(({ pictures }) => pictures),
    ...(hasCrops && { crops: parts.flatMap((part) => part.crops ?? part.pictures.map(() => undefined)) }),
    skipped: parts.flatMap(({ skipped }) => skipped),
    origin,
    notes: [...new Set(parts.flatMap(({ notes }) => notes))],
  });
}

/** What is checked of the parts of a whole. */
export interface Part {
  readonly columns: number;
  readonly origin?: object;
  readonly shard?: TableShard;
}

/**
 * The parts of a whole in their order.
 *
 * @throws CamlabError unless they are all of its parts, each once
 */
export function inOrder<P extends Part>(parts: readonly P[]): readonly P[] {
  if (parts.length === 0) throw invalid("tables", parts, "the parts of a table, at least one");
  const shards = parts.map(({ shard }, i) => {
    if (shard) return shard;
    throw new CamlabError(`table ${i + 1} of ${parts.length} is no part of another: it was not made with a shard`);
  });
  const [{ of, pictures, list }] = shards;
  const other = shards.findIndex((shard) => shard.of !== of || shard.pictures !== pictures || shard.list !== list);
  if (other >= 0) {
    throw new CamlabError(
      `shard ${textOf(shards[other])} (of ${shards[other].pictures} pictures) is a part of another list of pictures than shard ${textOf(shards[0])} (of ${pictures})`,
    );
  }
  const byIndex = new Map<number, P>();
  for (const [i, { index }] of shards.entries()) {
    if (byIndex.has(index)) throw new CamlabError(`shard ${index}/${of} is there twice`);
    byIndex.set(index, parts[i]);
  }
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !byIndex.has(index));
  if (missing.length > 0)
    throw new CamlabError(`${missing.length} of ${of} shards are missing: ${rangesText(missing)}`);
  const ordered = shards.map((_, i) => byIndex.get(i + 1)!);
  const strange = ordered.find((part) => !isSameMaking(part, ordered[0]));
  if (strange) {
    throw new CamlabError(
      `shard ${textOf(strange.shard!)} was made otherwise than shard 1/${of}: ${makingText(strange)}, not ${makingText(ordered[0])}`,
    );
  }
  return ordered;
}

/**
 * Numbers, with runs of them shortened.
 *
 * @example
 * rangesText([1, 3, 4, 5]); // "1, 3–5"
 */
export function rangesText(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(", ");
}

function textOf({ index, of }: TableShard): string {
  return `${index}/${of}`;
}

function isSameMaking(one: Part, other: Part): boolean {
  return one.columns === other.columns && JSON.stringify(one.origin) === JSON.stringify(other.origin);
}

function makingText({ columns, origin }: Part): string {
  return `${columns} features of ${JSON.stringify(origin ?? "nobody knows what")}`;
}
