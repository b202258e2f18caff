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

/** `--steps`, without a default. */
export function stepsOption(): Option {
  const help =
    "before training: l2 divides each image's features by their length; up to 256 channels standardise, more l2 unless given";
  return new Option("--steps <kind>", help).choices(Object.keys(SVM_STEPS));
}
