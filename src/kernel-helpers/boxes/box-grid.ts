import type { HeatMap } from "../cam/heat-map.js";
import { type AxisSampling, type Upsampling, resample } from "../cam/resample.js";
import type { Box } from "../images/box.js";
import { toImage } from "../images/input/placement.js";
import type { Placement } from "../images/input/preprocessing.js";
import { CamlabError } from "../support/errors.js";
import { StretchedMap } from "./stretched-map.js";

/**
 * The pixels that a box is found on.
 *
 * - `input`: the network's input, where the paper's rule is usually applied.
 * - `map`: the map as it is.
 * - `image`: the original photo's own pixels; as large as the photo, so costly for a large one.
 */
export type BoxGrid = "input" | "map" | "image";

/** A map resampled onto a grid, cut to the part of the grid that shows the photo. */
export interface GridMap {
  readonly width: number;
  readonly height: number;
  /** `width · height` values, made when they are first asked for. */
  readonly data: Float32Array;
  /** What can be told of them without making them, for a map that is stretched bilinearly and was seen everywhere. */
  readonly stretched?: StretchedMap;
  /** A box of the cut, in pixels of the whole grid. */
  toWholeGrid(box: Box): Box;
  /** A box of the cut, in pixels of the original photo: exactly where its edges fall, clamped to what was looked at. */
  toOriginal(box: Box): Box;
}

/**
 * Resamples a map onto a grid. Grid pixels whose centre shows none of the photo, or of the region that was looked at
 * (the margin of a contained photo), are cut off. A map without a placement is its own grid and its own photo.
 *
 * @throws CamlabError when the grid needs a placement that the map lacks, or no grid pixel shows the photo
 */
export function placeOnGrid(map: HeatMap, grid: BoxGrid, upsampling: Upsampling): GridMap {
  const { placement } = map;
  if (!placement) {
    if (grid === "map") return { ...map, toWholeGrid: (box) => box, toOriginal: (box) => box };
    throw new CamlabError(`the map has no placement on a photo, so it has no ${grid} grid: use grid "map"`);
  }
  const columns = gridAxis(grid, map.width, columnsOf(placement));
  const rows = gridAxis(grid, map.height, rowsOf(placement));
  const [width, height] = [columns.sampling.size, rows.sampling.size];
  if (width < 1 || height < 1)
    throw new CamlabError(`no pixel of the ${grid} grid shows the photo: check the placement`);
  const asItIs = isWhole(columns, map.width) && isWhole(rows, map.height);
  const onto = [map.data, map.width, map.height, columns.sampling, rows.sampling] as const;
  const isPlain = !asItIs && upsampling === "bilinear" && !map.data.some(Number.isNaN);
  let data = asItIs ? map.data : undefined;
  const toWholeGrid = (box: Box) => ({ ...box, x: box.x + columns.first, y: box.y + rows.first });
  const toOriginal = (box: Box) => {
    const onGrid = toWholeGrid(box);
    return grid === "image" ? onGrid : settled(toImage(placement, inInput(onGrid, columns, rows), { clamp: true }));
  };
  return {
    width,
    height,
    get data() {
      return (data ??= resample(...onto, upsampling));
    },
    ...(isPlain && { stretched: new StretchedMap(...onto) }),
    toWholeGrid,
    toOriginal,
  };
}

/** One axis of a grid: pixel i covers input coordinates origin + i · pitch to origin + (i + 1) · pitch. */
interface GridAxis {
  readonly origin: number;
  readonly pitch: number;
  /** The first pixel of the cut. */
  readonly first: number;
  /** Where the pixels of the cut lie on the map. */
  readonly sampling: AxisSampling;
}

/** One axis of a placement. */
interface PlacedAxis {
  readonly scale: number;
  readonly offset: number;
  readonly inputSize: number;
  readonly imageSize: number;
  /** What was looked at, from and to, in the photo's pixels. */
  readonly from: number;
  readonly to: number;
}

function columnsOf({ scaleX, offsetX, inputWidth, imageWidth, region }: Placement): PlacedAxis {
  const [from, to] = region ? [region.x, region.x + region.width] : [0, imageWidth];
  return { scale: scaleX, offset: offsetX, inputSize: inputWidth, imageSize: imageWidth, from, to };
}

function rowsOf({ scaleY, offsetY, inputHeight, imageHeight, region }: Placement): PlacedAxis {
  const [from, to] = region ? [region.y, region.y + region.height] : [0, imageHeight];
  return { scale: scaleY, offset: offsetY, inputSize: inputHeight, imageSize: imageHeight, from, to };
}

function gridAxis(grid: BoxGrid, mapSize: number, placed: PlacedAxis): GridAxis {
  const { scale, offset, inputSize, imageSize, from, to } = placed;
  const { origin, pitch, count } = {
    input: { origin: 0, pitch: 1, count: inputSize },
    map: { origin: 0, pitch: inputSize / mapSize, count: mapSize },
    image: { origin: offset, pitch: scale, count: imageSize },
  }[grid];
  // A mirrored photo has a negative scale, so either end may come first.
  const shown = [from, to].map((edge) => Math.min(Math.max(offset + edge * scale, 0), inputSize));
  const [low, high] = shown.map((edge) => (edge - origin) / pitch - 0.5).sort((a, b) => a - b);
  const hair = 1e-9;
  const first = Math.max(0, Math.ceil(low - hair));
  const end = Math.min(count, Math.floor(high + hair) + 1);
  const shrink = mapSize / inputSize;
  const sampling = { size: end - first, step: pitch * shrink, start: (origin + first * pitch) * shrink };
  return { origin, pitch, first, sampling };
}

function isWhole({ sampling }: GridAxis, mapSize: number): boolean {
  return sampling.size === mapSize && sampling.step === 1 && sampling.start === 0;
}

function inInput(box: Box, columns: GridAxis, rows: GridAxis): Box {
  return {
    x: columns.origin + box.x * columns.pitch,
    y: rows.origin + box.y * rows.pitch,
    width: box.width * columns.pitch,
    height: box.height * rows.pitch,
  };
}

/** Edges that miss a whole pixel by rounding error alone, put on it: 375, not 374.99999999999994. */
function settled({ x, y, width, height }: Box): Box {
  const settle = (edge: number) => (Math.abs(edge - Math.round(edge)) < 1e-9 ? Math.round(edge) : edge);
  const [left, top] = [settle(x), settle(y)];
  return { x: left, y: top, width: settle(x + width) - left, height: settle(y + height) - top };
}
