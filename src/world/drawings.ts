import { ahead } from "../kernel-helpers/support/ahead.js";
import { check } from "../kernel-helpers/support/check.js";
import { CamlabError } from "../kernel-helpers/support/errors.js";
import { seededRandom } from "../kernel-helpers/support/random.js";
import type { Description } from "./description.js";
import { describe } from "./parts/parts.js";
import { WORLD_PARTS, type WorldObject, type WorldPart, type Drawing, type WorldSplit } from "./drawing.js";
import { render } from "./render.js";
import type { Box } from "../kernel-helpers/images/box.js";

/**
 * Raised whenever the same seed would draw another picture.
 *
 * @example
 * world.WORLD_VERSION; // 1
 */
export const WORLD_VERSION = 1;

/** Which pictures of a part to draw. */
export interface DrawingOptions {
  /** 0 unless given. Another seed is another world of the same kind. */
  readonly seed?: number;
  /** How many. */
  readonly count: number;
  /** The first one's index; 0 unless given. */
  readonly start?: number;
  /** `train` unless given. */
  readonly split?: WorldSplit;
  /** How many are under way at once; 4 unless given. Memory grows with it, the pictures do not change. */
  readonly ahead?: number;
  readonly signal?: AbortSignal;
}

/**
 * Draws pictures of the embedded world, one after the other as they are asked for, several under way at a time. The
 * same part, seed, split and index give the same pixels on every machine.
 *
 * @throws CamlabError for an unknown part, a count or a start that is no whole number ≥ 0
 * @example
 * for await (const { image, labels } of drawings("objects", { seed: 7, count: 12 })) show(image, labels);
 */
export async function* drawings(part: WorldPart, options: DrawingOptions): AsyncGenerator<Drawing, void, undefined> {
  const { seed = 0, count, start = 0, split = "train", ahead: many = 4, signal } = options;
  check.oneOf("part", part, WORLD_PARTS);
  check.oneOf("split", split, ["train", "val", "test"]);
  for (const [name, value] of Object.entries({ seed, count, start, ahead: many })) check.wholeNumber(name, value);
  const indices = numbersFrom(start, start + count);
  yield* ahead(indices, (index) => drawOne(part, split, seed, index), { limit: many + 1, signal });
}

function* numbersFrom(first: number, end: number): Generator<number> {
  for (let number = first; number < end; number++) yield number;
}

/** Draws the one picture that has this part, split, seed and index. */
async function drawOne(part: WorldPart, split: WorldSplit, seed: number, index: number): Promise<Drawing> {
  const description = await describePicture(part, split, seed, index);
  const { image, objects, idOf } = await render(description);
  const name = `${part}-${split}-${seed}-${String(index).padStart(6, "0")}`;
  const where = <T extends { readonly keys: readonly string[] }>({ keys, ...rest }: T) => {
    const ids = keys.map((key) => idOf.get(key));
    // What a phrase or a question speaks of must be visible; else it is left out.
    if (ids.some((id) => id === undefined)) return [];
    const found = ids.map((id) => objects.find((object) => object.id === id)!);
    return [{ ...rest, objects: found.map(({ id }) => id), box: around(found) }];
  };
  const phrases = description.phrases.flatMap(where);
  // A phrase is a label only where it can be seen.
  const shown = (label: string) => part !== "phrases" || phrases.some(({ text }) => text === label);
  return {
    name,
    image,
    labels: description.labels.filter(shown),
    objects,
    captions: description.captions,
    phrases,
    questions: description.questions.flatMap(where),
    words: description.things.flatMap((thing) =>
      "words" in thing ? thing.words.map(({ text, polygon }) => ({ text, polygon })) : [],
    ),
    provenance: { part, split, seed, index, version: WORLD_VERSION },
  };
}

/** The description of a picture: pure data, before anything is drawn. */
export async function describePicture(
  part: WorldPart,
  split: WorldSplit,
  seed: number,
  index: number,
): Promise<Description> {
  const stream = `${WORLD_VERSION} ${part} ${split} ${seed}`;
  return describe(part, { stream, index, random: seededRandom(`${stream} ${index}`) });
}

function around(objects: readonly WorldObject[]): Box {
  if (!objects.length) throw new CamlabError("a phrase or question must speak of something");
  const x = Math.min(...objects.map(({ box }) => box.x));
  const y = Math.min(...objects.map(({ box }) => box.y));
  const right = Math.max(...objects.map(({ box }) => box.x + box.width));
  const bottom = Math.max(...objects.map(({ box }) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}
