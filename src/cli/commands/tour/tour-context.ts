import type { WorldDataset } from "../../../world/world-dataset.js";
import type { PictureRecord } from "../../../world/dataset-record.js";
import type { WorldPart } from "../../../world/picture.js";
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
  readonly draw: (part: WorldPart, counts: { readonly train: number; readonly test: number }) => Promise<WorldDataset>;
}

/** What the network saw in some pictures, and the record of the picture that a `Seen` is of. */
export async function lookAtPictures(
  { network, signal }: TourContext,
  { images, records }: WorldDataset,
  wanted: readonly number[],
): Promise<{ seen: Seen[]; recordOf: (seen: Seen) => PictureRecord }> {
  const files = wanted.map((i) => images[i].file);
  const byFile = new Map(wanted.map((i) => [images[i].file, records[i]]));
  const seen: Seen[] = [];
  for await (const each of lookAtAll(network, files, { signal })) if (!isSkipped(each)) seen.push(each);
  return { seen, recordOf: ({ photo }) => byFile.get(photo.file)! };
}
