import type { Preprocessing } from "../../../src/kernel-helpers/images/input/preprocessing.js";

type Triple = Preprocessing["mean"];

/** Pictures are squashed to this size; each channel, RGB, has its mean taken off and is divided by its deviation. */
export function squashed(width: number, height: number, mean: Triple = [0, 0, 0], std: Triple = [1, 1, 1]) {
  return { width, height, fit: "squash", channelOrder: "RGB", mean, std } as const;
}
