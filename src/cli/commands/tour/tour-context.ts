import type { DrawnPicture } from "../../../world/drawn-picture.js";
import type { DrawnSet } from "../../../world/read-world.js";
import type { WorldPart } from "../../../world/drawing.js";
import { isSkipped, lookAtAll } from "../../../kernel-helpers/networks/look-at-all.js";
import type { Network } from "../../../kernel-helpers/networks/network.js";
import type { Seen } from "../../../kernel-helpers/networks/seen.js";
import type { OnProgress } from "../../../kernel-helpers/support/progress.js";

/** What the stations of the tour share. */
export interface TourContext {
  readonly network: Network;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  readonly say: (line: string) => void;
  readonly draw: (part: WorldPart, counts: { readonly train: number; readonly test: number }) => Promise<DrawnSet>;
}

/** What the network saw in some pictures; those that cannot be read are left out. */
export async function lookAtPictures(
  { network, signal }: TourContext,
  pictures: readonly DrawnPicture[],
): Promise<Seen<DrawnPicture>[]> {
  const seen: Seen<DrawnPicture>[] = [];
  for await (const each of lookAtAll(network, pictures, { signal })) if (!isSkipped(each)) seen.push(each);
  return seen;
}
