import type { GapHead } from "../../../graph/head/gap-head.js";
import { CamlabError } from "../../../support/errors.js";

/**
 * Refuses heads whose scores are not linear in the features of a photo.
 *
 * @param title of the way that needs such a head
 * @throws CamlabError saying which head there is
 */
export function checkLinearHead(title: string, head: GapHead): void {
  if (head.form === "pool-then-classify" && !head.normalisation) return;
  throw new CamlabError(`${title} is made of a linear head, and this one is not (${head.summary})`);
}
