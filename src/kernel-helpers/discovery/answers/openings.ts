/** A beginning that many training questions share, and the image weights of its own that they have. */
export interface Opening {
  /** The words that a question begins with; "" is every question. */
  readonly words: string;
  /** The longest opening that this one continues, by its place in the list; −1 for "". */
  readonly parent: number;
  /** Training questions that begin so. */
  readonly questions: number;
}

/**
 * The beginnings of questions that at least `least` of them share, shorter ones before those that continue them. A
 * beginning that the same questions share as a shorter one is left out: the shorter one fits more new questions.
 *
 * @param questions their words
 * @param longest words in an opening, at most
 * @example
 * openingsOf(questions, 20, 8).map(({ words }) => words); // ["", "is", "is there a dog", "what", "what colour", …]
 */
export function openingsOf(questions: readonly (readonly string[])[], least: number, longest: number): Opening[] {
  const counts = new Map<string, number>();
  for (const words of questions) {
    for (let count = 1; count <= Math.min(longest, words.length); count++) {
      const opening = words.slice(0, count).join(" ");
      counts.set(opening, (counts.get(opening) ?? 0) + 1);
    }
  }
  const often = [...counts].filter(([, count]) => count >= least).sort(([a], [b]) => (a < b ? -1 : 1));
  const openings: Opening[] = [{ words: "", parent: -1, questions: questions.length }];
  for (const [words, count] of often) {
    const shorter = words.includes(" ") ? counts.get(words.slice(0, words.lastIndexOf(" "))) : questions.length;
    if (count < shorter!) openings.push({ words, parent: openingOf(openings, words.split(" ")), questions: count });
  }
  return openings;
}

/**
 * The longest opening that a question has, by its place in the list.
 *
 * @param words of the question; with none it is opening 0, which is every question's
 */
export function openingOf(openings: readonly Opening[], words: readonly string[]): number {
  const text = `${words.join(" ")} `;
  let best = 0;
  openings.forEach((opening, index) => {
    if (text.startsWith(`${opening.words} `) && opening.words.length > openings[best].words.length) best = index;
  });
  return best;
}

/** An opening and all that it continues, the shortest last. */
export function chainOf(openings: readonly Pick<Opening, "parent">[], index: number): number[] {
  const chain: number[] = [];
  for (let at = index; at >= 0; at = openings[at].parent) chain.push(at);
  return chain;
}
