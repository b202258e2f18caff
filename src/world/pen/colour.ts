import type { Random } from "../../kernel-helpers/support/random.js";
import { between } from "./chance.js";

/** Red, green, blue, 0–255. */
export type Rgb = readonly [number, number, number];

/** The colours that have a name in captions and answers. Every family of things draws from this one palette. */
const NAMED_COLOURS = {
  red: [196, 48, 44],
  orange: [228, 126, 42],
  yellow: [232, 196, 64],
  green: [76, 146, 74],
  blue: [54, 98, 178],
  purple: [124, 76, 152],
  pink: [226, 138, 164],
  brown: [124, 80, 46],
  black: [42, 40, 44],
  white: [232, 230, 224],
  grey: [138, 138, 142],
} as const satisfies Record<string, Rgb>;

export type ColourName = keyof typeof NAMED_COLOURS;

export const COLOUR_NAMES = Object.keys(NAMED_COLOURS) as ColourName[];

/** Coats that animals wear. */
export const COAT_NAMES = ["brown", "black", "white", "grey", "orange"] as const satisfies readonly ColourName[];

/** A colour of that name, never twice exactly the same. */
export function namedColour(name: ColourName, random: Random): Rgb {
  const light = between(random, -14, 14);
  const [red, green, blue] = NAMED_COLOURS[name];
  const wobble = () => light + between(random, -8, 8);
  return [clamp(red + wobble()), clamp(green + wobble()), clamp(blue + wobble())];
}

/** The colour moved towards white (`amount` > 0, up to 1) or black (`amount` < 0, down to −1). */
export function shade([red, green, blue]: Rgb, amount: number): Rgb {
  const goal = amount > 0 ? 255 : 0;
  const part = Math.abs(amount);
  return [red + (goal - red) * part, green + (goal - green) * part, blue + (goal - blue) * part];
}

/** Between two colours: `part` 0 is the first, 1 the second. */
export function mix(first: Rgb, second: Rgb, part: number): Rgb {
  return [0, 1, 2].map((i) => first[i] + (second[i] - first[i]) * part) as unknown as Rgb;
}

/** Hue 0–360, saturation and lightness 0–1. */
export function hsl(hue: number, saturation: number, lightness: number): Rgb {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n: number) => {
    const k = (n + (((hue % 360) + 360) % 360) / 30) % 12;
    return 255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}

/** Brightness as the eye weighs it, 0–255. */
export function brightness([red, green, blue]: Rgb): number {
  return 0.3 * red + 0.59 * green + 0.11 * blue;
}

/** `#rrggbb`. */
export function hex(colour: Rgb): string {
  return `#${colour.map((value) => clamp(Math.round(value)).toString(16).padStart(2, "0")).join("")}`;
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, value));
}
