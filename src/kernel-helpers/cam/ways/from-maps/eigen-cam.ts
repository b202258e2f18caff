import type { FeatureMaps } from "../../../networks/seen.js";
import { mean } from "../../../support/statistics.js";
import { addScaled } from "../../../support/vectors.js";
import type { Way } from "../way.js";

const ROUNDS = 200;

/**
 * Where the maps vary most, whatever the class: their first principal component, each map less its mean. Its sign, which
 * the decomposition leaves open, is that in which the component goes with the maps' sum.
 */
export const eigenCam: Way = {
  name: "eigen-cam",
  title: "Eigen-CAM",
  equation: "max(0, (f(x, y) − mean f) · v), with v the first principal direction of the maps",
  citation: "Muhammad, Yeasin, Eigen-CAM, 2020",
  grain: "regions",
  ofLastMaps: true,
  map: ({ seen }) => {
    const { width, height } = seen.featureMaps;
    const data = Float32Array.from(firstComponent(seen.featureMaps), (value) => Math.max(0, value));
    return { width, height, data, placement: seen.placement };
  },
};

/** The projection of each place on the first principal direction, by power iteration over the places. */
export function firstComponent({ channels, width, height, data }: FeatureMaps): Float64Array {
  const area = width * height;
  const maps = Array.from({ length: channels }, (_, k) => centred(data.subarray(k * area, (k + 1) * area)));
  const totals = new Float64Array(area);
  for (const map of maps) addScaled(totals, map, 1);
  // Places × places, so that the size of a step does not grow with the number of maps.
  const gram = Array.from(totals, (_, p) => {
    const row = new Float64Array(area);
    for (const map of maps) addScaled(row, map, map[p]);
    return row;
  });
  // From the maps' sum on, no step turns the vector against it: the matrix is positive semidefinite.
  let vector = totals.some((value) => value !== 0) ? totals : totals.map((_, p) => p + 1);
  let scale = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(area);
    gram.forEach((row, p) => addScaled(next, row, vector[p]));
    scale = Math.hypot(...next);
    if (scale === 0) return next;
    const turned = next.map((value) => value / scale);
    const moved = Math.hypot(...turned.map((value, p) => value - vector[p]));
    vector = turned;
    if (moved < 1e-10) break;
  }
  return vector.map((value) => value * Math.sqrt(scale));
}

function centred(map: Float32Array): Float64Array {
  const middle = mean(map);
  return Float64Array.from(map, (value) => value - middle);
}
