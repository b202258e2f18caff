import { largestGradient } from "../pixels.js";
import type { Way } from "../way.js";

/** How much the score would change with each pixel, whatever the direction. */
export const saliency: Way = {
  name: "saliency",
  title: "Saliency",
  equation: "max over colours of |∂S_c/∂x|",
  citation: "Simonyan, Vedaldi, Zisserman, Deep Inside Convolutional Networks, 2014",
  grain: "pixels",
  map: largestGradient(),
};
