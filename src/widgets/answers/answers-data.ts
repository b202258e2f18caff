import type { Box } from "../../kernel-helpers/images/box.js";
import type { Ramp } from "../kit/sheet/legend.js";

/** Everything that a view of answered questions shows, as plain data. */
export interface AnswersData {
  readonly rows: readonly AnswersRow[];
  /** What the heat's colours mean. */
  readonly ramp: Ramp;
  /** How strongly the map is laid over the photo, 0–1. */
  readonly opacity: number;
  /** How much darker the photo is under it, 0–1. */
  readonly dimming: number;
  /** Height of the photos in pixels. */
  readonly size: number;
}

/** A question of a photo, answered. */
export interface AnswersRow {
  readonly question: string;
  /** What a person should know: unknown words, say. */
  readonly note?: string;
  readonly photo: {
    readonly name: string;
    /** The photo and the same in grey, as data URIs. */
    readonly uri: string;
    readonly greyUri: string;
    /** Width by height. */
    readonly aspect: number;
    /** Parts of it that the network did not see, as shares. */
    readonly unseen?: readonly Box[];
  };
  /** The best answer's map on the photo, as a data URI. */
  readonly heatUri: string;
  /** Best first. */
  readonly answers: readonly { readonly answer: string; readonly probability: number }[];
  /** What the best answer's score is made of: the words in order, the photo, the answer's own start. */
  readonly parts: readonly AnswerPart[];
}

/** A summand of an answer's score. */
export interface AnswerPart {
  readonly name: string;
  readonly kind: "word" | "photo" | "bias";
  readonly contribution: number;
}
