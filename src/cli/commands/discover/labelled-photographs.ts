import { readFolderPerClass } from "../../../kernel-helpers/datasets/classes/folder-per-class.js";
import { splitPerClass } from "../../../kernel-helpers/datasets/sets/split-per-class.js";
import type { StoredPicture } from "../../../kernel-helpers/images/picture.js";
import type { TrainOptions } from "../../../kernel-helpers/svm/train-options.js";
import { type StepsName, SVM_STEPS } from "../../svm-steps.js";
import { UsageError } from "../../usage-error.js";
import type { DiscoveryFlags } from "./run-discovery.js";

/** Flags of every `camlab discover …` that learns classes of photographs, as parsed. */
export interface LabelledFlags extends DiscoveryFlags {
  readonly folders?: string;
  readonly perClass?: number;
  readonly train?: number;
  readonly steps?: StepsName;
  readonly cost?: number;
}

/** Pictures with labels and splits, and what they are called. */
export interface LabelledSource {
  readonly name: string;
  readonly pictures: readonly StoredPicture[];
  readonly notes?: readonly string[];
}

/**
 * Photographs in a folder for each class, divided by `--per-class`, or else as they lie in train/ and test/.
 *
 * @throws UsageError for folders that are neither
 */
export async function labelledFolders(
  folders: string,
  { perClass, seed }: Pick<LabelledFlags, "perClass" | "seed">,
): Promise<LabelledSource> {
  const found = await readFolderPerClass(folders);
  if (perClass !== undefined) return { name: folders, ...splitPerClass(found, { train: perClass, seed }) };
  if (found.pictures.some(({ split }) => split)) return { name: folders, ...found };
  throw new UsageError(`${folders} has no train/ and test/: say with --per-class how many of each to learn from`);
}

/** How the SVM is trained, where the flags say it. */
export function svmOptions({ cost, steps }: Pick<LabelledFlags, "cost" | "steps">): TrainOptions {
  return { ...(cost !== undefined && { C: cost }), ...(steps && { steps: SVM_STEPS[steps] }) };
}
