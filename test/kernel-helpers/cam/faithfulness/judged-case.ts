// A map, a picture and a network that formulas give, as test/fixtures/cam/make_faithfulness.py has them.
import { Judged, type JudgedParts } from "../../../../src/kernel-helpers/cam/faithfulness/judged.js";
import { randomMap } from "../../../../src/kernel-helpers/cam/faithfulness/control-ways.js";
import type { Box } from "../../../../src/kernel-helpers/images/box.js";
import type { Seen } from "../../../../src/kernel-helpers/networks/seen.js";
import { softmax } from "../../../../src/kernel-helpers/networks/softmax.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

export const SIDE = 14;
const AREA = SIDE * SIDE;
const CLASSES = 4;

/** sin(step · i² + shift) */
export function wave(count: number, step: number, shift = 0): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(step * i * i + shift));
}

export const PICTURE = wave(3 * AREA, 0.013);
export const mapNumber = (m: number): Float32Array => wave(AREA, 0.0017, 0.5 + m);
const WEIGHTS = Array.from({ length: CLASSES }, (_, k) => wave(3 * AREA, 0.0071, k));

/** The network's scores of one input. */
export function scoresOf(input: Float32Array): Float32Array {
  return Float32Array.from(
    WEIGHTS,
    (weights) => 3 * Math.tanh(input.reduce((sum, value, i) => sum + value * weights[i], 0) / 10),
  );
}

/** In what a case differs from the map of class 0, without boxes. */
export interface CaseParts extends Partial<Pick<JudgedParts, "way" | "mapOf" | "randomised" | "seed">> {
  readonly index?: number;
  readonly boxes?: readonly Box[];
  /** What is known of the look beside its scores; or other scores. */
  readonly seen?: Partial<Seen>;
}

/** A map of the picture, to be judged. */
export function judgedCase(data: Float32Array, { index = 0, boxes = [], seen, ...parts }: CaseParts = {}): Judged {
  const logits = scoresOf(PICTURE);
  const answers = (inputs: Float32Array, count: number) => {
    const each = Array.from({ length: count }, (_, i) =>
      scoresOf(inputs.subarray((i * inputs.length) / count, ((i + 1) * inputs.length) / count)),
    );
    return Promise.resolve({
      scores: Float32Array.from(each, (scores) => scores[index]),
      probabilities: Float32Array.from(each, (scores) => softmax(scores)[index]),
    });
  };
  const none = () => Promise.reject(new Error("not asked for"));
  const looking = {
    seen: { logits, probabilities: softmax(logits), ...seen } as Seen,
    ...{ index, input: PICTURE, size: { width: SIDE, height: SIDE }, random: seededRandom(0) },
    randomOfPhoto: seededRandom(0),
    network: {
      ...{ answers, scoresOfCopies: none, inputGradients: none, mapGradients: none, layers: none, behindMaps: none },
      ...{ attention: none, attentionGradients: none },
    },
  };
  const map = { width: SIDE, height: SIDE, data };
  return new Judged({ way: randomMap, looking, map, boxes, mapOf: none, randomised: none, seed: "0", ...parts });
}
