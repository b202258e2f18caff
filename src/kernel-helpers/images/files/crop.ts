import { check } from "../../support/check.js";
import { invalid } from "../../support/errors.js";
import type { Box } from "../box.js";
import type { Image, ImageSource } from "../image.js";
import { wholeRegion } from "../input/resize-plan.js";
import { READ_OPTIONS, type ReadImageOptions, usingImage } from "./open-image.js";
import { readPixels } from "./read-pixels.js";

/**
 * The pixels inside a box of a picture, upright and at full size, without holding all of a large picture in memory.
 *
 * The box is in pixels of the original picture, after its EXIF orientation, as `boxOf` gives it. Its edges are rounded to
 * the nearest edges between pixels, at least one pixel stays, and what reaches beyond the picture is cut off. A
 * picture's `flip` is not applied: the box lies on the picture as it is.
 *
 * @param picture a path, the bytes of a file, pixels, or anything that has one of them as its `file`
 * @param box absent for the picture's own `region`
 * @throws CamlabError as `loadImage`; for a box without area, one wholly outside of the picture, and none at all
 * @example
 * const { box } = boxOf(cam(seen, "goldfinch"));
 * if (box) await writeFile("goldfinch.jpg", await images.encodeJpeg(await crop("garden.jpg", box)));
 */
export async function crop(
  picture: ImageSource | { readonly file: ImageSource; readonly region?: Box },
  box?: Box,
  options: ReadImageOptions = {},
): Promise<Image> {
  check.known(options, READ_OPTIONS, "crop");
  const isPicture = typeof picture === "object" && picture !== null && "file" in picture;
  const wanted = box ?? (isPicture ? picture.region : undefined);
  if (typeof wanted !== "object" || wanted === null) {
    throw invalid("box", wanted, "{ x, y, width, height } in pixels of the picture");
  }
  return usingImage(isPicture ? picture.file : picture, options, async (image) => {
    const region = wholeRegion(image.upright.width, image.upright.height, wanted, "box");
    const { width, height } = region;
    return { width, height, data: await readPixels(image, { region }, options.signal) };
  });
}
