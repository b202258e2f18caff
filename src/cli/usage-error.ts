import { CamlabError } from "../kernel-helpers/support/errors.js";

/** Something wrong with the command as it was typed, found only after parsing: exit code 2. */
export class UsageError extends CamlabError {
  override readonly name = "UsageError";
}
