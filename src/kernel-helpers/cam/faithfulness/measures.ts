import type { Measure } from "./measure.js";
import { averageDrop } from "./perturbing/average-drop.js";
import { averageIncrease } from "./perturbing/average-increase.js";
import { deletion } from "./perturbing/deletion.js";
import { insertion } from "./perturbing/insertion.js";
import { pixelFlipping } from "./perturbing/pixel-flipping.js";
import { road } from "./perturbing/road.js";
import { noiseSensitivity } from "./sanity/noise-sensitivity.js";
import { randomClass } from "./sanity/random-class.js";
import { randomWeights } from "./sanity/random-weights.js";
import { sparseness } from "./sparseness.js";
import { pointing } from "./truth/pointing.js";
import { relevanceMass } from "./truth/relevance-mass.js";
import { relevanceRank } from "./truth/relevance-rank.js";
import { unaccounted } from "./unaccounted.js";

/**
 * All measures of a map: whether it adds up to the score, whether the network misses what it shows, whether it depends on
 * the class and on what was learned, and whether it is where the thing is.
 *
 * @example
 * boxes.MEASURES.map(({ title, definition, better }) => `${title} (${better} is better): ${definition}`);
 */
export const MEASURES: readonly Measure[] = [
  unaccounted,
  deletion,
  insertion,
  pixelFlipping,
  averageDrop,
  averageIncrease,
  road,
  randomClass,
  randomWeights,
  noiseSensitivity,
  sparseness,
  pointing,
  relevanceMass,
  relevanceRank,
];
