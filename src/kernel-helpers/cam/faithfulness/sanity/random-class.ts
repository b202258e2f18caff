import type { Measure } from "../measure.js";
import { rankCorrelation } from "../rank-correlation.js";

/** Whether the map is of this class: another class, drawn by chance, should have another map. */
export const randomClass: Measure = {
  name: "random-class",
  title: "Same for another class",
  definition: "rank correlation of the map with that of another class, drawn by chance",
  better: "lower",
  range: "−1 to 1; 1 where the map does not depend on the class",
  random: "about 0, for it is another map each time: the control is a blob that never changes, at 1",
  citation: "Sixt, Granz, Landgraf, When Explanations Lie, 2020",
  control: "centre",
  value: async (judged) => {
    const classes = judged.seen.logits.length;
    if (classes < 2) return NaN;
    const index = (judged.index + 1 + Math.floor(judged.random("class")() * (classes - 1))) % classes;
    return rankCorrelation(judged.heat, await judged.heatOf({ index }));
  },
};
