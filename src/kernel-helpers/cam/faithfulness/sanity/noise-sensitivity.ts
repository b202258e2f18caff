import type { Measure } from "../measure.js";

const COPIES = 4;
const REACH = 0.1;

/** How much the map changes with noise that nobody would see. */
export const noiseSensitivity: Measure = {
  name: "noise-sensitivity",
  title: "Change by noise",
  definition: `largest ‖map(x + noise) − map(x)‖ / ‖map(x)‖ over ${COPIES} copies with uniform noise of ±${REACH}, in units of the normalised input`,
  better: "lower",
  range: "0 and up",
  random: "0.5 to 0.8, for it is another map each time",
  citation: "Yeh, Hsieh, Suggala, Inouye, Ravikumar, On the (In)fidelity and Sensitivity of Explanations, 2019",
  value: async (judged) => {
    const random = judged.random("noise");
    let most = 0;
    for (let copy = 0; copy < COPIES; copy++) {
      const input = judged.input.map((value) => value + REACH * (2 * random() - 1));
      const other = await judged.heatOf({ input });
      most = Math.max(most, lengthOf(other.map((value, p) => value - judged.heat[p])) / lengthOf(judged.heat));
    }
    return most;
  },
};

function lengthOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
