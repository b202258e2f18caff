import type { Measure } from "../measure.js";
import { probabilityThroughMap } from "./shown-through.js";

/** Whether the class gains when only the hot part is seen. */
export const averageIncrease: Measure = {
  name: "average-increase",
  title: "Average increase",
  definition: "share of photos whose class becomes more probable when the photo is seen through its map",
  better: "higher",
  range: "0 to 1",
  random: "how often the network gains by half the contrast, unevenly: seldom",
  citation: "Chattopadhyay, Sarkar, Howlader, Balasubramanian, Grad-CAM++, 2018",
  value: async (judged) => Number((await probabilityThroughMap(judged)) > judged.probability),
};
