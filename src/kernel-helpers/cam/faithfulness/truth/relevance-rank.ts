import { hasPoint } from "./inside.js";
import type { Measure } from "../measure.js";

/** How many of the hottest pixels lie in the thing, as many as it has. */
export const relevanceRank: Measure = {
  name: "relevance-rank",
  title: "Hottest in the box",
  definition: "share of the K hottest pixels that lie in true boxes of the class, K the pixels of those boxes",
  better: "higher",
  range: "0 to 1",
  random: "the share of the photo that the boxes cover",
  citation: "Arras, Osman, Samek, CLEVR-XAI, 2022",
  needs: "boxes",
  value: ({ order, boxes, size }) => {
    let area = 0;
    for (let p = 0; p < order.length; p++) area += Number(hasPoint(boxes, p, size.width));
    let hits = 0;
    for (let i = 0; i < area; i++) hits += Number(hasPoint(boxes, order[i], size.width));
    return hits / area;
  },
};
