import type { SkippedPicture } from "../../../kernel-helpers/images/picture.js";
import { prepareImage } from "../../../kernel-helpers/images/input/prepare-image.js";
import type { Network } from "../../../kernel-helpers/networks/network.js";
import { ahead } from "../../../kernel-helpers/support/ahead.js";
import { CamlabError, messageOf } from "../../../kernel-helpers/support/errors.js";
import type { FigurePhoto } from "./figure.js";

/** Decoded at once. */
const AT_ONCE = 4;

/**
 * Photographs that can be read, and those that cannot, with the reason: told once, before figures are made of the others.
 *
 * @throws CamlabError when none can be read
 */
export async function readablePhotos(
  photos: readonly FigurePhoto[],
  { preprocessing }: Pick<Network, "preprocessing">,
  signal: AbortSignal,
): Promise<{ readonly photos: FigurePhoto[]; readonly skipped: SkippedPicture<FigurePhoto>[] }> {
  const readable: FigurePhoto[] = [];
  const skipped: SkippedPicture<FigurePhoto>[] = [];
  const tried = ahead(photos, (photo) => wrongWith(photo, preprocessing, signal), { limit: AT_ONCE, signal });
  let at = 0;
  for await (const error of tried) {
    const picture = photos[at++];
    if (error === undefined) readable.push(picture);
    else skipped.push({ picture, error });
  }
  if (readable.length > 0) return { photos: readable, skipped };
  throw new CamlabError(`none of the ${photos.length} photographs can be read: ${skipped[0].error}`);
}

async function wrongWith(
  { file }: FigurePhoto,
  preprocessing: Network["preprocessing"],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await prepareImage(file, preprocessing, { signal });
    return undefined;
  } catch (error) {
    if (!(error instanceof CamlabError)) throw error;
    return messageOf(error);
  }
}
