import { CamlabError, invalid } from "../support/errors.js";
import { printable } from "../support/escape.js";

/** One label a row: a class name, or a number that stands for one. */
export type Label = string | number;

/** Labels that are texts: one a row; or several a row, or none (multilabel). */
export type TextLabels = readonly string[] | readonly (readonly string[])[];

/** Labels that are numbers, in the same forms. */
export type NumberLabels = ArrayLike<number> | readonly (readonly number[])[];

/** Labels of rows: one each; or several each, or none (multilabel). */
export type Labels = TextLabels | NumberLabels | readonly Label[] | readonly (readonly Label[])[];

/** What kind of question labels put. */
export type LabelKind = "binary" | "multiclass" | "multilabel";

/** Labels as one-vs-rest problems. */
export interface EncodedLabels {
  readonly rows: number;
  readonly kind: LabelKind;
  /** Class names. Binary: the negative class, then the positive one. */
  readonly classes: readonly string[];
  /** The classes as they were given: a number where every row that has it gave a number. */
  readonly given: readonly Label[];
  /** The class of each problem: all classes; of two, the positive one only. */
  readonly problems: readonly string[];
  /** Multilabel has none: the index in `classes` of each row's class. */
  readonly codes?: Int32Array;
  isPositive(problem: number, row: number): boolean;
}

/** How labels are read. */
export interface LabelOptions {
  /** The classes and their order; otherwise those that occur, numbers by value, then names by character code. */
  readonly classes?: readonly Label[];
  /** Of two classes, the one that the weights speak for; otherwise the latter. */
  readonly positive?: Label;
}

/**
 * Reads labels as one-vs-rest problems. Numbers become their decimal text. Two classes are one problem.
 *
 * @throws CamlabError when the rows are all of one class, when a class of `classes` has no row, when a label is not in
 *   `classes`, or when a multilabel class has every row
 * @example
 * encodeLabels(["cat", "dog", "cat"], {}).classes; // ["cat", "dog"]
 */
export function encodeLabels(labels: Labels, options: LabelOptions): EncodedLabels {
  if (typeof labels !== "object" || labels === null || !("length" in labels))
    throw invalid("labels", labels, "one label a row");
  const rows = Array.from(labels as ArrayLike<Label | readonly Label[]>);
  if (rows.length === 0) throw invalid("labels", "[]", "one label a row");
  rows.forEach((label, row) => {
    for (const one of Array.isArray(label) ? label : [label]) checkLabel(one as unknown, row);
  });
  const lists = rows.some((label) => Array.isArray(label));
  if (lists && !rows.every((label) => Array.isArray(label))) {
    throw new CamlabError("some rows have a list of labels and some a single label: give lists for all (multilabel)");
  }
  const names = rows.map((label) => (Array.isArray(label) ? label.map(String) : [String(label as Label)]));
  const all = rows.flat() as Label[];
  const classes = options.classes ? checkedClasses(options.classes) : orderedClasses(all);
  if (classes.length === 0) throw new CamlabError("no row has a label");
  const index = new Map(classes.map((name, i) => [name, i]));
  names.forEach((row, i) => {
    const unknown = row.find((name) => !index.has(name));
    if (unknown !== undefined)
      throw new CamlabError(`row ${i} has the label ${quoted(unknown)}, which is not in classes`);
  });
  const texts = new Set(all.filter((label) => typeof label === "string"));
  const asGiven = (name: string) => (texts.has(name) ? name : Number(name));
  return lists
    ? multilabel(names, classes, index, asGiven)
    : singleLabel(names, classes, index, options.positive, asGiven);
}

/**
 * The class names among some labels: numbers by value, then texts by character code. A number and its decimal text are
 * one class.
 */
