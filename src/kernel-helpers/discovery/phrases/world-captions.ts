import type { CaptionedImage } from "../../datasets/captioned-image.js";
import type { WorldDataset } from "../../../world/world-dataset.js";

/**
 * Drawn pictures with their captions, and with the phrases that are true of them and where.
 *
 * @example
 * const images = worldCaptions(await worldDataset("phrases"));
 * const report = await discoverPhrases(network, images);
 */
export function worldCaptions({ images, records }: Pick<WorldDataset, "images" | "records">): CaptionedImage[] {
  return images.map(({ file, id, split }, i) => {
    const { captions, phrases } = records[i];
    return { file, id, ...(split && { split }), captions, phrases };
  });
}
