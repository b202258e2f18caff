import { mean } from "../../support/statistics.js";
import { cam } from "../cam.js";
import type { Judged } from "./judged.js";
import type { Measure } from "./measure.js";

/** How far the map is from adding up to the score that it tells of. A class activation map adds up by definition. */
export const unaccounted: Measure = {
  name: "unaccounted",
  title: "Unaccounted",
  definition:
    "|what the map adds up to − what there is to account for| as a share of the latter: the class score without its " +
    "constant for maps made of feature maps, without the score of a picture of mean colour for maps of pixels",
  better: "lower",
  range: "0 (the whole score) and up; none for a map that claims no total",
  random: "none: it claims no total",
  citation: "Zhou et al., equation 2, 2016; Sundararajan, Taly, Yan (completeness), 2017",
  value: async (judged) => {
    const { way, map, seen, index } = judged;
    if (!way.total) return NaN;
    const total = mean(map.data) * (way.total.as === "mean" ? 1 : map.data.length);
    const wanted =
      way.total.without === "the photo"
        ? await addedByPhoto(judged)
        : mean(cam(seen, index, { activation: "after" }).data);
    return Math.abs(total - wanted) / Math.abs(wanted);
  },
};

/** S_c(x) − S_c(a picture of mean colour). */
function addedByPhoto(judged: Judged): Promise<number> {
  const { seen, index, input, network } = judged;
  return judged.once("added by the photo", async () => {
    const { scores } = await network.answers(new Float32Array(input.length), 1);
    return seen.logits[index] - scores[0];
  });
}
