import type { Picture, SkippedPicture } from "../../../kernel-helpers/images/picture.js";
import { nameOfSource } from "../../../kernel-helpers/images/files/readable-name.js";
import type { Seen } from "../../../kernel-helpers/networks/seen.js";
import { CamlabError, invalid } from "../../../kernel-helpers/support/errors.js";

/**
 * What a network saw, as a list.
 *
 * @param of the widget that asks
 * @throws CamlabError for an empty list, for a picture that was skipped, naming it, and for anything that was not seen
 */
export function checkedSeen<P extends Picture>(given: Seen<P> | readonly Seen<P>[], of: string): readonly Seen<P>[] {
  const all: readonly (Seen<P> | SkippedPicture | undefined)[] = Array.isArray(given)
    ? (given as readonly Seen<P>[])
    : [given as Seen<P>];
  if (all.length === 0) throw invalid("seen", given, "what a network saw in one photo or more");
  return all.map((each) => {
    if (isSeen(each)) return each;
    if (typeof each === "object" && each !== null && "error" in each && each.picture !== undefined) {
      const name = JSON.stringify(nameOfSource(each.picture.file));
      throw new CamlabError(
        `${of} cannot show ${name}, which was skipped: ${String(each.error)} (leave such ones out with isSkipped)`,
      );
    }
    if (each instanceof Promise) throw new CamlabError(`${of} needs what was seen, not a promise of it: await look(…)`);
    throw invalid("seen", each, "what look or lookAtAll gave");
  });
}

function isSeen<P extends Picture>(value: Seen<P> | SkippedPicture | undefined): value is Seen<P> {
  return typeof value === "object" && value !== null && "picture" in value && "placement" in value;
}
