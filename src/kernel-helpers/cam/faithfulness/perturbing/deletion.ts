import type { Measure } from "../measure.js";
import { areaBelow, deletionCurve } from "./curve.js";

/** How fast the class is lost when the hottest pixels go first. */
export const deletion: Measure = {
  name: "deletion",
  title: "Deletion",
  definition: "area below the class's probability while pixels become the mean colour, hottest first",
  better: "lower",
  range: "0 to 1",
  random: "the area that a random order gives, which depends on the network: seldom the middle of the range",
  citation: "Petsiuk, Das, Saenko, RISE, 2018",
  value: async (judged) => areaBelow((await deletionCurve(judged)).probabilities),
};
