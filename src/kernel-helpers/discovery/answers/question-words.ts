import { invalid } from "../../support/errors.js";
import { byCount, grouped } from "../../support/grouped.js";

/**
 * The words of a question: lower case and without punctuation; an apostrophe within a word stays.
 *
 * @throws CamlabError for what is no text
 * @example
 * wordsOf("What colour's the bus?"); // ["what", "colour's", "the", "bus"]
 */
export function wordsOf(question: string): string[] {
  if (typeof question !== "string") throw invalid("question", question, "a text");
  const text = question.normalize("NFKC").toLowerCase().replaceAll("’", "'");
  return text.match(/[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu) ?? [];
}

/**
 * The words of questions that occur in at least `least` of them, by their number of questions, then by name.
 */
export function vocabularyOf(questions: readonly (readonly string[])[], least: number): string[] {
  const uses = grouped(
    questions.flatMap((words) => [...new Set(words)]),
    (word) => word,
  );
  return byCount(uses).flatMap(([word, { length }]) => (length >= least ? [word] : []));
}
