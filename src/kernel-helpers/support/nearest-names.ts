import { CamlabError } from "./errors.js";

/**
 * The names that are at most a third of a text in edits away from it, nearest first.
 *
 * @example
 * nearestNames("treshold", ["threshold", "rule"]); // ["threshold"]
 */
export function nearestNames(wanted: string, names: readonly string[]): string[] {
  const reach = Math.max(1, Math.floor(wanted.length / 3));
  return names
    .map((name) => ({ name, distance: editDistance(name.toLowerCase(), wanted.toLowerCase()) }))
    .filter(({ distance }) => distance <= reach)
    .sort((a, b) => a.distance - b.distance)
    .map(({ name }) => name);
}

/**
 * How many characters must be put in, left out, replaced, or changed for their neighbour to make one text of another (Levenshtein's
 * distance with the swaps of Damerau's, the commonest slip of all on a keyboard).
 *
 * @example
 * editDistance("kitten", "sitting"); // 3
 * editDistance("trian", "train"); // 1
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}

/**
 * The one of a list that has a name.
 *
 * @param what what they are, in one word
 * @throws CamlabError when there is none; it names the nearest, and all
 * @example
 * oneCalled("way", WAYS, "gradcam"); // throws: no way is called "gradcam"; did you mean grad-cam? (there are …)
 */
export function oneCalled<T extends { readonly name: string }>(what: string, list: readonly T[], name: string): T {
  const found = list.find((each) => each.name === name);
  if (found) return found;
  const names = list.map((each) => each.name);
  const [near] = nearestNames(name, names);
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  throw new CamlabError(`no ${what} is called ${JSON.stringify(name)}${hint} (there are ${names.join(", ")})`);
}
