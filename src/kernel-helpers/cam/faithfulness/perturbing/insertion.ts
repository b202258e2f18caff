import type { Measure } from "../measure.js";
import { blurred } from "./blurred.js";
import { areaBelow, perturbationCurve } from "./curve.js";

/** How fast the class is found when the hottest pixels come first. */
export const insertion: Measure = {
  name: "insertion",
  title: "Insertion",
  definition: "area below the class's probability while a blurred photo becomes sharp, hottest pixels first",
  better: "higher",
  range: "0 to 1",
  random: "the area that a random order gives, which depends on the network: seldom the middle of the range",
  citation: "Petsiuk, Das, Saenko, RISE, 2018",
  value: async (judged) => {
    const { input, size } = judged;
    const { probabilities } = await perturbationCurve(judged, blurred(input, size), input);
    return areaBelow(probabilities);
  },
};
