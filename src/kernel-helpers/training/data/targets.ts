// From the labels of pictures to the numbers that a network should answer.
import { nameOfSource } from "../../images/files/readable-name.js";
import { CamlabError, invalid } from "../../support/errors.js";
import type { LossKind } from "../loop/loss-kind.js";
import { labelsOf, type Picture } from "../../images/picture.js";

/** `sigmoid` when any item has a list of labels, else `softmax`. */
export function lossFor(items: readonly Picture[]): LossKind {
  return items.some(({ labels }) => labels) ? "sigmoid" : "softmax";
}

/** Every label, in alphabetical order. */
export function classesOf(items: readonly Picture[]): string[] {
  return [...new Set(items.flatMap((item) => labelsOf(item)))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/**
 * The classes of each item as indices.
 *
 * @throws CamlabError for an item without a label, with several where one is meant, or with an unknown one
 */
export function classIndices(items: readonly Picture[], classes: readonly string[], kind: LossKind): number[][] {
  const indices = new Map(classes.map((name, index) => [name, index]));
  return items.map((item) => {
    const labels = [...new Set(labelsOf(item))];
    const name = nameOfSource(item.file);
    if (kind === "softmax" && labels.length !== 1) {
      throw new CamlabError(
        `${name} has ${labels.length === 0 ? "no label" : `${labels.length} labels`}, and the loss "softmax" takes one ` +
          'a picture: give one, or train with loss "sigmoid"',
      );
    }
    return labels.map((label) => {
      const index = indices.get(label);
      if (index === undefined)
        throw new CamlabError(`${name} has the label ${JSON.stringify(label)}, which is none of the classes`);
      return index;
    });
  });
}

/**
 * Refuses lists that nothing can be learned from.
 *
 * @param indices of the items that are learned from
 */
export function checkClasses(
  classes: readonly string[],
  indices: readonly (readonly number[])[],
  kind: LossKind,
): void {
  if (indices.length === 0) throw invalid("pictures", "none", "pictures to learn from");
  if (new Set(classes).size !== classes.length) throw invalid("classes", classes, "every name once");
  if (kind === "softmax" && classes.length < 2) {
    throw new CamlabError(
      `there is only one class (${classes.join()}), so there is nothing to tell apart: add images of another, or of none of them`,
    );
  }
  const counts = new Int32Array(classes.length);
  for (const list of indices) for (const index of list) counts[index]++;
  const empty = classes.filter((_, index) => counts[index] === 0);
  if (empty.length > 0) {
    throw new CamlabError(
      `no image to learn from shows ${empty.join(", ")}: add some, or leave ${empty.length === 1 ? "it" : "them"} out of the classes`,
    );
  }
  const always = classes.filter((_, index) => kind === "sigmoid" && counts[index] === indices.length);
  if (always.length > 0)
    throw new CamlabError(`every image shows ${always.join(", ")}: add images without, or leave it out of the classes`);
}

/**
 * The targets of a batch, pictures × classes. With smoothing s, `softmax` asks for 1 − s + s/C and s/C (Szegedy et al.
 * 2016), `sigmoid` for 1 − s/2 and s/2.
 */
export function targetNumbers(
  lists: readonly (readonly number[])[],
  classes: number,
  kind: LossKind,
  smoothing: number,
): Float32Array {
  const low = kind === "softmax" ? smoothing / classes : smoothing / 2;
  const high = kind === "softmax" ? 1 - smoothing + low : 1 - smoothing / 2;
  const numbers = new Float32Array(lists.length * classes).fill(low);
  lists.forEach((list, row) => {
    for (const index of list) numbers[row * classes + index] = high;
  });
  return numbers;
}
