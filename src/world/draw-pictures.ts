import type { Image } from "../kernel-helpers/images/image.js";
import { drawings, type DrawingOptions } from "./drawings.js";
import { type DrawnPicture, drawnPicture } from "./drawn-picture.js";
import type { WorldPart } from "./drawing.js";

/**
 * Draws pictures of the embedded world, one after the other as they are asked for, several under way at a time: nothing
 * is written, `file` holds the pixels. The same part, seed, split and index give the same pixels on every machine.
 *
 * @throws CamlabError for an unknown part, a count or a start that is no whole number ≥ 0
 * @example
 * for await (const drawn of world.drawPictures("objects", { seed: 7, count: 12 })) {
 *   console.log(drawn.labels, (await look(network, drawn)).top[0].name);
 * }
 */
export async function* drawPictures(
  part: WorldPart,
  options: DrawingOptions,
): AsyncGenerator<DrawnPicture & { readonly file: Image }, void, undefined> {
  for await (const drawing of drawings(part, options)) {
    const { width, height } = drawing.image;
    yield drawnPicture({ ...drawing, width, height }, drawing.image);
  }
}
