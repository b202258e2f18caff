import type { Box } from "../../../kernel-helpers/images/box.js";
import { usingImage } from "../../../kernel-helpers/images/files/open-image.js";
import { readPixels } from "../../../kernel-helpers/images/files/read-pixels.js";
import type { ImageSource } from "../../../kernel-helpers/images/image.js";
import { wholeRegion } from "../../../kernel-helpers/images/input/resize-plan.js";
import { mean } from "../../../kernel-helpers/support/statistics.js";

/** The mean of what a photograph, or a part of it, has of red, green and blue, 0–255. */
export async function lightOf(file: ImageSource, part?: Box): Promise<number> {
  return usingImage(file, {}, async (image) => {
    const { width, height } = image.upright;
    const region = wholeRegion(width, height, part ?? { x: 0, y: 0, width, height });
    return mean(await readPixels(image, { region, resized: { width: 8, height: 8 } }));
  });
}
