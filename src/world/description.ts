import type { ColourName } from "./pen/colour.js";
import type { Film } from "./pen/finish.js";
import type { KindName } from "./things/kinds.js";

/** A thing in a picture, before it is drawn: plain data. */
export interface Placed {
  /** Its name within the description, for relations; unique there. */
  readonly key?: string;
  readonly kind: KindName;
  /** What annotations call it. */
  readonly name: string;
  /** Where its foot stands, pixels. */
  readonly x: number;
  readonly y: number;
  /** Pixels a local unit. */
  readonly scale: number;
  readonly flip?: boolean;
  /** Degrees clockwise around its middle. */
  readonly lean?: number;
  readonly colour?: ColourName;
  /** The posture of a figure, the species of a bird. */
  readonly pose?: string;
  /** A soft patch on the ground under it. */
  readonly shadow?: boolean;
  readonly seed: number;
}

/** Letters on a surface. */
export interface Lettering {
  readonly text: string;
  /** Outlines of the letters, in pixels of the picture. */
  readonly path: string;
  readonly colour: readonly [number, number, number];
  /** Four corners clockwise from the top left: x, y, x, y, … */
  readonly polygon: readonly number[];
}

/** A flat panel: a sign, a shop front, a plate; it may carry letters or what only looks like letters. */
export interface Panel {
  readonly key?: string;
  readonly name: string;
  /** Outline in pixels of the picture. */
  readonly path: string;
  readonly colour: readonly [number, number, number];
  readonly rim?: readonly [number, number, number];
  readonly words: readonly Lettering[];
  /** Marks that are no letters: stripes, dots, arrows. */
  readonly marks: readonly { readonly path: string; readonly colour: readonly [number, number, number] }[];
}

export type BackdropKind = "room" | "land" | "shore" | "street" | "surface" | "thicket" | "facade";

/** What lies behind everything. */
export interface Backdrop {
  readonly kind: BackdropKind;
  readonly seed: number;
  /** The row where floor and wall, or ground and sky, meet. */
  readonly horizon: number;
  /** What the ground is made of, when the kind leaves a choice. */
  readonly ground?: "grass" | "sand" | "asphalt" | "boards" | "tiles" | "carpet" | "paving";
  /** How busy it is, 0–1. */
  readonly busy?: number;
}

/** Something a caption says, and the keys of the things that it speaks of. */
export interface Phrase {
  readonly text: string;
  readonly keys: readonly string[];
}

/** A whole picture as data: draw it and you have the pixels and the truth about them. */
export interface Description {
  readonly backdrop: Backdrop;
  /** From back to front. */
  readonly things: readonly (Placed | Panel)[];
  readonly film: Film;
  /** Image-level labels: the classes that are present, or the one category. */
  readonly labels: readonly string[];
  readonly captions: readonly string[];
  readonly phrases: readonly Phrase[];
  readonly questions: readonly Question[];
  /** Which of two populations a picture belongs to, where a part has such ("trap"). */
  readonly group?: string;
}

/** A question, its answers as ten people would give them, and the keys of the things that hold the evidence. */
export interface Question extends Phrase {
  readonly type: string;
  readonly answer: string;
  readonly answers: readonly string[];
}
