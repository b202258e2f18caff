import { CamlabError, messageOf } from "../errors.js";
import { readRegular } from "./read-regular.js";

/**
 * What a JSON file holds that camlab saved.
 *
 * @param what it is, e.g. "an SVM"
 * @throws CamlabError when the file cannot be read or is no JSON
 */
export async function readSaved(path: string, what: string): Promise<unknown> {
  try {
    return JSON.parse((await readRegular(path)).toString("utf8"));
  } catch (error) {
    throw new CamlabError(`cannot read ${what} from ${path}: ${messageOf(error)}`);
  }
}
