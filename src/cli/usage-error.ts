import { CamlabError, messageOf } from "../kernel-helpers/support/errors.js";

/** Something wrong with the command as it was typed, found only after parsing: exit code 2. */
export class UsageError extends CamlabError {
  override readonly name = "UsageError";
}

/** What `run` gives; what it throws is wrong usage, as of a name that there is not. */
export function asUsage<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}
