import { CamlabError, invalid } from "../support/errors.js";
import { editDistance } from "../support/nearest-names.js";

/**
 * Which class a person means: an index, or a name. A name is looked for exactly, then without regard to case, then as
 * one of the comma-separated parts of a name ("tabby cat" finds "tabby, tabby cat"). The first of these ways that
 * finds anything decides; it must find one class only. Digits that are no class's name are an index ("281").
 *
 * @param classes class names, in the order of the logits
 * @param wanted an index from 0, or a name
 * @throws CamlabError when there are no classes, or no such class (names that come near are listed), or the name fits several
 * @example
 * classIndexOf(["tench, Tinca tinca", "goldfish"], "Tench"); // 0
 */
export function classIndexOf(classes: readonly string[], wanted: number | string): number {
  if (classes.length === 0) throw new CamlabError("there are no classes: the network is an embedding");
  if (typeof wanted === "number") {
    if (Number.isInteger(wanted) && wanted >= 0 && wanted < classes.length) return wanted;
    throw invalid("class", wanted, `an index from 0 to ${classes.length - 1}, or a name`);
  }
  const folded = fold(wanted);
  const ways = [
    (name: string) => name === wanted,
    (name: string) => fold(name) === folded,
    (name: string) => name.split(",").some((part) => fold(part) === folded),
  ];
  for (const fits of ways) {
    const found = classes.flatMap((name, index) => (fits(name) ? [index] : []));
    if (found.length === 1) return found[0];
    if (found.length > 1) throw ambiguous(classes, wanted, found);
  }
  if (/^\d+$/.test(folded)) return classIndexOf(classes, Number(folded));
  throw unknown(classes, wanted, folded);
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}

function ambiguous(classes: readonly string[], wanted: string, found: readonly number[]): CamlabError {
  const shown = found.slice(0, 5).map((index) => `${index} ${JSON.stringify(classes[index])}`);
  if (found.length > shown.length) shown.push("…");
  return new CamlabError(
    `class ${JSON.stringify(wanted)} fits ${found.length} classes: ${shown.join(", ")}; give the index instead`,
  );
}

function unknown(classes: readonly string[], wanted: string, folded: string): CamlabError {
  const near = nearNames(classes, folded).map((name) => JSON.stringify(name));
  const hint = near.length ? `; near it: ${near.join(", ")}` : ` among ${classes.length} classes`;
  return new CamlabError(`no class is named ${JSON.stringify(wanted)}${hint}`);
}

/** Up to five names that contain the text or are at most a third of it in edits away, nearest first. */
function nearNames(classes: readonly string[], folded: string): string[] {
  if (!folded) return [];
  const reach = Math.max(1, Math.floor(folded.length / 3));
  return classes
    .map((name) => ({ name, distance: distanceToName(name, folded) }))
    .filter(({ distance }) => distance <= reach)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 5)
    .map(({ name }) => name);
}

function distanceToName(name: string, folded: string): number {
  const whole = fold(name);
  if (whole.includes(folded)) return 0;
  return Math.min(...[whole, ...whole.split(",")].map((part) => editDistance(part.trim(), folded)));
}
