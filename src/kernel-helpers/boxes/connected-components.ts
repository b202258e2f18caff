import type { Box } from "../images/box.js";
import { CamlabError } from "../support/errors.js";

/** A connected set of pixels. */
export interface Component {
  /** Its number in `labels`, from 1. */
  readonly label: number;
  /** How many pixels it has. */
  readonly area: number;
  /** The smallest box around it, in pixels of the mask. */
  readonly box: Box;
}

/** The components of a mask. */
export interface Components {
  /** `width · height` numbers: 0 outside, else the label of the component that the pixel belongs to. */
  readonly labels: Int32Array;
  /** In the order of their first pixel, reading row by row. */
  readonly components: readonly Component[];
}

/**
 * Finds the connected components of a mask. Works on runs of set pixels, joined row to row.
 *
 * @param mask `width · height` values, row by row; anything but 0 is set
 * @param neighbours 8: pixels that touch at a corner are connected; 4: only along an edge
 * @throws CamlabError when the mask is not as long as its shape says
 * @example
 * boxes.connectedComponents(Uint8Array.of(1, 0, 0, 1), 2, 2).components.length; // 1; with 4 neighbours 2
 */
export function connectedComponents(
  mask: Uint8Array,
  width: number,
  height: number,
  neighbours: 4 | 8 = 8,
): Components {
  if (mask.length !== width * height) {
    throw new CamlabError(`a mask of ${width}×${height} should hold ${width * height} values, not ${mask.length}`);
  }
  const labels = new Int32Array(width * height);
  const components = componentsOfRuns(findRuns(mask, width, height), neighbours, (label, y, start, end) =>
    labels.fill(label, y * width + start, y * width + end),
  );
  return { labels, components };
}

/** Runs of set pixels: run r covers columns `start[r]` to `end[r]` (exclusive). Row y has runs `row[y]` to `row[y + 1]`. */
export interface Runs {
  readonly start: readonly number[];
  readonly end: readonly number[];
  readonly row: readonly number[];
}

/**
 * The components of a mask of which only the runs are known.
 *
 * @param onRun is told the label of each run, and where it lies
 */
export function componentsOfRuns(
  runs: Runs,
  neighbours: 4 | 8,
  onRun?: (label: number, y: number, start: number, end: number) => void,
): Component[] {
  // The union-find forest: an earlier run of the same component, or the run itself.
  const parent = Int32Array.from(runs.start.keys());
  joinRuns(runs, parent, neighbours === 8 ? 1 : 0);
  return gatherComponents(runs, parent, onRun);
}

function findRuns(mask: Uint8Array, width: number, height: number): Runs {
  const start: number[] = [];
  const end: number[] = [];
  const row = [0];
  for (let y = 0; y < height; y++) {
    const from = y * width;
    for (let x = 0; x < width; x++) {
      if (mask[from + x] === 0) continue;
      start.push(x);
      while (x < width && mask[from + x] !== 0) x++;
      end.push(x);
    }
    row.push(start.length);
  }
  return { start, end, row };
}

/** Unites runs of neighbouring rows that overlap, or come within `reach` columns of it. */
function joinRuns({ start, end, row }: Runs, parent: Int32Array, reach: 0 | 1): void {
  for (let y = 1; y + 1 < row.length; y++) {
    let above = row[y - 1];
    let here = row[y];
    while (above < row[y] && here < row[y + 1]) {
      if (start[above] < end[here] + reach && start[here] < end[above] + reach) unite(parent, above, here);
      if (end[above] < end[here]) above++;
      else here++;
    }
  }
}

function rootOf(parent: Int32Array, run: number): number {
  while (parent[run] !== run) {
    parent[run] = parent[parent[run]];
    run = parent[run];
  }
  return run;
}

/** The earlier run becomes the root, so that a component's root is its first run in reading order. */
function unite(parent: Int32Array, a: number, b: number): void {
  const [rootA, rootB] = [rootOf(parent, a), rootOf(parent, b)];
  if (rootA < rootB) parent[rootB] = rootA;
  else parent[rootA] = rootB;
}

function gatherComponents(
  { start, end, row }: Runs,
  parent: Int32Array,
  onRun?: (label: number, y: number, start: number, end: number) => void,
): Component[] {
  const labelOf = new Int32Array(parent.length);
  const found: { area: number; left: number; top: number; right: number; bottom: number }[] = [];
  for (let y = 0; y + 1 < row.length; y++) {
    for (let run = row[y]; run < row[y + 1]; run++) {
      const root = rootOf(parent, run);
      if (root === run) {
        found.push({ area: 0, left: start[run], top: y, right: end[run], bottom: y + 1 });
        labelOf[run] = found.length;
      }
      const label = labelOf[root];
      const component = found[label - 1];
      component.area += end[run] - start[run];
      component.left = Math.min(component.left, start[run]);
      component.right = Math.max(component.right, end[run]);
      component.bottom = y + 1;
      onRun?.(label, y, start[run], end[run]);
    }
  }
  return found.map(({ area, left, top, right, bottom }, i) => ({
    label: i + 1,
    area,
    box: { x: left, y: top, width: right - left, height: bottom - top },
  }));
}
