import { grouped } from "../../support/grouped.js";

/**
 * Names that differ in nothing but capitals, blanks, hyphens and underscores: most often one thing spelled in two ways.
 *
 * @example
 * alikeNames(["living_room", "kitchen", "Living room"]); // [["living_room", "Living room"]]
 */
export function alikeNames(names: Iterable<string>): string[][] {
  const groups = grouped(names, (name) =>
    name
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[\s_-]+/g, " ")
      .trim(),
  );
  return [...groups.values()].filter((group) => group.length > 1);
}

/**
 * Cuts names to their readable part, and leaves those as they are that would become equal.
 *
 * @param names different names
 * @returns for each name, what to call it; and the names that were not cut
 * @example
 * cutApart(["001.Red_Bird", "002.Red_Bird", "003.Owl"], (name) => name.replace(/^\d+\./, "")); // … "003.Owl" → "Owl"
 */
export function cutApart(
  names: Iterable<string>,
  cut: (name: string) => string,
): { readonly names: ReadonlyMap<string, string>; readonly uncut: readonly (readonly string[])[] } {
  const groups = grouped(new Set(names), cut);
  const result = new Map<string, string>();
  const uncut: string[][] = [];
  for (const [short, group] of groups) {
    if (group.length > 1) uncut.push(group);
    for (const name of group) result.set(name, group.length > 1 ? name : short);
  }
  return { names: result, uncut };
}

/** What to say of names that were not cut. */
export function uncutNote(group: readonly string[]): string {
  return `${group.map((name) => JSON.stringify(name)).join(" and ")} would have the same name when cut: they are left as they are`;
}
