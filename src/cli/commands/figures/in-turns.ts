import { grouped } from "../../../kernel-helpers/support/grouped.js";
import { seededRandom, shuffled } from "../../../kernel-helpers/support/random.js";

/**
 * Deals items into turns, in each of which one part is held out and the others are learned from, so that every item is
 * judged by what has not seen it. Groups are spread over the turns, the smallest first; an item of several is dealt with
 * the smallest of them.
 *
 * @param groupsOf the groups of each item
 * @returns for each turn every item with the split of that turn
 */
export function inTurns<T extends object>(
  items: readonly T[],
  groupsOf: (item: T) => readonly string[],
  { turns, seed }: { readonly turns: number; readonly seed: number },
): (Omit<T, "split"> & { readonly split: "train" | "test" })[][] {
  const members = grouped(
    items.flatMap((item) => groupsOf(item).map((group) => ({ item, group }))),
    ({ group }) => group,
  );
  const smallestFirst = [...members.values()].sort((a, b) => a.length - b.length);
  const random = seededRandom(`turns ${seed}`);
  const dealt = new Map<T, number>();
  for (const group of [...smallestFirst.map((of) => of.map(({ item }) => item)), items]) {
    const waiting = shuffled(
      group.filter((item) => !dealt.has(item)),
      random,
    );
    // Those that were dealt with a smaller group count: the turn with the fewest of this group comes next.
    const counts = Array.from({ length: turns }, (_, turn) => group.filter((item) => dealt.get(item) === turn).length);
    for (const item of waiting) {
      const turn = counts.indexOf(Math.min(...counts));
      counts[turn]++;
      dealt.set(item, turn);
    }
  }
  return Array.from({ length: turns }, (_, turn) =>
    items.map((item) => ({ ...item, split: dealt.get(item) === turn ? "test" : "train" })),
  );
}
