// Which images a step learns from, and what the network reads of them.
import type { Preprocessing } from "../../images/input/preprocessing.js";
import { seededRandom, shuffled } from "../../support/random.js";
import { writeAugmented, writePlain, type Augmentation } from "./augment.js";
import type { PixelStore } from "./pixel-store.js";
import type { Feeds, StepProgram } from "../loop/step-program.js";

/** What a step learns from. */
export interface Batch {
  /** Items, those left out that could not be read. */
  readonly indices: readonly number[];
  readonly feeds: Feeds;
}

/** Where batches come from. The items are places in the list of images. */
export interface BatchSource {
  /** @param epoch changes the pictures at random, each epoch anew; absent: as they are */
  batch(program: StepProgram, indices: readonly number[], epoch?: number): Promise<Batch>;
}

/** The batches of an epoch: all items in an order of their own, in whole batches. */
export function batchesOf(items: readonly number[], size: number, seed: number | string, epoch: number): number[][] {
  const order = shuffled(items, seededRandom(`order ${seed} ${epoch}`));
  const count = stepsOf(items.length, size);
  return Array.from({ length: count }, (_, i) => order.slice(i * size, (i + 1) * size));
}

/** How many steps an epoch has. */
export function stepsOf(items: number, size: number): number {
  return Math.max(1, Math.floor(items / size));
}

/** Batches of pictures, changed at random. */
export function pictureBatches(
  store: PixelStore,
  preprocessing: Preprocessing,
  augmentation: Augmentation,
  seed: number | string,
): BatchSource {
  const { width, height } = preprocessing;
  const size = width * height * 3;
  const changes = Object.keys(augmentation).length > 0;
  let space = new Float32Array(0);
  return {
    async batch(program, indices, epoch) {
      const pixels = await store.pixels(indices);
      const readable = indices.filter((_, i) => pixels[i]);
      if (space.length < readable.length * size) space = new Float32Array(readable.length * size);
      let slot = 0;
      pixels.forEach((each, i) => {
        if (!each) return;
        if (epoch === undefined || !changes) writePlain(space, slot++, each, preprocessing);
        else {
          const random = seededRandom(`picture ${seed} ${epoch} ${indices[i]}`);
          writeAugmented(space, slot++, each, preprocessing, augmentation, random);
        }
      });
      if (readable.length === 0) return { indices: [], feeds: new Map() };
      const numbers = space.subarray(0, readable.length * size);
      return { indices: readable, feeds: await program.feeds(numbers, [readable.length, height, width]) };
    },
  };
}
