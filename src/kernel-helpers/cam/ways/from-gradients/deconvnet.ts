import { largestGradient } from "../pixels.js";
import type { Way } from "../way.js";

/** The network run backwards, with a ReLU on the way back in place of each ReLU's gradient. */
export const deconvnet: Way = {
  name: "deconvnet",
  title: "Deconvnet",
  equation: "max over colours of |∂S_c/∂x|, with ReLU applied to the gradient at each ReLU",
  citation: "Zeiler, Fergus, Visualizing and Understanding Convolutional Networks, 2014",
  grain: "pixels",
  map: largestGradient("deconvolution"),
};
