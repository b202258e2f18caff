import type { Measure } from "../measure.js";
import { areaBelow, deletionCurve } from "./curve.js";

/** How much of the score is left, on average, while the hottest pixels go first. */
export const pixelFlipping: Measure = {
  name: "pixel-flipping",
  title: "Pixel flipping",
  definition: "area below S_c while pixels become the mean colour, hottest first, as a share of the photo's |S_c|",
  better: "lower",
  range: "mostly 0 to 1; negative where S_c turns negative",
  random: "the area that a random order gives, which depends on the network",
  citation: "Bach, Binder, Montavon, Klauschen, Müller, Samek, On Pixel-Wise Explanations, 2015",
  value: async (judged) => {
    const { scores } = await deletionCurve(judged);
    return areaBelow(scores) / Math.abs(scores[0]);
  },
};
