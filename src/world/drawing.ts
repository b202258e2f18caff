import type { Box } from "../kernel-helpers/images/box.js";
import type { Image } from "../kernel-helpers/images/image.js";
import type { RunLengthMask } from "../kernel-helpers/images/masks/masks.js";
import type { Lettering, Question } from "./description.js";
import type { ColourName } from "./pen/colour.js";

/**
 * The parts of the drawn world, each a data set of its own.
 *
 * @example
 * world.WORLD_PARTS.includes("birds");
 */
export const WORLD_PARTS = [
  "objects",
  "scenes",
  "activities",
  "birds",
  "text",
  "text-trap",
  "questions",
  "phrases",
] as const;

/** One of the parts of the drawn world. */
export type WorldPart = (typeof WORLD_PARTS)[number];

/** Which pictures: those to learn from, to choose settings by, to judge by. They never share a picture. */
export type WorldSplit = "train" | "val" | "test";

/** A thing that can be seen in a drawn picture. */
export interface WorldObject {
  /** Its number in the picture, from 1, back to front. */
  readonly id: number;
  readonly name: string;
  /** Around what is visible of it. */
  readonly box: Box;
  /** Visible pixels. */
  readonly area: number;
  readonly mask: RunLengthMask;
  /** Wall, floor, sky and the like: everywhere, without a count. */
  readonly stuff: boolean;
  /** The colour that a question may ask for. */
  readonly colour?: ColourName;
  /** Boxes of its parts that are visible, by name (birds). */
  readonly parts?: Readonly<Record<string, Box>>;
}

/** A short phrase that is true of the picture, and where. */
export interface WorldPhrase {
  readonly text: string;
  /** Numbers of the objects that it speaks of. */
  readonly objects: readonly number[];
  /** Around all of them. */
  readonly box: Box;
}

/** A question about the picture. */
export interface WorldQuestion extends Omit<Question, "keys"> {
  /** Numbers of the objects that hold the evidence. */
  readonly objects: readonly number[];
  /** Around all of them. */
  readonly box: Box;
}

/** What is to be seen in a picture, and what may be said and asked of it. */
export interface DrawnTruth {
  readonly objects: readonly WorldObject[];
  readonly captions: readonly string[];
  readonly phrases: readonly WorldPhrase[];
  readonly questions: readonly WorldQuestion[];
  readonly words: readonly Omit<Lettering, "path" | "colour">[];
}

/** A drawn picture and the truth about it. */
export interface Drawing extends DrawnTruth {
  /** `objects-train-7-000012`: part, split, seed, index. */
  readonly name: string;
  readonly image: Image;
  /** Image-level labels: the classes that are present, or the one category. */
  readonly labels: readonly string[];
  /** How to draw it again. */
  readonly provenance: {
    readonly part: WorldPart;
    readonly split: WorldSplit;
    readonly seed: number;
    readonly index: number;
    /** Raised whenever the same seed would draw another picture. */
    readonly version: number;
  };
}
