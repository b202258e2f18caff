import { hasPoint } from "./inside.js";
import type { Measure } from "../measure.js";

/** How much of the heat lies in the thing. */
export const relevanceMass: Measure = {
  name: "relevance-mass",
  title: "Heat in the box",
  definition: "share of the map's positive heat that lies in true boxes of the class",
  better: "higher",
  range: "0 to 1",
  random: "the share of the photo that the boxes cover",
  citation: "Arras, Osman, Samek, CLEVR-XAI, 2022",
  needs: "boxes",
  value: ({ heat, boxes, size }) => {
    let [all, within] = [0, 0];
    heat.forEach((value, p) => {
      const positive = Math.max(0, value);
      all += positive;
      if (hasPoint(boxes, p, size.width)) within += positive;
    });
    return within / all;
  },
};
