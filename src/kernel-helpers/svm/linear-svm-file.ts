import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { CamlabError, messageOf } from "../support/errors.js";
import type { LabelKind } from "./labels.js";
import { LinearSvm } from "./linear-svm.js";
import type { LinearSvmParts } from "./linear-svm.js";
import type { Step } from "./steps.js";

/** What `toJSON` gives, as read from a file: not to be trusted yet. */
interface SavedSvm extends Omit<LinearSvmParts, "weights" | "bias"> {
  readonly format: string;
  readonly version: number;
  readonly channels: number;
  readonly bias: number[];
  readonly weights: number[][];
}

/**
 * Saves an SVM as JSON that people can read: provenance first, then one line of weights a class. The file appears
 * whole or not at all.
 *
 * @throws CamlabError when the file cannot be written
 * @example
 * await saveLinearSvm(detector, "text-detector.json");
 */
export async function saveLinearSvm(svm: LinearSvm, path: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, linearSvmText(svm));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new CamlabError(`cannot save the SVM to ${path}: ${messageOf(error)}`);
  }
}

/**
 * Loads what `saveLinearSvm` saved: the same weights, to the bit.
 *
 * @throws CamlabError when the file cannot be read or is not a saved SVM
 * @example
 * const detector = await loadLinearSvm("text-detector.json");
 */
export async function loadLinearSvm(path: string): Promise<LinearSvm> {
  let data: unknown;
  try {
    data = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new CamlabError(`cannot read an SVM from ${path}: ${messageOf(error)}`);
  }
  return linearSvmFromJson(data, path);
}

/**
 * The SVM that `toJSON` gave as plain data.
 *
 * @param name what the data is called in an error
 * @throws CamlabError when the data is not a saved SVM
 * @example
 * linearSvmFromJson(JSON.parse(JSON.stringify(svm)));
 */
export function linearSvmFromJson(data: unknown, name = "the data"): LinearSvm {
  const saved = data as Partial<SavedSvm> | null;
  if (saved?.format !== "camlab linear svm") throw new CamlabError(`${name} is not a saved linear SVM`);
  if (saved.version !== 1) {
    throw new CamlabError(`${name} is a linear SVM of version ${saved.version}: this camlab reads version 1`);
  }
  const { kind, classes, channels, steps, bias, weights, platt, provenance } = saved;
  const rows = kind === "binary" ? 1 : classes?.length;
  if (
    !(kind === "binary" ? classes?.length === 2 : kind === "multiclass" || kind === "multilabel") ||
    !classes?.every((one) => typeof one === "string") ||
    !Array.isArray(steps) ||
    !steps.every((step) => step === "l2Normalise" || step === "standardise") ||
    typeof provenance !== "object" ||
    !isNumbers(bias, rows) ||
    weights?.length !== rows ||
    !weights?.every((row) => isNumbers(row, channels)) ||
    (platt !== undefined && platt.length !== rows)
  ) {
    throw new CamlabError(`${name} is a damaged linear SVM: its parts do not fit together`);
  }
  return new LinearSvm({
    kind: kind as LabelKind,
    classes,
    weights: { rows: weights.length, columns: weights[0].length, data: Float32Array.from(weights.flat()) },
    bias: Float32Array.from(bias),
    steps: steps as Step[],
    platt,
    provenance,
  });
}

function linearSvmText(svm: LinearSvm): string {
  const { bias, weights, ...head } = svm.toJSON() as { bias: number[]; weights: number[][] };
  const opening = JSON.stringify(head, null, 2).slice(0, -2);
  const lines = weights.map((row) => `    ${JSON.stringify(row)}`).join(",\n");
  return `${opening},\n  "bias": ${JSON.stringify(bias)},\n  "weights": [\n${lines}\n  ]\n}\n`;
}

function isNumbers(values: unknown, length: number | undefined): values is number[] {
  return Array.isArray(values) && values.length === length && values.every((value) => Number.isFinite(value));
}
