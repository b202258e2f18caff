import { inspect, isDeepStrictEqual } from "node:util";
import { check } from "../../kernel-helpers/support/check.js";
import { messageOf } from "../../kernel-helpers/support/errors.js";
import { escapeHtml, printable } from "../../kernel-helpers/support/escape.js";
import type { MimeBundle } from "./mime-bundle.js";

/** What is right: a value, or a judge that gives true, false, or a sentence that says what is off. */
export type RightAnswer<T> = T | ((answer: T) => boolean | string);

/** How an answer is checked. */
export interface CheckAnswerOptions {
  /** How far a number may be off; half a per cent of the right one unless given, and nothing for a whole number. */
  readonly within?: number;
  /** A sentence for who has it right: why it is so. */
  readonly because?: string;
  /** A sentence for who has not: where to look. */
  readonly hint?: string;
}

/**
 * What came of a check; shown as a sentence when it is a cell's last value.
 *
 * @example
 * notebook.check(14 * 14, 196).state; // "right"
 */
export class CheckedAnswer {
  constructor(
    readonly state: "right" | "off" | "open",
    /** The sentence. */
    readonly text: string,
  ) {}

  /** What a notebook shows. */
  [Symbol.for("Jupyter.display")](): MimeBundle {
    return { "text/html": `<p>${escapeHtml(this.text)}</p>`, "text/plain": this.text };
  }
}

/**
 * Says of an answer to an exercise whether it is right, and if not, what is off: too large or too small, which entries of a
 * list are missing or do not belong, which is the first that differs. Nothing is thrown: a notebook whose exercises are open
 * runs to its end.
 *
 * @param answer what the reader put in; undefined while the exercise is open
 * @param right the right value, or a judge of the answer. Of a list of texts the order does not count
 * @throws CamlabError for options that do not exist
 * @example
 * const cells = undefined; // your answer: how many cells has a map?
 * notebook.check(cells, 196, { because: "14 rows of 14" });
 * notebook.check(cells, (n: number) => n % 14 === 0 || "a map has whole rows");
 */
export function checkAnswer<T>(
  answer: T | undefined,
  right: RightAnswer<T>,
  options: CheckAnswerOptions = {},
): CheckedAnswer {
  const { because, hint, within } = check.known(options, ["within", "because", "hint"], "check");
  if (within !== undefined) check.number("within", within, { from: 0 });
  if (answer === undefined) return new CheckedAnswer("open", "○ Open: put your answer in, and run the cell again.");
  const off = whatIsOff(answer, right, within);
  if (off === undefined) return new CheckedAnswer("right", `✓ Right.${because ? ` ${because}` : ""}`);
  return new CheckedAnswer("off", `✗ Not yet: ${off}.${hint ? ` ${hint}` : ""}`);
}

function whatIsOff<T>(answer: T, right: RightAnswer<T>, within?: number): string | undefined {
  if (answer instanceof Promise) return "the answer is a promise; write `await` before it";
  if (typeof right !== "function") return difference(answer, right, within);
  try {
    const verdict = (right as (answer: T) => boolean | string)(answer);
    if (verdict === true) return undefined;
    return typeof verdict === "string" ? verdict.replace(/\.$/, "") : `${shown(answer)} is not it`;
  } catch (error) {
    return `trying it failed with “${printable(messageOf(error))}”`;
  }
}

function difference(answer: unknown, right: unknown, within?: number): string | undefined {
  if (Array.isArray(right) || ArrayBuffer.isView(right))
    return listDifference(answer, Array.from(right as Iterable<unknown>), within);
  if (typeof answer !== typeof right) return `${shown(answer)} is ${kindOf(answer)}, expected is ${kindOf(right)}`;
  if (typeof right === "number") return numberDifference(answer as number, right, within);
  const same = typeof right === "string" ? plain(answer as string) === plain(right) : isDeepStrictEqual(answer, right);
  return same ? undefined : `${shown(answer)} is not it`;
}

function numberDifference(answer: number, right: number, within?: number): string | undefined {
  const tolerance = within ?? (Number.isInteger(right) ? 0 : Math.abs(right) * 0.005);
  if (Math.abs(answer - right) <= tolerance) return undefined;
  if (Number.isNaN(answer)) return "NaN is no number";
  const side = answer > right ? "too large" : "too small";
  return Math.abs(answer - right) <= 10 * tolerance
    ? `${shown(answer)} is close, but ${side}`
    : `${shown(answer)} is ${side}`;
}

function listDifference(answer: unknown, right: readonly unknown[], within?: number): string | undefined {
  if (!Array.isArray(answer) && !ArrayBuffer.isView(answer))
    return `${shown(answer)} is ${kindOf(answer)}, expected is a list`;
  const given: readonly unknown[] = Array.from(answer as Iterable<unknown>);
  if (right.every((each) => typeof each === "string")) return setDifference(given.map(String), right);
  if (given.length !== right.length) return `the list has ${given.length} entries, expected are ${right.length}`;
  for (const [i, each] of given.entries()) {
    const off = difference(each, right[i], within);
    if (off !== undefined) return `entry ${i + 1} of ${right.length}: ${off}`;
  }
  return undefined;
}

/** Texts in any order, each as often as it is there. */
function setDifference(given: readonly string[], right: readonly string[]): string | undefined {
  const without = (a: readonly string[], b: readonly string[]) => {
    const left = b.map(plain);
    return a.filter((each) => {
      const at = left.indexOf(plain(each));
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  };
  const [missing, foreign] = [without(right, given), without(given, right)];
  const parts = [
    foreign.length > 0 && `${foreign.map(shown).join(", ")} ${foreign.length > 1 ? "do" : "does"} not belong`,
    missing.length > 0 && `${missing.length} ${missing.length > 1 ? "are" : "is"} missing`,
  ];
  return parts.filter(Boolean).join(", and ") || undefined;
}

function plain(text: string): string {
  return text.trim().toLowerCase();
}

function kindOf(value: unknown): string {
  if (value === null) return "nothing (null)";
  if (Array.isArray(value)) return "a list";
  const kinds: Record<string, string> = {
    string: "a text",
    boolean: "true or false",
    number: "a number",
    object: "an object",
  };
  return kinds[typeof value] ?? `a ${typeof value}`;
}

function shown(value: unknown): string {
  if (typeof value === "string") return `“${printable(value)}”`;
  const text = inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 5 });
  return printable(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
