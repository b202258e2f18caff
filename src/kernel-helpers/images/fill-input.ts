import { invalid } from "../support/errors.js";
import type { Preprocessing } from "./preprocessing.js";

/**
 * Writes one prepared image into a batch of network inputs: planar, 3 × height × width,
 * (value − mean[c]) / std[c], channels in the order that the network wants.
 *
 * @param batch `count × 3 × height × width` floats, made once and reused
 * @param slot which image of the batch to write, from 0
 * @param pixels interleaved RGB, `height · width · 3` bytes, as `prepareImage` gives them
 * @throws CamlabError when the sizes do not fit
 * @example
 * const batch = new Float32Array(16 * 3 * 224 * 224);
 * fillInput(batch, 0, prepared.pixels, network.preprocessing);
 */
export function fillInput(
  batch: Float32Array,
  slot: number,
  pixels: Uint8Array,
  preprocessing: Pick<Preprocessing, "width" | "height" | "channelOrder" | "mean" | "std">,
): void {
  const { width, height, channelOrder, mean, std } = preprocessing;
  const area = width * height;
  if (pixels.length !== area * 3) {
    throw invalid("pixels", pixels, `${area * 3} bytes, RGB of ${width}×${height}`);
  }
  if (!Number.isInteger(slot) || slot < 0 || (slot + 1) * area * 3 > batch.length) {
    throw invalid("slot", slot, `a whole number from 0 to ${Math.floor(batch.length / (area * 3)) - 1}`);
  }
  const table = new Float32Array(256);
  for (let channel = 0; channel < 3; channel++) {
    // Every value there can be, computed once a channel.
    for (let value = 0; value < 256; value++) table[value] = (value - mean[channel]) / std[channel];
    const start = (slot * 3 + channel) * area;
    let from = channelOrder === "RGB" ? channel : 2 - channel;
    for (let to = start; to < start + area; to++, from += 3) batch[to] = table[pixels[from]];
  }
}
