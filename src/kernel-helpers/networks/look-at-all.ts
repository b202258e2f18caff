import { checkNetwork } from "./check-network.js";
import type { ImageSource } from "../images/image.js";
import { type Picture, pictureOf, type PictureSet, picturesOf, type SkippedPicture } from "../images/picture.js";
import { prepareImage, type PreparedImage } from "../images/input/prepare-image.js";
import { ahead } from "../support/ahead.js";
import { check, optionNames } from "../support/check.js";
import { messageOf } from "../support/errors.js";
import { inGroups } from "../support/grouped.js";
import { type OnProgress, tellProgress } from "../support/progress.js";
import { checkTop, type LookOptions, seenIn, withClassesOf } from "./look.js";
import type { Network } from "./network.js";
import type { Seen } from "./seen.js";
import { lookViews } from "./views/look-views.js";
import { type Ran, runPrepared } from "./views/run-prepared.js";

/** How many pictures are looked at. */
export interface LookAtAllOptions extends LookOptions {
  /** Called after each picture. `total` is known when the pictures are a list or a set. */
  readonly onProgress?: OnProgress;
  /** Pictures in one run of the network; 8 unless given. Larger takes more memory, and is faster on a graphics card. */
  readonly batchSize?: number;
}

const OPTIONS = optionNames<LookAtAllOptions>({
  top: true,
  view: true,
  signal: true,
  maxPixels: true,
  maxMemory: true,
  batchSize: true,
  onProgress: true,
});

/**
 * Looks at many pictures, in order, at flat memory: the following ones are decoded while the network runs. A picture
 * that cannot be read is reported in its place and skipped. What comes carries the very picture that was given.
 *
 * @param pictures a set, a list, or anything that can be iterated, e.g. an asynchronous generator
 * @throws CamlabError when the network itself fails; the signal's reason when it is aborted
 * @example
 * for await (const seen of lookAtAll(network, pictures)) {
 *   if (isSkipped(seen)) console.error(seen.picture.file, seen.error);
 *   else console.log(seen.picture.file, seen.top[0].name);
 * }
 */
export async function* lookAtAll<P extends Picture>(
  network: Network,
  pictures: PictureSet<P> | Iterable<P | ImageSource> | AsyncIterable<P | ImageSource>,
  options: LookAtAllOptions = {},
): AsyncGenerator<Seen<P> | SkippedPicture<P>, void, undefined> {
  const { batchSize = 8, onProgress, signal, top, view, ...reading } = check.known(options, OPTIONS, "lookAtAll");
  checkNetwork(network, "lookAtAll");
  check.count("batchSize", batchSize);
  checkTop(top);
  const given = picturesOf<P | ImageSource>(pictures);
  const tell = tellProgress(onProgress, "looking at photos", Array.isArray(given) ? given.length : undefined);
  const { maps, scores } = await lookViews(network, view);
  let done = 0;
  const prepare = async (one: P | ImageSource): Promise<Ready<P> | SkippedPicture<P>> => {
    const picture = pictureOf(one) as P;
    const { file, region, flip } = picture;
    const prepareFor = (one: Network) => prepareImage(file, one.preprocessing, { ...reading, signal, region, flip });
    try {
      return { picture, prepared: await prepareFor(maps), ...(scores && { forScores: await prepareFor(scores) }) };
    } catch (error) {
      return { picture, error: messageOf(error) };
    }
  };

  const runGroup = async (group: readonly (Ready<P> | SkippedPicture<P>)[]) => {
    const readable = group.filter((item): item is Ready<P> => "prepared" in item);
    const ran = await runPrepared(
      maps,
      readable.map(({ prepared }) => prepared),
    );
    const scored = scores
      ? await runPrepared(
          scores,
          readable.map(({ forScores }) => forScores!),
        )
      : [];
    return { group, ran, scored };
  };
  const prepared = ahead(given, prepare, { limit: 2 * batchSize, signal });

  // The network runs the next pictures while whoever asked does something with these.
  for await (const { group, ran, scored } of ahead(inGroups(prepared, batchSize), runGroup, { limit: 2, signal })) {
    signal?.throwIfAborted();
    let slot = 0;
    for (const item of group) {
      const { picture } = item;
      let result: Seen<P> | SkippedPicture<P>;
      if (!("prepared" in item)) {
        result = { picture, error: item.error };
      } else {
        try {
          const seen = seenAt(maps, picture, item.prepared, ran[slot], top);
          result =
            scores && item.forScores
              ? withClassesOf(seen, seenAt(scores, picture, item.forScores, scored[slot], top))
              : seen;
        } catch (error) {
          result = { picture, error: messageOf(error) };
        }
        slot++;
      }
      tell(++done);
      yield result;
    }
    signal?.throwIfAborted();
  }
}

/**
 * Whether a picture was skipped rather than looked at.
 *
 * @example
 * const failures = results.filter(isSkipped);
 */
export function isSkipped<P extends Picture>(result: object | SkippedPicture<P>): result is SkippedPicture<P> {
  return "error" in result;
}

interface Ready<P> {
  readonly picture: P;
  readonly prepared: PreparedImage;
  /** For the view that the classes come from, where it is another. */
  readonly forScores?: PreparedImage;
}

function seenAt<P extends Picture>(
  network: Network,
  picture: P,
  prepared: PreparedImage,
  { outputs, slot, count }: Ran,
  top: number | undefined,
): Seen<P> {
  return seenIn(network, picture, prepared, outputs, slot, count, { top });
}
