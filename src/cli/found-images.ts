import { describeFound, findImages } from "../kernel-helpers/images/files/list-images.js";
import { tellNotes } from "./notes.js";

/**
 * The images that patterns mean, for commands: says on stderr what was left out.
 *
 * @throws CamlabError as `listImages`
 */
export async function foundImages(patterns: readonly string[]): Promise<string[]> {
  const found = await findImages(patterns);
  const note = describeFound(found);
  if (note !== undefined) tellNotes([note]);
  return [...found.files];
}
