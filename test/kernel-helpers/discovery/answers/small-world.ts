import { FeatureTable } from "../../../../src/kernel-helpers/features/feature-table.js";
import type { PhotoQuestion } from "../../../../src/kernel-helpers/discovery/answers/photo-question.js";
import type { Seen } from "../../../../src/kernel-helpers/networks/seen.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

export const COLOURS = ["red", "green", "blue"] as const;

/** Photos of one colour each: a channel a colour, a channel of noise, a channel that never changes. */
export function smallWorld(photos = 120): { features: FeatureTable; questions: PhotoQuestion[] } {
  const random = seededRandom("small world");
  const columns = COLOURS.length + 2;
  const data = new Float32Array(photos * columns);
  const questions: PhotoQuestion[] = [];
  const pictures = Array.from({ length: photos }, (_, i) => ({ file: `${i}.png` }));
  pictures.forEach((picture, i) => {
    const colour = i % COLOURS.length;
    COLOURS.forEach((_, k) => (data[i * columns + k] = (k === colour ? 2 : 0.3) + 0.2 * random()));
    data[i * columns + 3] = random();
    data[i * columns + 4] = 0.25;
    const asked = COLOURS[Math.floor(random() * COLOURS.length)];
    const split = i < photos / 2 ? "train" : "test";
    const common = { picture, split } as const;
    questions.push({ ...common, question: "What colour is it?", answer: COLOURS[colour], questionType: "what" });
    questions.push({
      ...common,
      question: `Is it ${asked}?`,
      answer: asked === COLOURS[colour] ? "yes" : "no",
      questionType: "is it",
      answerType: "yes/no",
    });
  });
  const features = new FeatureTable({ rows: photos, columns, data, pictures });
  return { features, questions };
}

/** What a network of 5 channels saw: 2 × 2 maps, each channel strong in a place of its own. */
export function smallSeen(strength: readonly number[]): Seen {
  const maps = strength.flatMap((value, k) => [0, 1, 2, 3].map((place) => (place === k % 4 ? 4 * value : 0)));
  return {
    network: { name: "small", head: { featureMaps: { name: "maps", channels: strength.length } } } as never,
    picture: { file: "a.png" },
    photo: { file: "a.png", width: 20, height: 20 },
    placement: {
      scaleX: 1,
      scaleY: 1,
      offsetX: 0,
      offsetY: 0,
      imageWidth: 20,
      imageHeight: 20,
      inputWidth: 20,
      inputHeight: 20,
    },
    logits: new Float32Array(),
    probabilities: new Float32Array(),
    top: [],
    featureMaps: { channels: strength.length, width: 2, height: 2, data: Float32Array.from(maps) },
    features: Float32Array.from(strength),
  };
}
