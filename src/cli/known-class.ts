import { classIndexOf } from "../kernel-helpers/cam/class-index.js";
import { messageOf } from "../kernel-helpers/support/errors.js";
import { UsageError } from "./usage-error.js";

/**
 * The class that a flag names.
 *
 * @throws UsageError for one that there is not, with names that come near
 */
export function knownClass(classes: readonly string[], name: string): number {
  try {
    return classIndexOf(classes, name);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}
