import { cam } from "../../cam.js";
import type { Way } from "../way.js";

/** The class activation map: the score itself, summed in another order. */
export const classActivation: Way = {
  name: "cam",
  title: "CAM",
  equation: "Σ_k w_k^c f_k(x, y)",
  citation: "Zhou, Khosla, Lapedriza, Oliva, Torralba, Learning Deep Features for Discriminative Localization, 2016",
  grain: "regions",
  ofLastMaps: true,
  total: { as: "mean", without: "the maps" },
  map: ({ seen, index }) => cam(seen, index),
};
