import type { HeatMap } from "../../cam/heat-map.js";
import { resample } from "../../cam/resample.js";
import type { Box } from "../../images/box.js";
import { toImage } from "../../images/input/placement.js";
import type { Placement } from "../../images/input/preprocessing.js";
import { invalid } from "../../support/errors.js";

/**
 * What a network saw of a photograph, cut into `zoom × zoom` parts of whole pixels, row by row: regions to look at again,
 * each on the network's whole input. Fewer where the view has fewer pixels.
 *
 * @param placement of the view
 */
export function partsOf(placement: Placement, zoom: number): Box[] {
  const { inputWidth, inputHeight } = placement;
  const view = toImage(placement, { x: 0, y: 0, width: inputWidth, height: inputHeight }, { clamp: true });
  const columns = edgesOf(view.x, view.width, zoom);
  const rows = edgesOf(view.y, view.height, zoom);
  return rows.flatMap(([y, height]) => columns.map(([x, width]) => ({ x, y, width, height })));
}

/** Where parts begin and how long they are; those without a pixel are left out. */
function edgesOf(start: number, length: number, parts: number): [start: number, length: number][] {
  const edges = Array.from({ length: parts + 1 }, (_, i) => Math.round(start + (i * length) / parts));
  return edges.slice(1).flatMap((end, i): [number, number][] => (end > edges[i] ? [[edges[i], end - edges[i]]] : []));
}

/**
 * The maps of a view's parts as one map of the view, with `zoom` times their columns and rows. Each place is read,
 * bilinearly, from the map of the part that it lies in; places in a margin from the nearest part.
 *
 * @param placement of the view
 * @param parts maps of what `partsOf` gave, each with its own placement
 * @throws CamlabError when there is no part, or one has no placement
 */
export function joinedMap(placement: Placement, zoom: number, parts: readonly HeatMap[]): HeatMap {
  if (parts.length === 0) throw invalid("parts", parts.length, "at least one map");
  const [width, height] = [zoom * parts[0].width, zoom * parts[0].height];
  const data = new Float32Array(width * height);
  const cell = { width: placement.inputWidth / width, height: placement.inputHeight / height };
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const centre = { x: (column + 0.5) * cell.width, y: (row + 0.5) * cell.height, width: 0, height: 0 };
      data[row * width + column] = valueAt(parts, toImage(placement, centre));
    }
  }
  return { width, height, data, ...(parts[0].label !== undefined && { label: parts[0].label }), placement };
}

/** The mean of maps of one view, on the grid of the finest. */
export function meanMap(maps: readonly HeatMap[]): HeatMap {
  if (maps.length === 1) return maps[0];
  const finest = maps.reduce((a, b) => (b.width > a.width ? b : a));
  const { width, height } = finest;
  const data = new Float32Array(width * height);
  for (const map of maps) {
    const across = { size: width, step: map.width / width, start: 0 };
    const down = { size: height, step: map.height / height, start: 0 };
    resample(map.data, map.width, map.height, across, down, "bilinear").forEach(
      (value, place) => (data[place] += value / maps.length),
    );
  }
  return { ...finest, data };
}

/** The value at a point of the photograph, in the part that the point lies in or is nearest to. */
function valueAt(parts: readonly HeatMap[], point: { readonly x: number; readonly y: number }): number {
  const distances = parts.map(({ placement }) => distanceTo(placement?.region, point));
  const part = parts[distances.indexOf(Math.min(...distances))];
  const { placement, width, height, data } = part;
  if (!placement) throw invalid("part", "a map without a placement", "a map of a region of the photograph");
  const x = ((point.x * placement.scaleX + placement.offsetX) * width) / placement.inputWidth - 0.5;
  const y = ((point.y * placement.scaleY + placement.offsetY) * height) / placement.inputHeight - 0.5;
  const [left, across] = between(x, width);
  const [top, down] = between(y, height);
  const at = (column: number, line: number) => data[Math.min(line, height - 1) * width + Math.min(column, width - 1)];
  return (
    (1 - down) * ((1 - across) * at(left, top) + across * at(left + 1, top)) +
    down * ((1 - across) * at(left, top + 1) + across * at(left + 1, top + 1))
  );
}

/** The sample below a position and the way to the next, the position held inside the samples. */
function between(position: number, samples: number): [below: number, fraction: number] {
  const held = Math.min(Math.max(position, 0), samples - 1);
  const below = Math.floor(held);
  return [below, held - below];
}

function distanceTo(box: Box | undefined, { x, y }: { readonly x: number; readonly y: number }): number {
  if (!box) return 0;
  const beyond = (value: number, from: number, size: number) => Math.max(from - value, 0, value - from - size);
  return Math.hypot(beyond(x, box.x, box.width), beyond(y, box.y, box.height));
}
