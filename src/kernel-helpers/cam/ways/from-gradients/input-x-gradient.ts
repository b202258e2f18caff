import { overColours, pixelMap, sumOf } from "../pixels.js";
import type { Way } from "../way.js";

/** What each pixel adds to the score, were the network linear. */
export const inputXGradient: Way = {
  name: "input-x-gradient",
  title: "Input × gradient",
  equation: "Σ over colours of x · ∂S_c/∂x",
  citation: "Shrikumar, Greenside, Kundaje, Not Just a Black Box, 2016",
  grain: "pixels",
  total: { as: "sum", without: "the photo" },
  map: async (looking) => {
    const gradient = await looking.network.inputGradients(looking.input, 1);
    return pixelMap(
      looking,
      overColours(
        gradient.map((value, i) => value * looking.input[i]),
        sumOf,
      ),
    );
  },
};
