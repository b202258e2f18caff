import { seededRandom } from "../../support/random.js";
import { quantile } from "../../support/statistics.js";
import { ColourMixture } from "./colour-mixture.js";
import { minimumCut, STEPS } from "./minimum-cut.js";

/** A picture and a map on the same grid. */
export interface GraphCutGrid {
  readonly width: number;
  readonly height: number;
  /** RGB, interleaved: `3 · width · height` bytes. */
  readonly pixels: Uint8Array;
  /** `width · height` values; NaN where nothing was seen. */
  readonly map: Float32Array;
}

/** Which pixels are taken to show the thing, and which not, before anything is cut. */
export interface GraphCutSeeds {
  /** Pixels at or above this quantile of the map are the thing's. */
  readonly foreground: number;
  /** Pixels at or below this quantile are not. */
  readonly background: number;
}

/** As GrabCut has them: distributions a side, and how much an edge between pixels of one colour costs. */
const PARTS = 5;
const SMOOTHNESS = 50;

/**
 * The pixels of the thing, by GraphCut colour segmentation (Boykov and Jolly 2001) seeded by a map, as Simonyan et al.
 * 2014 take it: colours of the highest pixels of the map make one mixture, those of the lowest another, and the cut gives
 * each other pixel the side whose colours are likelier, at the least length of border through pixels that are alike.
 *
 * @returns 1 for pixels of the thing; none where the map does not tell places apart
 */
export function graphCutMask(grid: GraphCutGrid, { foreground, background }: GraphCutSeeds): Uint8Array {
  const { width, height, pixels, map } = grid;
  const sorted = map.filter((value) => !Number.isNaN(value)).sort();
  const [high, low] = [quantile(sorted, foreground), quantile(sorted, background)];
  const inside = placesOf(map, (value) => value >= high && value > low);
  const outside = placesOf(map, (value) => value <= low || Number.isNaN(value));
  if (inside.length === 0 || outside.length === 0) return new Uint8Array(map.length);
  const random = seededRandom("graph cut");
  const thing = ColourMixture.fit(pixels, inside, PARTS, random);
  const rest = ColourMixture.fit(pixels, outside, PARTS, random);
  const terminals = Float64Array.from(map, (_, p) => rest.cost(pixels, p) - thing.cost(pixels, p));
  // More than all links of a pixel hold: a seed never changes sides.
  const fixed = 9 * SMOOTHNESS * STEPS.length;
  for (const p of inside) terminals[p] = fixed;
  for (const p of outside) terminals[p] = -fixed;
  return minimumCut(width, height, terminals, smoothnessOf(grid));
}

function placesOf(map: Float32Array, isOne: (value: number) => boolean): Int32Array {
  return Int32Array.from([...map.keys()].filter((p) => isOne(map[p])));
}

/** What it costs to part neighbours: less the more they differ, measured by how much neighbours differ on the whole. */
function smoothnessOf({ width, height, pixels }: GraphCutGrid): Float64Array {
  const links = new Float64Array(STEPS.length * width * height);
  let [sum, count] = [0, 0];
  const each = (onLink: (link: number, difference: number, length: number) => void) => {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let step = 0; step < STEPS.length; step++) {
          const [dx, dy] = STEPS[step];
          if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) continue;
          const [a, b] = [3 * (y * width + x), 3 * ((y + dy) * width + x + dx)];
          const difference =
            (pixels[a] - pixels[b]) ** 2 + (pixels[a + 1] - pixels[b + 1]) ** 2 + (pixels[a + 2] - pixels[b + 2]) ** 2;
          onLink(STEPS.length * (y * width + x) + step, difference, Math.hypot(dx, dy));
        }
      }
    }
  };
  each((_, difference) => {
    sum += difference;
    count += 1;
  });
  const beta = sum > 0 ? count / (2 * sum) : 0;
  each((link, difference, length) => {
    links[link] = (SMOOTHNESS / length) * Math.exp(-beta * difference);
  });
  return links;
}
