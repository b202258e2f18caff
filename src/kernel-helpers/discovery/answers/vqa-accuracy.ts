import { check } from "../../support/check.js";
import { invalid } from "../../support/errors.js";
import { CONTRACTION_OF } from "./contractions.js";

/** How answers are made comparable. */
export interface VqaAccuracyOptions {
  /**
   * What is normalised before answers are compared. `both` (the default): the prediction and people's answers, as the
   * definition says. `official`: as the evaluation script of VQA v2 does it to the letter: of people's answers only
   * the punctuation, and only where not all are alike. On the annotations as distributed, whose answers stand without
   * articles and in digits already, the two differ by those few answers that all ten people gave with punctuation.
   */
  readonly normalise?: "both" | "official";
}

/**
 * The accuracy of one answer by the VQA metric (Antol et al., ICCV 2015; Goyal et al., CVPR 2017):
 * the mean, over all subsets that leave one person out, of min(people in the subset who said so / 3, 1).
 * Of ten people who answer, 1 that agrees gives 0.3, 2 give 0.6, 3 give 0.9, 4 and more give 1. With fewer than four
 * people the metric cannot reach 1, and with one it is 0: `testAnswers` takes a single answer for that of ten.
 *
 * @param answer the predicted answer
 * @param answers what people answered: ten in VQA, any number here
 * @returns 0 to 1
 * @throws CamlabError when nobody answered
 * @example
 * discover.vqaAccuracy("two", ["2", "2", "2", "3", "3", "4", "2 dogs", "many", "5", "5"]); // 0.9
 */
export function vqaAccuracy(answer: string, answers: readonly string[], options: VqaAccuracyOptions = {}): number {
  const { normalise = "both" } = check.known(options, ["normalise"], "vqaAccuracy");
  check.oneOf("normalise", normalise, ["both", "official"]);
  if (answers.length === 0) throw invalid("answers", answers, "at least one person's answer");
  const given = normaliseAnswer(answer);
  const alike = new Set(answers).size === 1;
  const theirs =
    normalise === "both" ? answers.map(normaliseAnswer) : alike ? answers : answers.map(withoutPunctuation);
  const agreeing = theirs.filter((other) => other === given).length;
  const left = (people: number) => Math.min(people / 3, 1);
  return (agreeing * left(agreeing - 1) + (theirs.length - agreeing) * left(agreeing)) / theirs.length;
}

/**
 * An answer as VQA compares it: punctuation out, lower case, numbers to ten in digits, no articles, contractions with
 * their apostrophes.
 *
 * @example
 * discover.normaliseAnswer("On the sofa."); // "on sofa"
 */
export function normaliseAnswer(answer: string): string {
  return withoutPunctuation(answer.replace(/[\n\t]/g, " ").trim())
    .toLowerCase()
    .split(/\s+/)
    .map((word) => DIGIT_OF.get(word) ?? word)
    .filter((word) => word !== "" && !ARTICLES.has(word))
    .map((word) => CONTRACTION_OF.get(word) ?? word)
    .join(" ");
}

const ARTICLES = new Set(["a", "an", "the"]);
const NUMBERS = "zero one two three four five six seven eight nine ten".split(" ");
const DIGIT_OF = new Map([["none", "0"], ...NUMBERS.map((word, number) => [word, String(number)] as const)]);
const PUNCTUATION = [...';/[]"{}()=+\\_-><@`,?!'];

/**
 * A mark beside a space, or anywhere in an answer that has a number like 1,000, goes without a trace; any other becomes
 * a space; a full stop goes unless a digit follows.
 */
function withoutPunctuation(text: string): string {
  const thousands = /\d,\d/.test(text);
  let result = text;
  for (const mark of PUNCTUATION) {
    const loose = thousands || text.includes(`${mark} `) || text.includes(` ${mark}`);
    result = result.replaceAll(mark, loose ? "" : " ");
  }
  return result.replace(/\.(?!\d)/g, "");
}
