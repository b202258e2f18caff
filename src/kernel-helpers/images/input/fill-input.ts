import { invalid } from "../../support/errors.js";
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
 * images.fillInput(batch, 0, prepared.pixels, network.preprocessing);
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
  const planes = [0, 1, 2].map((channel) =>
    batch.subarray((slot * 3 + channel) * area, (slot * 3 + channel + 1) * area),
  );
  const [first, second, third] = planes;
  const [mean0, mean1, mean2] = mean;
  const [scale0, scale1, scale2] = std.map((value) => 1 / value);
  const [from0, from2] = channelOrder === "RGB" ? [0, 2] : [2, 0];
  for (let to = 0, from = 0; to < area; to++, from += 3) {
    first[to] = (pixels[from + from0] - mean0) * scale0;
    second[to] = (pixels[from + 1] - mean1) * scale1;
    third[to] = (pixels[from + from2] - mean2) * scale2;
  }
}
