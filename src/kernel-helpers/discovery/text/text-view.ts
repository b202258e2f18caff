import type { HeatMap } from "../../cam/heat-map.js";
import type { TextAgreement, TextRegion } from "./found-text.js";
import type { TextExample } from "./text-example.js";

/** What a detector saw in a picture. */
export interface TextView extends TextExample, TextRegion {
  /** The decision value: above 0 speaks for text. */
  readonly score: number;
  /** The class activation map of "text", raw, at the resolution of the feature maps. */
  readonly map: HeatMap;
  /** How the map agrees with the words; absent when the network saw none. */
  readonly agreement?: TextAgreement;
}
