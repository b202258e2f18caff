import { classIndexOf } from "../kernel-helpers/cam/class-index.js";
import { asUsage } from "./usage-error.js";

/**
 * The class that a flag names.
 *
 * @throws UsageError for one that there is not, with names that come near
 */
export function knownClass(classes: readonly string[], name: string): number {
  return asUsage(() => classIndexOf(classes, name));
}
