import type { LevelRuns } from "./level-runs.js";

/** What is known of a root, side by side: columns and rows, `right` and `bottom` exclusive, pixels, first run. */
const [LEFT, TOP, RIGHT, BOTTOM, SIZE, FIRST, FIELDS] = [0, 1, 2, 3, 4, 5, 8];

/**
 * Connected components of a mask that only grows, run by run: a union-find forest whose roots carry each component's
 * box, size and first run. Adding all runs of a map in the order of their levels gives the components above every
 * threshold in one pass.
 *
 * @example
 * const growing = new GrowingComponents(levelRuns(Uint16Array.of(1, 0, 0, 1), 2, 2), 8);
 * growing.add(Int32Array.of(0, 3), 0, 2);
 * growing.count; // 1; with 4 neighbours 2
 */
export class GrowingComponents {
  /** Components there are. */
  count = 0;
  readonly #runs: LevelRuns;
  readonly #reach: 0 | 1;
  readonly #memory: ForestMemory;

  constructor(runs: LevelRuns, neighbours: 4 | 8) {
    this.#runs = runs;
    this.#reach = neighbours === 8 ? 1 : 0;
    const spare = spares.pop();
    this.#memory = spare && spare.parent.length >= runs.count ? spare : memoryOf(runs.count);
    this.#memory.parent.fill(-1, 0, runs.count);
  }

  /** Gives its memory back for the next one, for making it costs as much as filling it; nothing can be asked any more. */
  done(): void {
    spares.push(this.#memory);
  }

  /** The root of a component, by its number from 0 to `count`: numbers change whenever runs are added. */
  rootAt(number: number): number {
    return this.#memory.roots[number];
  }

  /** The columns and rows of a root's component: left, top, right and bottom, the last two exclusive. */
  cornersOf(root: number): readonly [left: number, top: number, right: number, bottom: number] {
    const { records } = this.#memory;
    const at = FIELDS * root;
    return [records[at + LEFT], records[at + TOP], records[at + RIGHT], records[at + BOTTOM]];
  }

  /** The pixels of a root's component. */
  sizeOf(root: number): number {
    return this.#memory.records[FIELDS * root + SIZE];
  }

  /** The first run of a root's component, in reading order. */
  firstOf(root: number): number {
    return this.#memory.records[FIELDS * root + FIRST];
  }

  /** Adds the runs that stand in a list at `from` and up to `until`; none was there. */
  add(list: Int32Array, from: number, until: number): void {
    const { start, end, row, above, below, width } = this.#runs;
    const { parent, records, roots } = this.#memory;
    const reach = this.#reach;
    let { count } = this;
    for (let i = from; i < until; i++) {
      const run = list[i];
      const [left, right, y] = [start[run], end[run], row[run]];
      // Whether the first pixel has a neighbour at its corner, in a run of its own.
      const corner = reach === 1 && left > 0 ? left : -1;
      const last = Math.min(right + reach, width);
      let root = -1;
      if (left > 0 && parent[run - 1] >= 0) root = join(parent, records, root, run - 1);
      if (right < width && parent[run + 1] >= 0) root = join(parent, records, root, run + 1);
      for (let other = firstBeside(above[run], start, corner); other >= 0; other = end[other] < last ? other + 1 : -1) {
        if (parent[other] >= 0) root = join(parent, records, root, other);
      }
      for (let other = firstBeside(below[run], start, corner); other >= 0; other = end[other] < last ? other + 1 : -1) {
        if (parent[other] >= 0) root = join(parent, records, root, other);
      }
      const at = FIELDS * (root < 0 ? run : root);
      if (root < 0) {
        roots[count++] = run;
        records[at + LEFT] = left;
        records[at + TOP] = y;
        records[at + RIGHT] = right;
        records[at + BOTTOM] = y + 1;
        records[at + SIZE] = 0;
        records[at + FIRST] = run;
      }
      parent[run] = root < 0 ? run : root;
      records[at + SIZE] += right - left;
      widen(records, at, left, y, right, y + 1);
      if (run < records[at + FIRST]) records[at + FIRST] = run;
    }
    this.count = 0;
    for (let i = 0; i < count; i++) if (parent[roots[i]] === roots[i]) roots[this.count++] = roots[i];
  }
}

/** The first neighbour among the runs of a row, of which one lies beside the first pixel; −1 where there is no row. */
function firstBeside(beside: number, start: Int32Array, corner: number): number {
  return beside > 0 && start[beside] === corner ? beside - 1 : beside;
}

interface ForestMemory {
  /** The root of an added run, or a run nearer to it; −1 of one that was not added. */
  readonly parent: Int32Array;
  readonly records: Int32Array;
  /** The roots, in no order. */
  readonly roots: Int32Array;
}

/** Two, as a sweep uses them. */
const spares: ForestMemory[] = [];

function memoryOf(runs: number): ForestMemory {
  return { parent: new Int32Array(runs), records: new Int32Array(FIELDS * runs), roots: new Int32Array(runs) };
}

function rootOf(parent: Int32Array, run: number): number {
  for (;;) {
    const next = parent[run];
    if (next === run) return run;
    const far = parent[next];
    if (far === next) return next;
    parent[run] = far;
    run = far;
  }
}

/** Joins a root's component, if there is one (not −1), with that of another run that was added; the root of both. */
function join(parent: Int32Array, records: Int32Array, root: number, other: number): number {
  const found = rootOf(parent, other);
  if (found === root || root < 0) return found;
  const isLarger = records[FIELDS * root + SIZE] >= records[FIELDS * found + SIZE];
  const kept = isLarger ? root : found;
  const gone = isLarger ? found : root;
  parent[gone] = kept;
  const [to, from] = [FIELDS * kept, FIELDS * gone];
  widen(records, to, records[from + LEFT], records[from + TOP], records[from + RIGHT], records[from + BOTTOM]);
  records[to + SIZE] += records[from + SIZE];
  if (records[from + FIRST] < records[to + FIRST]) records[to + FIRST] = records[from + FIRST];
  return kept;
}

function widen(records: Int32Array, at: number, left: number, top: number, right: number, bottom: number): void {
  if (left < records[at + LEFT]) records[at + LEFT] = left;
  if (top < records[at + TOP]) records[at + TOP] = top;
  if (right > records[at + RIGHT]) records[at + RIGHT] = right;
  if (bottom > records[at + BOTTOM]) records[at + BOTTOM] = bottom;
}
