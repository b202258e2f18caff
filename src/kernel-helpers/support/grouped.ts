/** Items by a key, in the order in which keys come first. */
export function grouped<T, Key>(items: Iterable<T>, keyOf: (item: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Groups, the largest first; of equal ones by key. */
export function byCount<T>(groups: ReadonlyMap<string, readonly T[]>): [string, readonly T[]][] {
  return [...groups].sort(([a, m], [b, n]) => n.length - m.length || (a < b ? -1 : 1));
}

/**
 * So many of a list, evenly over it; all of them where there are no more.
 *
 * @example
 * evenly(["a", "b", "c", "d"], 2); // ["a", "c"]
 */
export function evenly<T>(list: readonly T[], most: number): T[] {
  const step = Math.max(1, list.length / most);
  return Array.from({ length: Math.min(most, list.length) }, (_, i) => list[Math.floor(i * step)]);
}

/** Items so many at a time, as they come; the last group may be smaller. */
export async function* inGroups<T>(items: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
