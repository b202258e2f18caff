import type { ImageSource } from "../../images/image.js";
import { fillInput } from "../../images/input/fill-input.js";
import { prepareImage } from "../../images/input/prepare-image.js";
import { type Picture, pictureOf } from "../../images/picture.js";
import { type LookOptions, seenIn } from "../../networks/look.js";
import type { Network } from "../../networks/network.js";
import type { Seen } from "../../networks/seen.js";

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
  const size = { width: prepared.placement.inputWidth, height: prepared.placement.inputHeight };
  const input = new Float32Array(3 * size.height * size.width);
  fillInput(input, 0, prepared.pixels, { ...network.preprocessing, ...size });
  const seen = seenIn(network, given, prepared, await network.run(input, 1, size), 0, 1, options);
  return { seen, input, size };
}
