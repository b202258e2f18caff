/** What a surface is made of. */
export type Material = keyof typeof MATERIALS;

/** The grain of a surface: how far it changes the brightness, how fine it is across and down, how rounded it looks. */
export interface Grain {
  /** Largest change of brightness, as a part of it. */
  readonly strength: number;
  /** Grains across and down, in units of 1/16 cycles a pixel. */
  readonly across: number;
  readonly down: number;
  /** How strongly its edges are shaded as if it were rounded: 0 flat, 1 round. */
  readonly round: number;
  /** Laid out on a ground that runs away from the viewer to the horizon. */
  readonly receding?: boolean;
}

const MATERIALS = {
  plain: { strength: 0.05, across: 2, down: 2, round: 0.8 },
  smooth: { strength: 0.02, across: 1, down: 1, round: 1 },
  paper: { strength: 0.03, across: 4, down: 4, round: 0.3 },
  plaster: { strength: 0.1, across: 1.4, down: 1.2, round: 0 },
  wood: { strength: 0.24, across: 0.5, down: 7, round: 0.6 },
  woodUpright: { strength: 0.24, across: 7, down: 0.5, round: 0.6 },
  fabric: { strength: 0.14, across: 7, down: 6, round: 0.9 },
  fur: { strength: 0.26, across: 3.2, down: 5, round: 1 },
  feather: { strength: 0.16, across: 5, down: 3, round: 0.9 },
  metal: { strength: 0.07, across: 0.4, down: 3, round: 1 },
  glass: { strength: 0.05, across: 1, down: 0.6, round: 0.6 },
  leaves: { strength: 0.55, across: 4, down: 4, round: 0.7 },
  bark: { strength: 0.4, across: 6, down: 1.2, round: 1 },
  stone: { strength: 0.3, across: 3, down: 3, round: 0.5 },
  sky: { strength: 0.05, across: 0.4, down: 0.8, round: 0 },
  cloud: { strength: 0.1, across: 1, down: 1.6, round: 0 },
  water: { strength: 0.24, across: 0.6, down: 5, round: 0, receding: true },
  sand: { strength: 0.2, across: 5, down: 5, round: 0, receding: true },
  grass: { strength: 0.45, across: 6, down: 3, round: 0, receding: true },
  meadow: { strength: 0.5, across: 5, down: 2.4, round: 0 },
  asphalt: { strength: 0.2, across: 7, down: 7, round: 0, receding: true },
  boards: { strength: 0.26, across: 6, down: 0.6, round: 0, receding: true },
  carpet: { strength: 0.16, across: 8, down: 8, round: 0, receding: true },
  tiles: { strength: 0.08, across: 1.5, down: 1.5, round: 0, receding: true },
  backdrop: { strength: 0.2, across: 0.45, down: 0.4, round: 0 },
} as const satisfies Record<string, Grain>;

/** The grain of a material. */
export function grainOf(material: Material): Grain {
  return MATERIALS[material];
}
