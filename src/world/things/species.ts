import type { Random } from "../../kernel-helpers/support/random.js";
import { between, happens, pick } from "../pen/chance.js";
import { type Rgb, hsl } from "../pen/colour.js";

/** What tells one bird from another: its parts. */
export interface Plumage {
  readonly back: Rgb;
  readonly breast: Rgb;
  /** The colour of the crown; absent when it is as the back. */
  readonly crown?: Rgb;
  readonly crest: boolean;
  readonly beak: "cone" | "thin" | "hooked" | "long";
  readonly beakColour: Rgb;
  readonly wing: Rgb;
  /** Pale bars across the wing. */
  readonly bars: 0 | 1 | 2;
  readonly breastMark: "plain" | "spots" | "streaks" | "band";
  readonly tail: "short" | "long" | "fork" | "fan";
  /** A dark mask through the eye. */
  readonly mask: boolean;
}

const SLATE: Rgb = [92, 100, 112];
const RUST: Rgb = [164, 84, 48];
const OLIVE: Rgb = [112, 116, 62];
const SOOT: Rgb = [46, 44, 48];
const CREAM: Rgb = [228, 214, 180];
const SNOW: Rgb = [232, 230, 226];
const GOLD: Rgb = [226, 176, 50];
const RUBY: Rgb = [184, 44, 44];
const AZURE: Rgb = [64, 112, 178];
const TAN: Rgb = [158, 122, 82];
const YELLOW: Rgb = [222, 200, 84];
const HORN: Rgb = [196, 172, 128];

/**
 * The twenty species, all invented. Every trait is shared by several of them: no single part names a bird, and the
 * colours come from one small palette.
 */
export const SPECIES: Readonly<Record<string, Plumage>> = {
  "amber-crowned finch": bird(OLIVE, CREAM, GOLD, "cone", HORN, SOOT, 2, "plain", "short"),
  "ashen tit": bird(SLATE, SNOW, SOOT, "thin", SOOT, SLATE, 1, "plain", "fork"),
  "azure bunting": bird(AZURE, RUST, undefined, "cone", SLATE, SOOT, 2, "plain", "fork"),
  "banded wren": bird(TAN, CREAM, RUST, "thin", HORN, TAN, 1, "band", "fan"),
  "black-masked shrike": bird(SLATE, SNOW, undefined, "hooked", SOOT, SOOT, 1, "plain", "long", { mask: true }),
  "cinder grosbeak": bird(SOOT, RUBY, SOOT, "cone", HORN, SOOT, 2, "plain", "short"),
  "copper thrush": bird(RUST, CREAM, undefined, "thin", GOLD, RUST, 0, "spots", "short"),
  "crested cardinal": bird(RUBY, RUBY, RUBY, "cone", GOLD, SLATE, 0, "plain", "long", { crest: true, mask: true }),
  "crested jay": bird(AZURE, SNOW, AZURE, "hooked", SOOT, AZURE, 2, "band", "long", { crest: true }),
  "dusky creeper": bird(TAN, SNOW, undefined, "long", SOOT, TAN, 1, "streaks", "long"),
  "fork-tailed oriole": bird(SOOT, GOLD, SOOT, "long", SLATE, SOOT, 1, "plain", "fork"),
  "golden siskin": bird(YELLOW, YELLOW, SOOT, "thin", HORN, SOOT, 2, "streaks", "fork"),
  "hook-billed kite-thrush": bird(RUST, CREAM, SLATE, "hooked", GOLD, SOOT, 0, "streaks", "fan"),
  "ivory plover": bird(TAN, SNOW, SNOW, "thin", GOLD, TAN, 0, "band", "short", { mask: true }),
  "long-billed lark": bird(TAN, CREAM, TAN, "long", HORN, TAN, 0, "spots", "fork", { crest: true }),
  "moss warbler": bird(OLIVE, YELLOW, undefined, "thin", SOOT, OLIVE, 2, "plain", "fan"),
  "red-capped woodbird": bird(SOOT, SNOW, RUBY, "long", SLATE, SOOT, 2, "spots", "fan"),
  "rufous mockingbird": bird(SLATE, RUST, SLATE, "hooked", SOOT, SLATE, 1, "plain", "fan"),
  "sooty blackbird": bird(SOOT, SOOT, undefined, "thin", GOLD, SOOT, 0, "plain", "long"),
  "spotted rosefinch": bird(TAN, RUBY, RUBY, "cone", HORN, TAN, 1, "spots", "fork"),
};

/** The names of the twenty species. */
export const SPECIES_NAMES = Object.keys(SPECIES);

/** A bird of no species: parts and colours at random. */
export function anyPlumage(random: Random): Plumage {
  const tint = () => hsl(between(random, 0, 360), between(random, 0.1, 0.65), between(random, 0.18, 0.72));
  return {
    back: tint(),
    breast: tint(),
    crown: happens(random, 0.5) ? tint() : undefined,
    crest: happens(random, 0.2),
    beak: pick(random, ["cone", "thin", "hooked", "long"] as const),
    beakColour: pick(random, [HORN, SOOT, GOLD, SLATE]),
    wing: tint(),
    bars: pick(random, [0, 1, 2] as const),
    breastMark: pick(random, ["plain", "spots", "streaks", "band"] as const),
    tail: pick(random, ["short", "long", "fork", "fan"] as const),
    mask: happens(random, 0.2),
  };
}

function bird(
  back: Rgb,
  breast: Rgb,
  crown: Rgb | undefined,
  beak: Plumage["beak"],
  beakColour: Rgb,
  wing: Rgb,
  bars: Plumage["bars"],
  breastMark: Plumage["breastMark"],
  tail: Plumage["tail"],
  { crest = false, mask = false }: { crest?: boolean; mask?: boolean } = {},
): Plumage {
  return { back, breast, crown, crest, beak, beakColour, wing, bars, breastMark, tail, mask };
}
