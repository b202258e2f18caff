// The photo seen through its map: what average drop and average increase share.
import type { Judged } from "../judged.js";

/** The class's probability when each pixel is as visible as the map is hot: 1 at its hottest place, 0 where it does not speak for the class. */
export function probabilityThroughMap(judged: Judged): Promise<number> {
  return judged.once("through the map", async () => {
    const { heat, input, network } = judged;
    const most = heat.reduce((a, b) => Math.max(a, b), 0);
    const seen = input.map((value, i) => (most > 0 ? (value * Math.max(0, heat[i % heat.length])) / most : 0));
    return (await network.answers(seen, 1)).probabilities[0];
  });
}
