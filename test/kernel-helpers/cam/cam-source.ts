import type { CamSource } from "../../../src/kernel-helpers/cam/cam.js";
import type { GapHead } from "../../../src/kernel-helpers/graph/head/gap-head.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";

/** Random signed numbers around 0. */
export function randomNumbers(count: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, () => 4 * random() - 2);
}

/** Random feature maps, with a random head that fits them. */
export function randomSource(
  [channels, height, width]: readonly [number, number, number],
  classes: readonly string[],
  head: Partial<GapHead> = {},
): CamSource {
  const data = randomNumbers(channels * height * width, 1);
  const area = height * width;
  const features = Float32Array.from({ length: channels }, (_, k) => mean(data.subarray(k * area, (k + 1) * area)));
  return {
    featureMaps: { channels, height, width, data },
    features,
    network: {
      classes,
      head: {
        form: "pool-then-classify",
        pooling: "average",
        featureMaps: { name: "maps", channels },
        logits: { name: "logits", classes: classes.length },
        weights: randomNumbers(classes.length * channels, 2),
        summary: "a test's GAP head",
        ...head,
      },
    },
  };
}

/** The mean, in double precision. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
