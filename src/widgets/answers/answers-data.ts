import type { Box } from "../../kernel-helpers/images/box.js";
import type { MappedPhotos } from "../kit/sheet/mapped-photos.js";

/** Everything that a view of answered questions shows, as plain data. */
export interface AnswersData extends MappedPhotos {
  readonly rows: readonly AnswersRow[];
}

/** A question of a photo, answered. */
export interface AnswersRow {
  readonly question: string;
  /** What a person should know: unknown words, say. */
  readonly note?: string;
  readonly photo: {
    readonly name: string;
    /** The photo and the same in muted colours, as data URIs. */
    readonly uri: string;
    readonly mutedUri: string;
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