export function orderedClasses(labels: readonly Label[]): string[] {
  const numbers = new Map<string, number>();
  const texts = new Set<string>();
  for (const label of labels) {
    if (typeof label === "number") numbers.set(String(label), label);
    else texts.add(label);
  }
  for (const name of numbers.keys()) texts.delete(name);
  const byValue = [...numbers].sort(([, a], [, b]) => a - b).map(([name]) => name);
  return [...byValue, ...[...texts].sort((a, b) => (a < b ? -1 : 1))];
}

/** The same labels for some of the rows: the classes and problems stay, even those that lose all their rows. */
export function selectLabels(labels: EncodedLabels, rows: ArrayLike<number>): EncodedLabels {
  return {
    ...labels,
    rows: rows.length,
    codes: labels.codes && Int32Array.from(rows, (row) => labels.codes?.[row] ?? -1),
    isPositive: (problem: number, row: number) => labels.isPositive(problem, rows[row]),
  };
}

/**
 * Refuses labels that leave a problem without positive or without negative rows.
 *
 * @throws CamlabError naming the class
 */
export function checkProblems(labels: EncodedLabels): EncodedLabels {
  labels.problems.forEach((name, problem) => {
    let count = 0;
    for (let row = 0; row < labels.rows; row++) if (labels.isPositive(problem, row)) count++;
    if (count > 0 && count < labels.rows) return;
    const empty = count === 0 ? name : labels.kind === "binary" ? labels.classes[0] : undefined;
    throw new CamlabError(
      empty === undefined
        ? `every row has the label ${quoted(name)}: its weights would say nothing; leave that class out`
        : `class ${quoted(empty)} has no rows: add some, or leave that class out`,
    );
  });
  return labels;
}

function singleLabel(
  names: readonly string[][],
  classes: readonly string[],
  index: ReadonlyMap<string, number>,
  positive: Label | undefined,
  asGiven: (name: string) => Label,
): EncodedLabels {
  if (classes.length === 1) {
    throw new CamlabError(
      `all ${names.length} rows have the label ${quoted(classes[0])}: a classifier needs rows of at least two classes`,
    );
  }
  const codes = Int32Array.from(names, ([name]) => index.get(name) ?? -1);
  if (classes.length > 2) {
    if (positive !== undefined) throw invalid("positive", positive, "two classes, of which it is one");
    return checkProblems({
      kind: "multiclass",
      classes,
      given: classes.map(asGiven),
      problems: classes,
      rows: codes.length,
      codes,
      isPositive: (problem, row) => codes[row] === problem,
    });
  }
  const wanted = String(positive ?? classes[1]);
  const code = index.get(wanted);
  if (code === undefined) throw invalid("positive", positive, `${quoted(classes[0])} or ${quoted(classes[1])}`);
  const pair = [classes[1 - code], wanted];
  return checkProblems({
    kind: "binary",
    classes: pair,
    given: pair.map(asGiven),
    problems: [wanted],
    rows: codes.length,
    codes: codes.map((value) => (value === code ? 1 : 0)),
    isPositive: (_, row) => codes[row] === code,
  });
}

function multilabel(
  names: readonly string[][],
  classes: readonly string[],
  index: ReadonlyMap<string, number>,
  asGiven: (name: string) => Label,
): EncodedLabels {
  const sets = names.map((row) => new Set(row.map((name) => index.get(name))));
  return checkProblems({
    kind: "multilabel",
    classes,
    given: classes.map(asGiven),
    problems: classes,
    rows: names.length,
    isPositive: (problem, row) => sets[row].has(problem),
  });
}

function checkedClasses(given: readonly Label[]): string[] {
  const names = given.map(String);
  if (new Set(names).size !== names.length) throw invalid("classes", given, "each class once");
  return names;
}

function checkLabel(label: unknown, row: number): void {
  if (typeof label === "string" || (typeof label === "number" && Number.isFinite(label))) return;
  throw invalid(`label of row ${row}`, label, "a class name or a finite number");
}

function quoted(name: string): string {
  return JSON.stringify(printable(name));
}
