import type { GapHead, MapsPart } from "../gap-head.js";
import type { FoundPooling } from "../pooling.js";
import type { Atom, Vector } from "../vectors.js";
import type { Refused } from "../refused.js";

/** The pooled vectors that a vector is made of, side by side: the features. */
export interface Base {
  readonly atoms: readonly PoolAtom[];
  /** Where each begins, by its key. */
  readonly offsets: ReadonlyMap<string, number>;
  readonly channels: number;
  readonly featureMaps: GapHead["featureMaps"];
  readonly pooling: "average" | "max";
  /** "GAP head", "GMP head", or both. */
  readonly title: string;
  /** "maps 512×7×7 → average" */
  readonly text: string;
  readonly features?: { readonly name: string };
  readonly notes: readonly string[];
}

/** An atom that is pooled maps. */
export type PoolAtom = Extract<Atom, { kind: "pool" }>;

/** The pooled vectors behind a vector, in the order in which they are met. */
export function poolsOf(vector: Vector): PoolAtom[] {
  const pools = new Map<string, PoolAtom>();
  const seen = new Set<string>();
  const waiting = [...vector.terms].reverse();
  for (let term = waiting.pop(); term; term = waiting.pop()) {
    const { atom } = term;
    if (seen.has(atom.key)) continue;
    seen.add(atom.key);
    if (atom.kind === "pool") pools.set(atom.key, atom);
    else if (atom.kind === "product") waiting.push(...atom.of[1].terms, ...atom.of[0].terms);
    else waiting.push(...[...atom.of.terms].reverse());
  }
  return [...pools.values()];
}

/**
 * Pooled vectors as the features of a head. Several must be poolings of maps of one size; a maximum among them is taken as
 * the average of maps that hold H·W times the maximum at its place.
 *
 * @param sizes the length of each, by its key, where the pooled maps themselves do not tell
 */
export function baseOf(atoms: readonly PoolAtom[], sizes: ReadonlyMap<string, number>): Base | Refused {
  if (atoms.length === 0) return { refused: "no pooled maps lead to it" };
  const offsets = new Map<string, number>();
  let channels = 0;
  for (const { key, size } of atoms) {
    const own = sizes.get(key) ?? size;
    if (own === undefined) return { refused: "the number of channels of its maps is not known" };
    if (size !== undefined && size !== own) {
      return { refused: `the classifier reads ${own} numbers, but the pooled maps are ${size}` };
    }
    offsets.set(key, channels);
    channels += own;
  }
  const [first, ...others] = atoms.map(({ pooling }) => pooling);
  const notes = tokenNotes(first);
  if (others.length === 0) {
    return {
      atoms,
      offsets,
      channels,
      featureMaps: { name: first.maps, channels, ...sizeOf(first), ...orderOf(first) },
      pooling: first.pooling,
      title: first.pooling === "average" ? "GAP head" : "GMP head",
      text: `${mapsText(first, channels)} → ${first.pooling}`,
      ...(first.factor === 1 && { features: { name: first.pooled } }),
      notes,
    };
  }
  if (others.some(({ height, width }) => height === undefined || height !== first.height || width !== first.width)) {
    const extents = [...new Set(atoms.map(({ pooling: { height, width } }) => `${height ?? "?"}×${width ?? "?"}`))];
    return {
      refused: `maps of different sizes are pooled and joined (${extents.join(", ")}), so that no map of one size holds the score`,
    };
  }
  if (
    atoms.some(({ pooling: { tokens, height, width } }) => tokens && tokens.count !== Number(height) * Number(width))
  ) {
    return { refused: "tokens are pooled in several ways, some of which belong to no place" };
  }
  const parts = atoms.map(({ key, size, pooling }): MapsPart => ({
    name: pooling.maps,
    channels: sizes.get(key) ?? size ?? 0,
    pooling: pooling.pooling,
    ...orderOf(pooling),
  }));
  const kinds = [...new Set(parts.map(({ pooling }) => pooling))];
  const names = [...new Set(parts.map(({ name }) => name))];
  return {
    atoms,
    offsets,
    channels,
    featureMaps: { name: first.maps, channels, ...sizeOf(first), parts },
    pooling: "average",
    title: kinds.length > 1 ? "GAP and GMP head" : kinds[0] === "max" ? "GMP head" : "GAP head",
    text: `${names.join(" and ")} ${first.channels ?? "?"}×${first.height}×${first.width} → ${kinds.join(" and ")}`,
    notes: [...notes, ...partNotes(parts)],
  };
}

function sizeOf({ height, width }: FoundPooling): { height?: number; width?: number } {
  return { ...(height !== undefined && { height }), ...(width !== undefined && { width }) };
}

function orderOf({ layout, tokens }: FoundPooling): Pick<MapsPart, "layout" | "tokens"> {
  return { ...(layout !== "NCHW" && { layout }), ...(tokens && { tokens }) };
}

function mapsText({ maps, height, width, tokens }: FoundPooling, channels: number): string {
  const size = `${maps} ${channels}×${height ?? "?"}×${width ?? "?"}`;
  if (!tokens) return size;
  return tokens.order === "read" ? `${size} (tokens)` : `${size} (tokens, assumed row by row)`;
}

function tokenNotes({ tokens, height, width }: FoundPooling): string[] {
  const others = tokens ? tokens.count - Number(height) * Number(width) : 0;
  if (others === 0) return [];
  return [
    `the mean is over ${tokens?.count} tokens, of which ${others} belong to no place (class or register tokens): they add to a ` +
      "score, but not to its map",
  ];
}

function partNotes(parts: readonly MapsPart[]): string[] {
  let from = 0;
  return parts.flatMap(({ channels, pooling, name }) => {
    const [first, last] = [from, from + channels - 1];
    from += channels;
    return pooling === "max"
      ? [`channels ${first} to ${last} hold the maximum of each map of "${name}" at its place, and 0 elsewhere`]
      : [];
  });
}
