import { CamlabError, invalid } from "./errors.js";
import { nearestNames } from "./nearest-names.js";

/** What a number may be; without `to` and `below` there is no upper end. */
export interface NumberRange {
  /** The least that is accepted. */
  readonly from?: number;
  /** Everything accepted is larger. */
  readonly above?: number;
  /** The most that is accepted. */
  readonly to?: number;
  /** Everything accepted is smaller. */
  readonly below?: number;
}

/**
 * The checks of arguments and options, with one wording: each gives the value back, or throws a CamlabError that says
 * what it is called, what it was and what would have been accepted.
 *
 * @example
 * const top = check.count("top", options.top ?? 5); // invalid top: 2.5 (expected a whole number from 1)
 * check.number("threshold", 1.5, { from: 0, below: 1 }); // invalid threshold: 1.5 (expected 0 ≤ t < 1)
 */
export const check = {
  /** A whole number from 1. */
  count(name: string, value: unknown): number {
    return check.wholeNumber(name, value, { from: 1 });
  },

  /**
   * Several whole numbers from 1, by what they are called; those that are undefined are passed over.
   *
   * @param prefix stands before each name, e.g. "stages[0]."
   */
  counts(values: Readonly<Record<string, unknown>>, prefix = ""): void {
    for (const [name, value] of Object.entries(values)) if (value !== undefined) check.count(prefix + name, value);
  },

  /** A whole number from `from`, 0 unless given, up to `to` where that is given. */
  wholeNumber(name: string, value: unknown, range: { readonly from?: number; readonly to?: number } = {}): number {
    const { from = 0, to } = range;
    if (Number.isSafeInteger(value) && inRange(value as number, { from, to })) return value as number;
    throw invalid(name, value, `a whole number from ${from}${to === undefined ? "" : ` to ${to}`}`);
  },

  /** A number within a range; NaN and what is infinite is refused. */
  number(name: string, value: unknown, range: NumberRange = {}): number {
    if (Number.isFinite(value) && inRange(value as number, range)) return value as number;
    throw invalid(name, value, rangeText(name, range));
  },

  /** A number above 0. */
  positive(name: string, value: unknown): number {
    return check.number(name, value, { above: 0 });
  },

  /** A share: 0 to 1, both included. */
  share(name: string, value: unknown): number {
    return check.number(name, value, { from: 0, to: 1 });
  },

  /** One of a list of values. */
  oneOf<const T>(name: string, value: unknown, accepted: readonly T[]): T {
    if (accepted.includes(value as T)) return value as T;
    throw invalid(name, value, alternatives(accepted));
  },

  /**
   * Options with no name but known ones: a misspelt option would be ignored, and its default taken without a word. An
   * option that is undefined counts as not given.
   *
   * @param options what was given; undefined is no options, and gives none back
   * @param names the names that are known
   * @param of what takes the options, e.g. "boxOf"
   */
  known<T extends object>(options: T | undefined, names: readonly (keyof T & string)[], of: string): T {
    if (options === undefined) return {} as T;
    if (typeof options !== "object" || options === null || Array.isArray(options)) {
      throw invalid(`options of ${of}`, options, `an object with any of ${names.join(", ")}`);
    }
    for (const [name, value] of Object.entries(options)) {
      if (value === undefined || (names as readonly string[]).includes(name)) continue;
      const [near] = nearestNames(name, names);
      const hint = near === undefined ? "" : `, did you mean ${JSON.stringify(near)}?`;
      const all = names.length === 0 ? "none" : names.join(", ");
      throw new CamlabError(`${of} has no option ${JSON.stringify(name)}${hint} (it has ${all})`);
    }
    return options;
  },
};

/**
 * All the names that options have, for `check.known`. The compiler refuses a list that lacks one, or has one too many.
 *
 * @param wider the names of options that these ones extend
 * @example
 * const NAMES = optionNames<{ top?: number; seed?: number }>({ top: true, seed: true });
 * const MORE = optionNames<{ top?: number; seed?: number; each?: number }, "top" | "seed">({ each: true }, NAMES);
 */
export function optionNames<T extends object, Wider extends keyof T & string = never>(
  names: Readonly<Record<Exclude<keyof T & string, Wider>, true>>,
  wider: readonly Wider[] = [],
): readonly (keyof T & string)[] {
  return [...wider, ...(Object.keys(names) as (keyof T & string)[])];
}

/** Names of options without some of them. */
export function namesWithout<Name extends string, Left extends Name>(
  names: readonly Name[],
  ...left: readonly Left[]
): readonly Exclude<Name, Left>[] {
  return names.filter((name): name is Exclude<Name, Left> => !(left as readonly Name[]).includes(name));
}

function inRange(value: number, { from, above, to, below }: NumberRange): boolean {
  return (
    (from === undefined || value >= from) &&
    (above === undefined || value > above) &&
    (to === undefined || value <= to) &&
    (below === undefined || value < below)
  );
}

/** The range in words where it is open, else as an inequality of the name's first letter. */
function rangeText(name: string, { from, above, to, below }: NumberRange): string {
  const letter = /[a-z]/i.exec(name.slice(name.lastIndexOf(".") + 1))?.[0].toLowerCase() ?? "x";
  const low = from !== undefined ? `${from} ≤ ` : above !== undefined ? `${above} < ` : undefined;
  const high = to !== undefined ? ` ≤ ${to}` : below !== undefined ? ` < ${below}` : undefined;
  if (low !== undefined && high !== undefined) return `${low}${letter}${high}`;
  if (from !== undefined) return `a number from ${from}`;
  if (above !== undefined) return `a number above ${above}`;
  if (to !== undefined) return `a number up to ${to}`;
  return below === undefined ? "a number" : `a number below ${below}`;
}

/** "a, b or c". */
function alternatives(values: readonly unknown[]): string {
  const last = String(values.at(-1));
  return values.length < 2 ? last : `${values.slice(0, -1).map(String).join(", ")} or ${last}`;
}
