import type { SkippedPicture } from "../images/picture.js";
import { nameOfSource } from "../images/files/readable-name.js";
import { CamlabError, invalid } from "../support/errors.js";
import type { Network } from "./network.js";

/**
 * Whether what was given as a network is one: plain JavaScript also gives promises and paths.
 *
 * @param of what takes the network
 * @throws CamlabError saying what to do
 */
export function checkNetwork(network: Network, of: string): void {
  if (network instanceof Promise) {
    throw new CamlabError(`${of} needs a network, not a promise of one: await openNetwork(…)`);
  }
  if (typeof network !== "object" || network === null || !("preprocessing" in network) || !("run" in network)) {
    throw invalid(`network of ${of}`, network, "what openNetwork gave");
  }
}

/**
 * Whether something is one picture, and not several.
 *
 * @param of what takes one picture
 * @throws CamlabError that says what takes several
 */
export function checkOnePicture(picture: unknown, of: string): void {
  if (typeof picture !== "object" || picture === null) return;
  if (picture instanceof Promise) throw new CamlabError(`${of} needs a picture, not a promise of one: await it`);
  const isSeveral =
    Array.isArray(picture) ||
    Array.isArray((picture as { readonly pictures?: unknown }).pictures) ||
    (Symbol.iterator in picture && !(picture instanceof Uint8Array)) ||
    Symbol.asyncIterator in picture;
  if (!isSeveral) return;
  throw new CamlabError(
    `${of} takes one picture: for several there is lookAtAll, as in for await (const seen of lookAtAll(network, pictures))`,
  );
}

/**
 * Whether something is what a network saw.
 *
 * @param of what takes it
 * @throws CamlabError naming a picture that was skipped, and for anything else
 */
export function checkSeen(seen: unknown, of: string): void {
  if (seen instanceof Promise) throw new CamlabError(`${of} needs what was seen, not a promise of it: await look(…)`);
  if (typeof seen !== "object" || seen === null) throw invalid(`seen of ${of}`, seen, "what look or lookAtAll gave");
  if ("network" in seen) return;
  const { picture, error } = seen as Partial<SkippedPicture>;
  if (picture === undefined || error === undefined) throw invalid(`seen of ${of}`, seen, "what look or lookAtAll gave");
  const name = JSON.stringify(nameOfSource(picture.file));
  throw new CamlabError(
    `${of} has nothing of ${name}, which was skipped: ${error} (leave such ones out with isSkipped)`,
  );
}
