import type { FeatureMaps } from "../../../networks/seen.js";
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
  map: ({ seen }) => {
    const { width, height } = seen.featureMaps;
    const data = Float32Array.from(firstComponent(seen.featureMaps), (value) => Math.max(0, value));
    return { width, height, data, placement: seen.placement };
  },
};

/** The projection of each place on the first principal direction, by power iteration over the places. */
export function firstComponent({ channels, width, height, data }: FeatureMaps): Float64Array {
  const area = width * height;
  const centred = new Float64Array(data.length);
  for (let k = 0; k < channels; k++) {
    let mean = 0;
    for (let p = 0; p < area; p++) mean += data[k * area + p] / area;
    for (let p = 0; p < area; p++) centred[k * area + p] = data[k * area + p] - mean;
  }
  // Places × places, so that the size of a step does not grow with the number of maps.
  const gram = new Float64Array(area * area);
  for (let k = 0; k < channels; k++) {
    for (let p = 0; p < area; p++) {
      const value = centred[k * area + p];
      if (value !== 0) for (let q = 0; q < area; q++) gram[p * area + q] += value * centred[k * area + q];
    }
  }
  const totals = Float64Array.from({ length: area }, (_, p) => {
    let total = 0;
    for (let k = 0; k < channels; k++) total += centred[k * area + p];
    return total;
  });
  // From the maps' sum on, no step turns the vector against it: the matrix is positive semidefinite.
  let vector = totals.some((value) => value !== 0)
    ? totals.slice()
    : Float64Array.from({ length: area }, (_, p) => p + 1);
  let scale = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(area);
    for (let p = 0; p < area; p++) for (let q = 0; q < area; q++) next[p] += gram[p * area + q] * vector[q];
    scale = Math.hypot(...next);
    if (scale === 0) return new Float64Array(area);
    const turned = next.map((value) => value / scale);
    const moved = Math.hypot(...turned.map((value, p) => value - vector[p]));
    vector = turned;
    if (moved < 1e-10) break;
  }
  return vector.map((value) => value * Math.sqrt(scale));
}
