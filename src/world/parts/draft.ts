import { type Random, seededRandom, shuffled } from "../../kernel-helpers/support/random.js";
import type { Placed } from "../description.js";
import { type Kind } from "../things/kind.js";
import { type KindName, kindOf } from "../things/kinds.js";
import { between, happens } from "../pen/chance.js";

/** What a composer starts from. */
export interface Draft {
  /** Names the sequence of pictures that this one belongs to: part, split, seed. */
  readonly stream: string;
  readonly index: number;
  /** Random numbers of this picture alone. */
  readonly random: Random;
}

/**
 * The label of picture `index` when labels are dealt from shuffled decks: any run of as many pictures as there are
 * labels, counted from a multiple of it, holds each label once.
 */
export function dealt<T>(labels: readonly T[], { stream, index }: Draft): T {
  const deck = Math.floor(index / labels.length);
  return shuffled(labels, seededRandom(`${stream} deck ${deck}`))[index % labels.length];
}

/** A seed for something within the picture. */
export function anySeed(random: Random): number {
  return Math.floor(random() * 2 ** 31);
}

/** A thing with everything about it that needs no deciding decided. */
export function thing(
  random: Random,
  kind: KindName,
  place: Partial<Placed> & Pick<Placed, "x" | "y" | "scale">,
): Placed {
  const { lean = 0 }: Kind = kindOf(kind);
  return {
    kind,
    name: displayName(kind),
    flip: happens(random, 0.5),
    lean: lean && between(random, -lean, lean),
    seed: anySeed(random),
    ...place,
  };
}

const NAMES: Partial<Record<KindName, string>> = {
  fishingRod: "fishing rod",
  officeChair: "office chair",
  schoolDesk: "school desk",
  streetLamp: "street lamp",
  trafficLight: "traffic light",
  deckChair: "deck chair",
  house: "building",
  tower: "building",
  signboard: "sign",
};

/** What annotations call a kind. */
export function displayName(kind: KindName): string {
  return NAMES[kind] ?? kind;
}

/** The box of a placed thing before anything hides it; leaning is left out. */
export function extent({ kind, x, y, scale }: Placed): { x: number; y: number; width: number; height: number } {
  const { width, height } = kindOf(kind);
  return { x: x - (width * scale) / 2, y: y - height * scale, width: width * scale, height: height * scale };
}

/** The part of the smaller box that the other covers. */
export function overlap(first: Placed, second: Placed): number {
  const [a, b] = [extent(first), extent(second)];
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / Math.min(a.width * a.height, b.width * b.height);
}
