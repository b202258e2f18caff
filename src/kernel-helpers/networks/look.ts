import { checkNetwork, checkOnePicture } from "./check-network.js";
import type { ImageSource } from "../images/image.js";
import { nameOf, type Picture, pictureOf } from "../images/picture.js";
import type { ReadImageOptions } from "../images/files/open-image.js";
import { prepareImage, type PreparedImage } from "../images/input/prepare-image.js";
import { check, optionNames } from "../support/check.js";
import { checkFinite } from "./finite-outputs.js";
import type { Network, NetworkOutputs } from "./network.js";
import { probabilitiesOf } from "./probabilities-of.js";
import type { Seen, SeenClass } from "./seen.js";
import { lookViews } from "./views/look-views.js";
import { runPrepared } from "./views/run-prepared.js";
import type { LookView } from "./views/view.js";

/** How a photo is looked at. */
export interface LookOptions extends Pick<ReadImageOptions, "maxPixels" | "maxMemory"> {
  /** How many of the most probable classes `top` lists; 5 unless given. */
  readonly top?: number;
  /**
   * What of the picture the network sees: `card`, `whole`, or `both`, classes from the card's view and maps and features
   * from the whole picture, at the cost of two runs; the network's own view unless given, and the card's without one.
   */
  readonly view?: LookView;
  readonly signal?: AbortSignal;
}

const OPTIONS = optionNames<LookOptions>({ top: true, view: true, signal: true, maxPixels: true, maxMemory: true });

/**
 * Looks at one picture: decodes it, prepares it as the network's card says, runs the network once. A picture's `region`
 * and `flip` are what is looked at of it.
 *
 * @param picture a path, bytes, pixels, or a picture: what is seen carries the very picture that was given
 * @returns top classes, logits, feature maps and pooled features: plain arrays that outlive the network
 * @throws CamlabError for several pictures (see `lookAtAll`), when the picture cannot be read, or the network's maps or scores are not finite
 * @example
 * const seen = await look(network, "street.jpg");
 * seen.top[0]; // { index: 919, name: "street sign", probability: 0.61, score: 11.2 }
 */
export async function look<P extends Picture>(
  network: Network,
  picture: P | ImageSource,
  options: LookOptions = {},
): Promise<Seen<P>> {
  check.known(options, OPTIONS, "look");
  checkNetwork(network, "look");
  checkOnePicture(picture, "look");
  checkTop(options.top);
  const { signal, maxPixels, maxMemory } = options;
  const given = pictureOf(picture) as P;
  const { file, region, flip } = given;
  const { maps, scores } = await lookViews(network, options.view);
  const lookThrough = async (one: Network): Promise<Seen<P>> => {
    const prepared = await prepareImage(file, one.preprocessing, { signal, region, flip, maxPixels, maxMemory });
    signal?.throwIfAborted();
    const [{ outputs }] = await runPrepared(one, [prepared]);
    return seenIn(one, given, prepared, outputs, 0, 1, options);
  };
  const seen = await lookThrough(maps);
  return scores ? withClassesOf(seen, await lookThrough(scores)) : seen;
}

/** Maps and features of one view with the classes of another. */
export function withClassesOf<P extends Picture>(seen: Seen<P>, { logits, probabilities, top }: Seen): Seen<P> {
  return { ...seen, view: "both", logits, probabilities, top };
}

/**
 * What a network saw in one picture of a batch.
 *
 * @param outputs of the whole batch of `count` photos
 * @param slot which of them, from 0
 */
export function seenIn<P extends Picture>(
  network: Network,
  picture: P,
  { placement, imageWidth, imageHeight }: PreparedImage,
  outputs: NetworkOutputs,
  slot: number,
  count: number,
  { top = 5 }: LookOptions,
): Seen<P> {
  const file = nameOf(picture);
  checkFinite(file, network, outputs, slot, count);
  const part = (data: Float32Array) => sliceOf(data, slot, count);
  const logits = part(outputs.logits);
  const probabilities = probabilitiesOf(network, logits);
  const { channels, height, width, data } = outputs.featureMaps;
  return {
    network,
    picture,
    ...(network.view && { view: network.view }),
    photo: { file, width: imageWidth, height: imageHeight },
    placement,
    logits,
    probabilities,
    top: strongest(network.classes, logits, probabilities, top),
    featureMaps: { channels, height, width, data: part(data) },
    features: part(outputs.features),
  };
}

/** @throws CamlabError unless `top` is a count */
export function checkTop(top: number | undefined): void {
  check.counts({ top });
}

/** One photo's share: the array itself when the batch was that one photo, else a copy that lets the batch go. */
function sliceOf(data: Float32Array, slot: number, count: number): Float32Array {
  const each = data.length / count;
  return count === 1 ? data : data.slice(slot * each, (slot + 1) * each);
}

/** The classes of the highest scores, best first; of equal scores the lower index. */
function strongest(
  names: readonly string[],
  logits: Float32Array,
  probabilities: Float32Array,
  count: number,
): SeenClass[] {
  return highest(logits, count).map((index) => ({
    index,
    name: names[index],
    probability: probabilities[index],
    score: logits[index],
  }));
}

/** The places of the highest values, in order: a few of a thousand are kept as they come, nothing else is sorted. */
function highest(values: Float32Array, count: number): number[] {
  const kept: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (kept.length === count && !(values[i] > values[kept[count - 1]])) continue;
    if (kept.length === count) kept.pop();
    let at = kept.length;
    while (at > 0 && values[kept[at - 1]] < values[i]) at--;
    kept.splice(at, 0, i);
  }
  return kept;
}
