import { invalid } from "../kernel-helpers/support/errors.js";

/**
 * A colour map. All but `jet` are perceptually uniform or nearly so, and safe for colour-blind readers; `jet` is here
 * because the CAM paper's figures use it. `blue-orange` is diverging: it shows negative evidence too.
 */
export type ColourMapName = "inferno" | "magma" | "plasma" | "viridis" | "cividis" | "jet" | "blue-orange";

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
  const colourAt = name === "jet" ? jet : await vegaScheme(name.replace("-", ""));
  const colours = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) colours.set(colourAt(i / 255), i * 3);
  return { name, diverging: name === "blue-orange", colours };
}

/** One colour of the map as `#rrggbb`; `t` from 0 to 1. */
export function hexColour({ colours }: ColourMap, t: number): string {
  const at = Math.round(Math.min(1, Math.max(0, t)) * 255) * 3;
  return `#${Buffer.from(colours.subarray(at, at + 3)).toString("hex")}`;
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
