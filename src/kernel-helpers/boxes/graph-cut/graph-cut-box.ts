import type { HeatMap } from "../../cam/heat-map.js";
import { rangeOf, whyNoRange } from "../../cam/normalise.js";
import { checkHeatMap } from "../../cam/upsample.js";
import type { PreparedImage } from "../../images/input/prepare-image.js";
import { check } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import { type GridMap, placeOnGrid } from "../box-grid.js";
import type { FoundBox, NoBox } from "../box-of.js";
import { connectedComponents } from "../connected-components.js";
import { largestFirst } from "../paper-rule.js";
import { type GraphCutGrid, graphCutMask } from "./graph-cut-mask.js";

/** Options of the rule that cuts the photo by its colours. */
export interface GraphCutOptions {
  readonly rule?: "graph-cut";
  /** Pixels above this quantile of the map are taken to be the thing's; 0.95 unless given. */
  readonly foreground?: number;
  /** Pixels below this quantile of the map are taken to be none of it; 0.3 unless given. */
  readonly background?: number;
}

/** About as many pixels a side are cut: finer borders would cost much and move no box by more than a pixel or two. */
const SIDE = 112;

/**
 * The box of a map by the rule that the paper's reference for backprop has (Simonyan et al. 2014): the map's highest and
 * lowest pixels seed a GraphCut segmentation of the photo by its colours, and the box is that of the largest component.
 * It looks at the photo, which the other rules do not: a sharp border counts even where the map is vague.
 *
 * @param photo the pixels that the network saw, of `prepareImage` with the map's preprocessing
 * @throws CamlabError for quantiles outside 0 … 1 or in the wrong order, and for a map without a placement or of another
 *   input than the photo's
 * @example
 * const photo = await images.prepareImage("street.jpg", network.preprocessing);
 * boxes.graphCutBox(map, photo).box;
 */
export function graphCutBox(map: HeatMap, photo: PreparedImage, options: GraphCutOptions = {}): FoundBox | NoBox {
  checkHeatMap(map);
  const { foreground, background } = checkedSeeds(options);
  const { inputWidth, inputHeight } = photo.placement;
  if (map.placement?.inputWidth !== inputWidth || map.placement.inputHeight !== inputHeight) {
    throw new CamlabError(`the map is not one of a photo on ${inputWidth}×${inputHeight} pixels`);
  }
  const none = (reason: string): NoBox => ({ box: undefined, onGrid: undefined, reason });
  const { min, max } = rangeOf(map.data);
  if (Number.isNaN(max)) return none(`the map has no box: ${whyNoRange(map.data)}`);
  if (min === max) return none("the map has no box: it is the same everywhere");
  const placed = placeOnGrid(map, "input", "bilinear");
  const { width, height } = placed;
  const factor = Math.max(1, Math.round(Math.max(width, height) / SIDE));
  const grid = coarser(placed, photo, factor);
  const mask = graphCutMask(grid, { foreground, background });
  const [found] = largestFirst(connectedComponents(mask, grid.width, grid.height, 8).components);
  if (!found) return none("nothing was cut out of the photo");
  const [x, y] = [found.x * factor, found.y * factor];
  const box = {
    x,
    y,
    width: Math.min(width, (found.x + found.width) * factor) - x,
    height: Math.min(height, (found.y + found.height) * factor) - y,
  };
  return { box: placed.toOriginal(box), onGrid: placed.toWholeGrid(box) };
}

/**
 * The quantiles of the rule.
 *
 * @throws CamlabError as `graphCutBox` does
 */
export function checkedSeeds(options: GraphCutOptions) {
  const {
    rule = "graph-cut",
    foreground = 0.95,
    background = 0.3,
  } = check.known(options, ["rule", "foreground", "background"], "the graph-cut rule");
  check.oneOf("rule", rule, ["graph-cut"]);
  check.number("foreground", foreground, { above: 0, below: 1 });
  check.number("background", background, { above: 0, to: foreground });
  return { foreground, background };
}

/** The mean of each block of pixels, and of the map there. */
function coarser(placed: GridMap, { pixels, placement }: PreparedImage, factor: number): GraphCutGrid {
  const { x: left, y: top } = placed.toWholeGrid({ x: 0, y: 0, width: 1, height: 1 });
  const [width, height] = [Math.ceil(placed.width / factor), Math.ceil(placed.height / factor)];
  const coarse = new Uint8Array(3 * width * height);
  const map = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const sums = [0, 0, 0, 0];
      const [toX, toY] = [Math.min(placed.width, (column + 1) * factor), Math.min(placed.height, (row + 1) * factor)];
      let count = 0;
      for (let y = row * factor; y < toY; y++) {
        for (let x = column * factor; x < toX; x++) {
          const p = 3 * ((top + y) * placement.inputWidth + left + x);
          for (let c = 0; c < 3; c++) sums[c] += pixels[p + c];
          sums[3] += placed.data[y * placed.width + x];
          count++;
        }
      }
      const at = row * width + column;
      for (let c = 0; c < 3; c++) coarse[3 * at + c] = Math.round(sums[c] / count);
      map[at] = sums[3] / count;
    }
  }
  return { width, height, pixels: coarse, map };
}
