import { check } from "../../../kernel-helpers/support/check.js";
import { HEAT_STYLE } from "../sheet/heat-panel.js";
import { COLOUR_MAPS, type ColourMapName } from "./colour-map.js";

/** How maps are laid over photos. */
export interface HeatOptions {
  /** `inferno` unless given; `blue-orange` shows negative evidence too. */
  readonly colourMap?: ColourMapName;
  /** How strongly the maps are laid over the photos, 0–1; 0.65 unless given. */
  readonly opacity?: number;
  /** How much darker the photos are under the maps, 0–1; 0.3 unless given. */
  readonly dimming?: number;
}

/** The names of `HeatOptions`. */
export const HEAT_OPTIONS = ["colourMap", "opacity", "dimming"] as const;

/**
 * These options with what they are unless given.
 *
 * @throws CamlabError for one outside its range
 */
export function heatOptions({
  colourMap = "inferno",
  opacity = HEAT_STYLE.opacity,
  dimming = HEAT_STYLE.dimming,
}: HeatOptions): Required<HeatOptions> {
  check.oneOf("colourMap", colourMap, COLOUR_MAPS);
  check.share("opacity", opacity);
  check.share("dimming", dimming);
  return { colourMap, opacity, dimming };
}
