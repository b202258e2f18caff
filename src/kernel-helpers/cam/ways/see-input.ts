import type { ImageSource } from "../../images/image.js";
import { prepareImage, type PreparedImage } from "../../images/input/prepare-image.js";
import { type Picture, pictureOf } from "../../images/picture.js";
import { type LookOptions, seenIn } from "../../networks/look.js";
import type { Network } from "../../networks/network.js";
import type { Seen } from "../../networks/seen.js";
import { type Ran, runPrepared } from "../../networks/views/run-prepared.js";

/** What a network saw of a picture, and the very numbers that it was given: `3 × height × width`, normalised. */
export interface SeenInput<P extends Picture> {
  readonly seen: Seen<P>;
  readonly input: Float32Array;
  readonly size: { readonly width: number; readonly height: number };
}

/**
 * Looks at a picture and keeps the network's input.
 *
 * @throws CamlabError when the picture cannot be read
 */
export async function seeInput<P extends Picture>(
  network: Network,
  picture: P | ImageSource,
  options: LookOptions,
): Promise<SeenInput<P>> {
  const { signal, maxPixels, maxMemory } = options;
  const given = pictureOf(picture) as P;
  const { file, region, flip } = given;
  const prepared = await prepareImage(file, network.preprocessing, { signal, region, flip, maxPixels, maxMemory });
  const [ran] = await runPrepared(network, [prepared], { keeps: true });
  return seenInput(network, given, prepared, ran, options);
}

/** A picture that was run, and what the network was given of it. */
export function seenInput<P extends Picture>(
  network: Network,
  picture: P,
  prepared: PreparedImage,
  { outputs, slot, count, input }: Ran,
  options: LookOptions,
): SeenInput<P> {
  const { inputWidth: width, inputHeight: height } = prepared.placement;
  const seen = seenIn(network, picture, prepared, outputs, slot, count, options);
  return { seen, input, size: { width, height } };
}
