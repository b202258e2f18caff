import { invalid } from "../../../kernel-helpers/support/errors.js";

/**
 * A colour map. All but `jet` are perceptually uniform or nearly so, and safe for colour-blind readers; `jet` is here
 * because the CAM paper's figures use it. `blue-orange` is diverging: it shows negative evidence too.
 */
export type ColourMapName = "inferno" | "magma" | "plasma" | "viridis" | "cividis" | "jet" | "blue-orange";

/**
 * The colour maps that heat is drawn in; `blue-orange` tells evidence against from evidence for.
 *
 * @example
 * widgets.COLOUR_MAPS.includes("viridis");
 */
export const COLOUR_MAPS: readonly ColourMapName[] = [
  "inferno",
  "magma",
  "plasma",
  "viridis",
  "cividis",
  "jet",
  "blue-orange",
];

/** 256 colours from low to high. */
export interface ColourMap {
  readonly name: ColourMapName;
  /** Low means against, the middle nothing, high for. */
  readonly diverging: boolean;
  /** `256 · 3` bytes: R, G, B, R, G, B, … */
  readonly colours: Uint8Array;
}

/**
 * Looks a colour map up.
 *
 * @throws CamlabError for a name that is not in `COLOUR_MAPS`
 * @example
 * const { colours } = await colourMap("inferno");
 */
export async function colourMap(name: ColourMapName): Promise<ColourMap> {
  if (!COLOUR_MAPS.includes(name)) throw invalid("colourMap", name, COLOUR_MAPS.join(", "));
  const colourAt = name === "jet" ? jet : name === "blue-orange" ? blueOrange : await vegaScheme(name);
  const colours = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) colours.set(colourAt(i / 255), i * 3);
  return { name, diverging: name === "blue-orange", colours };
}

type Rgb = [number, number, number];

async function vegaScheme(name: string): Promise<(t: number) => Rgb> {
  const vega = await import("vega");
  const interpolate = vega.scheme(name) as unknown as (t: number) => string;
  return (t) => {
    const [r, g, b] = interpolate(t).match(/\d+/g)!.map(Number);
    return [r, g, b];
  };
}

/** Three overlapping trapezia, blue to red: the classic rainbow. */
function jet(t: number): Rgb {
  const channel = (centre: number) => 255 * Math.min(1, Math.max(0, 1.5 - Math.abs(4 * t - centre)));
  return [channel(3), channel(2), channel(1)];
}

type Oklab = readonly [lightness: number, a: number, b: number];

/**
 * Light blue through near black to light orange, straight between these colours in Oklab: lightness tells how much,
 * hue tells for or against, and nothing stands back in the dark as it does in the sequential maps.
 */
function blueOrange(t: number): Rgb {
  const [middle, half, end] = t < 0.5 ? [DARK, BLUE, LIGHT_BLUE] : [DARK, ORANGE, LIGHT_ORANGE];
  const reach = Math.abs(t - 0.5) * 4;
  return oklabToRgb(reach < 1 ? between(middle, half, reach) : between(half, end, reach - 1));
}

const DARK: Oklab = [0.12, 0, 0];
const BLUE: Oklab = [0.5, -0.03, -0.13];
const LIGHT_BLUE: Oklab = [0.88, -0.05, -0.06];
const ORANGE: Oklab = [0.5, 0.08, 0.09];
const LIGHT_ORANGE: Oklab = [0.88, 0.03, 0.13];

function between(from: Oklab, to: Oklab, share: number): Oklab {
  const mix = (i: number) => from[i] + (to[i] - from[i]) * share;
  return [mix(0), mix(1), mix(2)];
}

/** Björn Ottosson's Oklab, to 8-bit sRGB. */
function oklabToRgb([lightness, a, b]: Oklab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function encoded(linear: number): number {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.min(1, Math.max(0, value)));
}
