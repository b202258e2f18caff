import type { Random } from "../../kernel-helpers/support/random.js";

/** A number in [low, high). */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}

/** A whole number from low to high, both possible. */
export function whole(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** One of the items. */
export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)];
}

/** True with that probability. */
export function happens(random: Random, probability: number): boolean {
  return random() < probability;
}

/** Several different items, in random order. */
export function pickSome<T>(random: Random, items: readonly T[], count: number): T[] {
  const rest = [...items];
  const chosen: T[] = [];
  while (chosen.length < count && rest.length) chosen.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return chosen;
}
