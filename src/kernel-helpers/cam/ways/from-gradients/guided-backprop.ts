import { largestGradient } from "../pixels.js";
import type { Way } from "../way.js";

/**
 * The gradient, of which each ReLU lets pass only what is positive. A sharp picture, but hardly one of the class: it
 * changes little when the class or the weights do (Adebayo et al., 2018).
 */
export const guidedBackprop: Way = {
  name: "guided-backprop",
  title: "Guided backprop",
  equation: "max over colours of |∂S_c/∂x|, negative gradients stopped at each ReLU",
  citation: "Springenberg, Dosovitskiy, Brox, Riedmiller, Striving for Simplicity, 2015",
  grain: "pixels",
  map: largestGradient("guided"),
};
