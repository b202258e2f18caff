import type { ImageSource } from "../../images/image.js";
import { prepareImage, type PreparedImage } from "../../images/input/prepare-image.js";
import { type Picture, pictureOf, type PictureSet, picturesOf, type SkippedPicture } from "../../images/picture.js";
import type { LookAtAllOptions } from "../../networks/look-at-all.js";
import { runPrepared } from "../../networks/views/run-prepared.js";
import { ahead } from "../../support/ahead.js";
import { check } from "../../support/check.js";
import { messageOf } from "../../support/errors.js";
import { inGroups } from "../../support/grouped.js";
import { tellProgress } from "../../support/progress.js";
import { type LookWaysOptions, mapsInWays, type SeenWays, waysAskedFor } from "./look-ways.js";
import type { Questioner } from "./questions.js";
import { seenInput } from "./see-input.js";

/** As `lookInWays`, at many pictures: the following ones are decoded, and run together, while maps are made. */
export async function* lookAtAllInWays<P extends Picture>(
  questioner: Questioner,
  pictures: PictureSet<P> | Iterable<P | ImageSource> | AsyncIterable<P | ImageSource>,
  { onProgress, batchSize = 8, ...options }: LookWaysOptions & Pick<LookAtAllOptions, "batchSize">,
): AsyncGenerator<SeenWays<P> | SkippedPicture<P>, void, undefined> {
  const { network } = questioner;
  const { signal, maxPixels, maxMemory } = options;
  check.count("batchSize", batchSize);
  const ways = waysAskedFor(options);
  const given = picturesOf<P | ImageSource>(pictures);
  const tell = tellProgress(onProgress, "looking", Array.isArray(given) ? given.length : undefined);
  const prepare = async (one: P | ImageSource): Promise<Ready<P> | SkippedPicture<P>> => {
    const picture = pictureOf(one) as P;
    const { file, region, flip } = picture;
    try {
      const reading = { signal, region, flip, maxPixels, maxMemory };
      return { picture, prepared: await prepareImage(file, network.preprocessing, reading) };
    } catch (error) {
      return { picture, error: messageOf(error) };
    }
  };
  const run = async (group: readonly (Ready<P> | SkippedPicture<P>)[]) => {
    const readable = group.flatMap((one) => ("prepared" in one ? [one.prepared] : []));
    return { group, ran: await runPrepared(network, readable, { keeps: true }) };
  };
  const prepared = ahead(given, prepare, { limit: 2 * batchSize, signal });
  let done = 0;
  for await (const { group, ran } of ahead(inGroups(prepared, batchSize), run, { limit: 2, signal })) {
    let slot = 0;
    for (const one of group) {
      signal?.throwIfAborted();
      let result: SeenWays<P> | SkippedPicture<P>;
      if (!("prepared" in one)) {
        result = one;
      } else {
        try {
          const seen = seenInput(network, one.picture, one.prepared, ran[slot++], options);
          result = await mapsInWays(questioner, seen, ways, options);
        } catch (error) {
          signal?.throwIfAborted();
          result = { picture: one.picture, error: messageOf(error) };
        }
      }
      tell(++done);
      yield result;
    }
  }
}

interface Ready<P> {
  readonly picture: P;
  readonly prepared: PreparedImage;
}
