import { hasPoint } from "./inside.js";
import type { Measure } from "../measure.js";

/** Whether the hottest place is in the thing. */
export const pointing: Measure = {
  name: "pointing",
  title: "Pointing",
  definition: "share of photos whose hottest pixel lies in a true box of the class",
  better: "higher",
  range: "0 to 1",
  random: "the share of the photo that the boxes cover",
  citation: "Zhang, Bargal, Lin, Brandt, Shen, Sclaroff, Top-Down Neural Attention, 2016",
  needs: "boxes",
  value: ({ order, boxes, size }) => Number(hasPoint(boxes, order[0], size.width)),
};
