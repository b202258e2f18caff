/**
 * A line as its letters stand from left to right: runs of right-to-left writing turned around, numbers and Latin words
 * in them as they are, brackets mirrored, Arabic letters in the form that their neighbours ask for. For labels: the
 * Unicode Bidirectional Algorithm without explicit embeddings, whose marks no name shows here.
 *
 * @example
 * visualOrder("כלב 12"); // "12 בלכ"
 */
export function visualOrder(line: string): string {
  if (!RIGHT_TO_LEFT.test(line)) return line;
  const letters = [...joined(line)];
  const levels = levelsOf(letters);
  const order = letters.map((_, i) => i);
  for (let level = Math.max(...levels); level > 0; level--) reverseRuns(order, levels, level);
  return order.map((i) => (levels[i] % 2 === 1 ? (MIRRORED[letters[i]] ?? letters[i]) : letters[i])).join("");
}

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const NUMBER = /[\d٠-٩۰-۹]/u;
const STRONG = /[\p{L}]/u;
const MIRRORED: Readonly<Record<string, string>> = {
  ...{ "(": ")", ")": "(", "[": "]", "]": "[", "{": "}", "}": "{", "<": ">", ">": "<", "«": "»", "»": "«" },
};

/**
 * Odd levels are written from right to left; what has no direction takes that of what it stands between. A label as a
 * whole goes from left to right, as in the charts of a browser.
 */
function levelsOf(letters: readonly string[]): number[] {
  const levels = Array<number | undefined>(letters.length).fill(undefined);
  let before = 0;
  letters.forEach((letter, i) => {
    if (RIGHT_TO_LEFT.test(letter)) levels[i] = before = 1;
    else if (NUMBER.test(letter)) levels[i] = 2 * before;
    else if (STRONG.test(letter)) levels[i] = before = 0;
  });
  for (const [open, close] of bracketPairs(letters)) {
    const inside = levels.slice(open + 1, close).filter((level) => level !== undefined);
    const context =
      levels
        .slice(0, open)
        .reverse()
        .find((level) => level !== undefined) ?? 0;
    if (inside.length > 0) levels[open] = levels[close] = inside.includes(0) || context === 0 ? 0 : 1;
  }
  const nearest = (from: number, step: 1 | -1) => {
    let at = from + step;
    while (at >= 0 && at < levels.length && levels[at] === undefined) at += step;
    return levels[at] ?? 0;
  };
  return letters.map((letter, i) => {
    const level = levels[i];
    if (level !== undefined) return level;
    const [from, to] = [nearest(i, -1), nearest(i, 1)];
    if (from === to || /\p{M}/u.test(letter)) return from;
    // A number in right-to-left text counts as that text for what stands beside it.
    return from > 0 && to > 0 ? 1 : 0;
  });
}

/** Where brackets open and close; those without a partner are left out. */
function bracketPairs(letters: readonly string[]): [number, number][] {
  const open: number[] = [];
  const pairs: [number, number][] = [];
  letters.forEach((letter, i) => {
    if ("([{".includes(letter)) open.push(i);
    if (!")]}".includes(letter)) return;
    const partner = open.map((at) => MIRRORED[letters[at]]).lastIndexOf(letter);
    if (partner >= 0) pairs.push([open.splice(partner)[0], i]);
  });
  return pairs.sort((a, b) => a[0] - b[0]);
}

function reverseRuns(order: number[], levels: readonly number[], level: number): void {
  for (let from = 0; from < order.length; from++) {
    if (levels[order[from]] < level) continue;
    let to = from;
    while (to + 1 < order.length && levels[order[to + 1]] >= level) to++;
    order.splice(from, to - from + 1, ...order.slice(from, to + 1).reverse());
    from = to;
  }
}

/** The forms of an Arabic letter: alone, last of a word, first, in the middle; two for letters that join one way only. */
let arabicForms: ReadonlyMap<string, readonly string[]> | undefined;

/** Unicode's presentation forms stand in this very order, and their compatibility decompositions name the letter. */
function formsOf(): ReadonlyMap<string, readonly string[]> {
  if (arabicForms) return arabicForms;
  const forms = new Map<string, string[]>();
  for (const [from, to] of [
    [0xfb50, 0xfbb1],
    [0xfe80, 0xfefc],
  ]) {
    for (let code = from; code <= to; code++) {
      const form = String.fromCodePoint(code);
      const letter = form.normalize("NFKC");
      if (letter !== form) forms.set(letter, [...(forms.get(letter) ?? []), form]);
    }
  }
  return (arabicForms = forms);
}

/** Arabic letters replaced by the forms that join; lam and alef by their ligature. */
function joined(line: string): string {
  const forms = formsOf();
  const letters: string[] = [];
  for (const letter of line) {
    const pair = `${letters.at(-1) ?? ""}${letter}`;
    if (letters.at(-1) === "ل" && forms.has(pair)) letters[letters.length - 1] = pair;
    else letters.push(letter);
  }
  const joinsOn = (i: number) => (forms.get(letters[i])?.length ?? 0) >= 4;
  const neighbour = (i: number, step: 1 | -1) => {
    let at = i + step;
    while (at >= 0 && at < letters.length && /\p{Mn}/u.test(letters[at])) at += step;
    return at;
  };
  return letters
    .map((letter, i) => {
      const shapes = forms.get(letter);
      if (!shapes || shapes.length < 2) return letter;
      const before = neighbour(i, -1) >= 0 && joinsOn(neighbour(i, -1));
      const after = neighbour(i, 1) < letters.length && joinsOn(i) && forms.has(letters[neighbour(i, 1)]);
      return shapes[before ? (after ? 3 : 1) : after ? 2 : 0];
    })
    .join("");
}
