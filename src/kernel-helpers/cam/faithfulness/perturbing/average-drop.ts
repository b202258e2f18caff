import type { Measure } from "../measure.js";
import { probabilityThroughMap } from "./shown-through.js";

/** What the class loses when only the hot part is seen. */
export const averageDrop: Measure = {
  name: "average-drop",
  title: "Average drop",
  definition: "share of the class's probability that is lost when the photo is seen through its map",
  better: "lower",
  range: "0 to 1",
  random: "what the network loses by half the contrast, unevenly: often most of it",
  citation: "Chattopadhyay, Sarkar, Howlader, Balasubramanian, Grad-CAM++, 2018",
  value: async (judged) => Math.max(0, judged.probability - (await probabilityThroughMap(judged))) / judged.probability,
};
