import type { Box } from "../images/box.js";
import type { Placement } from "../images/preprocessing.js";
import type { HeatMap } from "../cam/heat-map.js";
import { type AxisSampling, type Upsampling, resample } from "../cam/resample.js";
import { CamlabError } from "../support/errors.js";

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
  readonly data: Float32Array;
  readonly columns: GridAxis;
  readonly rows: GridAxis;
}

/** One axis of a grid: pixel edge g of the cut lies at `first + g` on the grid and at `g · scale + offset` on the photo. */
interface GridAxis {
  readonly first: number;
  readonly sampling: AxisSampling;
  readonly scale: number;
  readonly offset: number;
  /** The photo's pixels along the axis; boxes are clamped to them. */
  readonly imageSize: number;
}

/**
 * Resamples a map onto a grid. Grid pixels whose centre shows none of the photo (the margin of a contained photo) are
 * cut off. A map without a placement is its own grid and its own photo.
 *
 * @throws CamlabError when the grid needs a placement that the map lacks, or no grid pixel shows the photo
 */
export function placeOnGrid(map: HeatMap, grid: BoxGrid, upsampling: Upsampling): GridMap {
  const { placement } = map;
  if (!placement && grid !== "map") {
    throw new CamlabError(`the map has no placement on a photo, so it has no ${grid} grid: use grid "map"`);
  }
  const columns = axisOf(grid, map.width, placement && columnsOf(placement));
  const rows = axisOf(grid, map.height, placement && rowsOf(placement));
  const [width, height] = [columns.sampling.size, rows.sampling.size];
  if (width < 1 || height < 1)
    throw new CamlabError(`no pixel of the ${grid} grid shows the photo: check the placement`);
  const asItIs = width === map.width && height === map.height && isIdentity(columns) && isIdentity(rows);
  const data = asItIs
    ? map.data
    : resample(map.data, map.width, map.height, columns.sampling, rows.sampling, upsampling);
  return { width, height, data, columns, rows };
}

/** A box of the cut, in pixels of the whole grid. */
export function toWholeGrid({ columns, rows }: GridMap, box: Box): Box {
  return { ...box, x: box.x + columns.first, y: box.y + rows.first };
}

/** A box of the cut, in pixels of the original photo: exactly where its edges fall, clamped to the photo. */
export function toOriginal({ columns, rows }: GridMap, box: Box): Box {
  const [left, right] = [toPhoto(columns, box.x), toPhoto(columns, box.x + box.width)];
  const [top, bottom] = [toPhoto(rows, box.y), toPhoto(rows, box.y + box.height)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function toPhoto({ scale, offset, imageSize }: GridAxis, edge: number): number {
  return Math.min(Math.max(edge * scale + offset, 0), imageSize);
}

interface PlacedAxis {
  readonly scale: number;
  readonly offset: number;
  readonly imageSize: number;
  readonly inputSize: number;
}

function columnsOf({ scaleX, offsetX, imageWidth, inputWidth }: Placement): PlacedAxis {
  return { scale: scaleX, offset: offsetX, imageSize: imageWidth, inputSize: inputWidth };
}

function rowsOf({ scaleY, offsetY, imageHeight, inputHeight }: Placement): PlacedAxis {
  return { scale: scaleY, offset: offsetY, imageSize: imageHeight, inputSize: inputHeight };
}

function axisOf(grid: BoxGrid, mapSize: number, placed?: PlacedAxis): GridAxis {
  if (!placed) {
    return { first: 0, sampling: { size: mapSize, step: 1, start: 0 }, scale: 1, offset: 0, imageSize: mapSize };
  }
  const { scale, offset, imageSize, inputSize } = placed;
  // Pixel i of the grid covers input coordinates origin + i · pitch to origin + (i + 1) · pitch.
  const { origin, pitch, count } = {
    input: { origin: 0, pitch: 1, count: inputSize },
    map: { origin: 0, pitch: inputSize / mapSize, count: mapSize },
    image: { origin: offset, pitch: scale, count: imageSize },
  }[grid];
  const [low, high] = [Math.max(0, offset), Math.min(inputSize, offset + imageSize * scale)];
  const hair = 1e-9;
  const first = Math.max(0, Math.ceil((low - origin) / pitch - 0.5 - hair));
  const end = Math.min(count, Math.floor((high - origin) / pitch - 0.5 + hair) + 1);
  const shrink = mapSize / inputSize;
  const start = origin + first * pitch;
  return {
    first,
    sampling: { size: end - first, step: pitch * shrink, start: start * shrink },
    scale: pitch / scale,
    offset: (start - offset) / scale,
    imageSize,
  };
}

function isIdentity({ sampling }: GridAxis): boolean {
  return sampling.step === 1 && sampling.start === 0;
}
