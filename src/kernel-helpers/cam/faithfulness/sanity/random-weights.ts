import { mean } from "../../../support/statistics.js";
import type { Measure } from "../measure.js";
import { rankCorrelation } from "../rank-correlation.js";

/** Whether the map depends on what the network learned: one with weights dealt anew should have another map. */
export const randomWeights: Measure = {
  name: "random-weights",
  title: "Same for random weights",
  definition:
    "rank correlation of the map with that of the network after its weights were dealt anew within each tensor: of the " +
    "classifier, of the upper half too, of all; mean of the three",
  better: "lower",
  range: "−1 to 1; 1 where the map does not depend on the weights",
  random: "about 0, for it is another map each time: the control is a blob that never changes, at 1",
  citation: "Adebayo, Gilmer, Muelly, Goodfellow, Hardt, Kim, Sanity Checks for Saliency Maps, 2018",
  control: "centre",
  value: async (judged) => {
    const alike: number[] = [];
    for (const network of await judged.randomised()) {
      const value = rankCorrelation(judged.heat, await judged.heatOf({ network }));
      // A network of random weights may give a map without a single hot place: nothing of the first is left in it.
      alike.push(Number.isNaN(value) ? 0 : value);
    }
    return mean(alike);
  },
};
