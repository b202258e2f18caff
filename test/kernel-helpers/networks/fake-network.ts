import type { Network, NetworkOutputs } from "../../../src/kernel-helpers/networks/network.js";
import { squashed } from "../images/squashed.js";

/** How a fake network answers a photo, by the mean of its red, green and blue. */
export type Answer = (red: number, green: number, blue: number) => number[];

/**
 * A network without weights, 4×4 pixels in, whose two feature maps are red and green of each pixel and whose logits the
 * test chooses.
 */
export function fakeNetwork(answer: Answer, onRun: (count: number) => void = () => {}): Network {
  const preprocessing = squashed(4, 4);
  const run = (batch: Float32Array, count: number): Promise<NetworkOutputs> => {
    onRun(count);
    const maps = new Float32Array(count * 2 * 16);
    const features = new Float32Array(count * 2);
    const logits: number[] = [];
    for (let photo = 0; photo < count; photo++) {
      const planes = [0, 1, 2].map((c) => batch.subarray((photo * 3 + c) * 16, (photo * 3 + c + 1) * 16));
      const means = planes.map((plane) => plane.reduce((sum, value) => sum + value, 0) / 16);
      maps.set(planes[0], photo * 32);
      maps.set(planes[1], photo * 32 + 16);
      features.set(means.slice(0, 2), photo * 2);
      logits.push(...answer(means[0], means[1], means[2]));
    }
    return Promise.resolve({
      featureMaps: { channels: 2, height: 4, width: 4, data: maps },
      features,
      logits: Float32Array.from(logits),
    });
  };
  return {
    name: "fake",
    card: { name: "fake", title: "fake", preprocessing, classes: ["a", "b", "c"], licence: "", origin: "", hashes: {} },
    classes: ["a", "b", "c"],
    preprocessing,
    notes: [],
    head: {
      form: "pool-then-classify",
      pooling: "average",
      featureMaps: { name: "maps", channels: 2 },
      logits: { name: "logits", classes: 3 },
      weights: new Float32Array(6),
      summary: "fake",
    },
    engine: "none",
    device: "cpu",
    deviceReason: "fake",
    run,
    dispose() {},
    [Symbol.dispose]() {},
  };
}

/** A photo of one colour. */
export function plain(red: number, green: number, blue: number, width = 6, height = 3) {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 3) data.set([red, green, blue], i);
  return { width, height, data };
}
