import type { ImageSource } from "../../images/image.js";
import type { Picture, PictureSet, SkippedPicture } from "../../images/picture.js";
import type { LookAtAllOptions } from "../../networks/look-at-all.js";
import type { Network } from "../../networks/network.js";
import { inView } from "../../networks/views/in-view.js";
import { checkView } from "../../networks/views/view.js";
import { check } from "../../support/check.js";
import { lookAtAllInWays } from "./look-at-all-in-ways.js";
import { LOOK_WAYS_OPTIONS, lookInWays, type LookWaysOptions, type SeenWays } from "./look-ways.js";
import { Questioner } from "./questions.js";

/** What `openWays` gives. */
export interface OpenWays extends Disposable {
  /** As `lookWays`, without the view. */
  look<P extends Picture>(picture: P | ImageSource, options?: Omit<LookWaysOptions, "view">): Promise<SeenWays<P>>;
  /**
   * As `look`, at many pictures, in order, at flat memory: the following ones are decoded and looked at together while maps are
   * made. A picture that cannot be read or looked at is reported in its place. Progress is told of pictures.
   *
   * @throws CamlabError when the network itself fails; the signal's reason when it is aborted
   * @example
   * using ways = await boxes.openWays(network);
   * for await (const one of ways.lookAtAll(pictures, { ways: ["grad-cam"] })) if (!isSkipped(one)) console.log(one.maps.length);
   */
  lookAtAll<P extends Picture>(
    pictures: PictureSet<P> | Iterable<P | ImageSource> | AsyncIterable<P | ImageSource>,
    options?: Omit<LookWaysOptions, "view"> & Pick<LookAtAllOptions, "batchSize">,
  ): AsyncGenerator<SeenWays<P> | SkippedPicture<P>, void, undefined>;
}

/**
 * As `lookWays`, for one photo after the other: what is opened for the first, such as the backward pass, serves all, and goes
 * with `dispose`, or `using`.
 *
 * @example
 * using ways = await boxes.openWays(network);
 * for (const file of files) await ways.look(file, { ways: ["grad-cam"] });
 */
export async function openWays(network: Network, { view }: Pick<LookWaysOptions, "view"> = {}): Promise<OpenWays> {
  checkView(view);
  const questioner = new Questioner(await inView(network, view));
  return {
    look: (picture, options = {}) => lookInWays(questioner, picture, check.known(options, PHOTO_OPTIONS, "look")),
    lookAtAll: (pictures, options = {}) =>
      lookAtAllInWays(questioner, pictures, check.known(options, [...PHOTO_OPTIONS, "batchSize"], "lookAtAll")),
    [Symbol.dispose]: () => questioner[Symbol.dispose](),
  };
}

/** What may differ from photo to photo. */
const PHOTO_OPTIONS = LOOK_WAYS_OPTIONS.filter((name) => name !== "view");
