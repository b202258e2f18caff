// Pictures to learn from, drawn from a seed: a striped square somewhere on a noisy ground.
import type { Image } from "../../../src/kernel-helpers/images/image.js";
import type { Picture } from "../../../src/kernel-helpers/images/picture.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";

export const SIDE = 16;
const SQUARE = 8;

const ON: Readonly<Record<string, (x: number, y: number) => boolean>> = {
  level: (_, y) => y % 4 < 2,
  slanted: (x, y) => (x + y) % 4 < 2,
  upright: (x) => x % 4 < 2,
};

export const STRIPES = Object.keys(ON);

export function stripes(kind: string, seed: number): Image {
  const random = seededRandom(`stripes ${seed}`);
  const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, () => 100 + 60 * random());
  const [left, top] = [0, 1].map(() => Math.floor(random() * (SIDE - SQUARE)));
  for (let y = 0; y < SQUARE; y++) {
    for (let x = 0; x < SQUARE; x++)
      data.fill(ON[kind](x, y) ? 230 : 20, ((top + y) * SIDE + left + x) * 3, ((top + y) * SIDE + left + x) * 3 + 3);
  }
  return { width: SIDE, height: SIDE, data };
}

/** So many pictures of each kind, in turns; every fourth for validation. */
export function striped(each: number): Picture[] {
  return Array.from({ length: each * STRIPES.length }, (_, i) => {
    const label = STRIPES[i % STRIPES.length];
    return { file: stripes(label, i), label, split: i % 4 === 3 ? "val" : "train" };
  });
}
