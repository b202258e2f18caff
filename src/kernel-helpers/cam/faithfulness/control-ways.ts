// Maps that know nothing of the photo: what a number has to be compared with.
import type { HeatMap } from "../heat-map.js";
import type { Looking, Way } from "../ways/way.js";

/** A map of the size of the feature maps, each place by chance. */
export const randomMap: Way = {
  name: "random",
  title: "Random map",
  equation: "uniform between 0 and 1 at each place of the feature maps",
  citation: "a control",
  grain: "regions",
  map: (looking) => mapOf(looking, () => looking.random()),
};

/** A Gaussian blob in the middle of the photo: what most photographers do. */
export const centredBlob: Way = {
  name: "centre",
  title: "Centred blob",
  equation: "exp(−d² / (2 · 0.25²)), d the distance from the middle in sides of the input",
  citation: "a control",
  grain: "regions",
  map: (looking) => mapOf(looking, (x, y) => Math.exp(-((x - 0.5) ** 2 + (y - 0.5) ** 2) / (2 * 0.25 ** 2))),
};

function mapOf({ seen }: Looking, valueAt: (x: number, y: number) => number): HeatMap {
  const { width, height } = seen.featureMaps;
  const data = Float32Array.from({ length: width * height }, (_, p) =>
    valueAt(((p % width) + 0.5) / width, (Math.floor(p / width) + 0.5) / height),
  );
  return { width, height, data, placement: seen.placement };
}
