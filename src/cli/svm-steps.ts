import { Option } from "commander";
import type { Step } from "../kernel-helpers/svm/steps.js";

/** What may be done to features before an SVM, as the command line calls it. */
export type StepsName = "none" | "l2" | "standardise" | "both";

/** The steps of each name. */
export const SVM_STEPS: Readonly<Record<StepsName, readonly Step[]>> = {
  none: [],
  l2: ["l2Normalise"],
  standardise: ["standardise"],
  both: ["l2Normalise", "standardise"],
};

/** `--steps`. */
export function stepsOption(usual: StepsName): Option {
  return new Option("--steps <kind>", "before training: l2 divides each image's features by their length")
    .choices(Object.keys(SVM_STEPS))
    .default(usual);
}
