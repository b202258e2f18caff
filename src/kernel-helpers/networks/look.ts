import type { Box } from "../images/box.js";
import { fillInput } from "../images/input/fill-input.js";
import type { ImageSource } from "../images/image.js";
import type { ReadImageOptions } from "../images/files/open-image.js";
import { prepareImage, type PreparedImage } from "../images/input/prepare-image.js";
import { CamlabError, invalid } from "../support/errors.js";
import type { Network, NetworkOutputs } from "./network.js";
import type { Seen, SeenClass } from "./seen.js";
import { sigmoid } from "./sigmoid.js";
import { softmax } from "./softmax.js";

/** How a photo is looked at. */
export interface LookOptions extends Pick<ReadImageOptions, "maxPixels" | "maxMemory"> {
  /** How many of the most probable classes `top` lists; 5 unless given. */
  readonly top?: number;
  /** Look at this part of the photo only, in its pixels. */
  readonly region?: Box;
  /** Look at the mirror image. */
  readonly flip?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Looks at one photo: decodes it, prepares it as the network's card says, runs the network once.
 *
 * @returns top classes, logits, feature maps and pooled features: plain arrays that outlive the network
 * @throws CamlabError when the photo cannot be read, or the network's scores are not numbers
 * @example
 * const seen = await look(network, "street.jpg");
 * seen.top[0]; // { index: 919, name: "street sign", probability: 0.61, score: 11.2 }
 */
export async function look(network: Network, source: ImageSource, options: LookOptions = {}): Promise<Seen> {
  checkTop(options.top);
  const { signal, region, flip, maxPixels, maxMemory } = options;
  const reading = { signal, region, flip, maxPixels, maxMemory };
  const prepared = await prepareImage(source, network.preprocessing, reading);
  signal?.throwIfAborted();
  const { width, height } = network.preprocessing;
  const batch = new Float32Array(3 * height * width);
  fillInput(batch, 0, prepared.pixels, network.preprocessing);
  return seenIn(network, source, prepared, await network.run(batch, 1), 0, 1, options);
}

/**
 * What a network saw in one photo of a batch.
 *
 * @param outputs of the whole batch of `count` photos
 * @param slot which of them, from 0
 */
export function seenIn(
  network: Network,
  source: ImageSource,
  { placement, imageWidth, imageHeight }: PreparedImage,
  outputs: NetworkOutputs,
  slot: number,
  count: number,
  { top = 5, region }: LookOptions,
): Seen {
  const file = typeof source === "string" ? source : "image";
  const part = (data: Float32Array) => sliceOf(data, slot, count);
  const logits = part(outputs.logits);
  const wrong = logits.findIndex((score) => Number.isNaN(score));
  if (wrong >= 0) {
    throw new CamlabError(
      `the network's score of ${file} for ${network.classes[wrong]} is not a number: are the network's weights and ` +
        'preprocessing right, and does its device work (try device: "cpu")?',
    );
  }
  const probabilities = network.card.probabilities === "sigmoid" ? sigmoid(logits) : softmax(logits);
  const { channels, height, width, data } = outputs.featureMaps;
  return {
    network,
    photo: { source, file, width: imageWidth, height: imageHeight },
    ...(region && { region }),
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
  if (top !== undefined && !(Number.isInteger(top) && top >= 1)) throw invalid("top", top, "a whole number from 1");
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
  const order = Array.from(logits.keys()).sort((a, b) => logits[b] - logits[a] || a - b);
  return order.slice(0, count).map((index) => ({
    index,
    name: names[index],
    probability: probabilities[index],
    score: logits[index],
  }));
}
