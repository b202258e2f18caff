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
  const tryOne = async (picture: FigurePhoto) => ({ picture, error: await wrongWith(picture, preprocessing, signal) });
  for await (const { picture, error } of ahead(photos, tryOne, { limit: AT_ONCE, signal })) {
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
