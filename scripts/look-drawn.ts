// Drawn pictures as a network sees them, for the pictures of the documents.
import { isSkipped, lookAtAll, type Network, type Seen } from "../src/index.js";
import type { DrawnPicture } from "../src/world/drawn-picture.js";

/** What a network sees in drawn pictures. */
export async function lookAtDrawn(network: Network, pictures: readonly DrawnPicture[]): Promise<Seen<DrawnPicture>[]> {
  const seen: Seen<DrawnPicture>[] = [];
  for await (const each of lookAtAll(network, pictures)) if (!isSkipped(each)) seen.push(each);
  return seen;
}

/** Where things of a label truly are. */
export function truthOf({ picture }: Seen<DrawnPicture>, label: string) {
  return picture.objects.filter(({ name }) => name === label).map(({ box }) => box);
}

/** What is truly there, as a caption. */
export function labelsOf({ picture }: Seen<DrawnPicture>) {
  return picture.labels?.join(", ");
}
