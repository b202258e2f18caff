import { ANIMALS } from "./animals.js";
import { bird } from "./bird.js";
import { FURNITURE } from "./furniture.js";
import { GOODS } from "./goods.js";
import { HOUSEHOLD } from "./household.js";
import type { Kind } from "./kind.js";
import { LEISURE } from "./leisure.js";
import { NATURE } from "./nature.js";
import { OUTDOORS } from "./outdoors.js";
import { person } from "./figure.js";
import { VEHICLES } from "./vehicles.js";
import { WALLS } from "./walls.js";

/** Every kind of thing that the world holds. Each is drawn once and is the same wherever it appears. */
export const KINDS = {
  ...FURNITURE,
  ...VEHICLES,
  ...ANIMALS,
  ...GOODS,
  ...HOUSEHOLD,
  ...NATURE,
  ...LEISURE,
  ...OUTDOORS,
  ...WALLS,
  person,
  bird,
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

/** The drawing of a kind. */
export function kindOf(name: KindName): Kind {
  return KINDS[name];
}
