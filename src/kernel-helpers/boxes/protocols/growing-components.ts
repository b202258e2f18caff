import type { LevelRuns } from "./level-runs.js";

/**
 * Connected components of a mask that only grows, run by run: a union-find forest whose roots carry each component's
 * box, size and first run. Adding all runs of a map in the order of their levels gives the components above every threshold in one pass.
 *
 * @example
 * const growing = new GrowingComponents(levelRuns(Uint16Array.of(1, 0, 0, 1), 2, 2), 8);
 * growing.add(0);
 * growing.add(3);
 * growing.count; // 1; with 4 neighbours 2
 */
export class GrowingComponents {
  /** Of a root: the component's columns and rows, `right` and `bottom` exclusive, its pixels, its first run. */
  readonly left: Int32Array;
  readonly top: Int32Array;
  readonly right: Int32Array;
  readonly bottom: Int32Array;
  readonly size: Int32Array;
  readonly first: Int32Array;
  /** Components there are. */
  count = 0;
  readonly #runs: LevelRuns;
  readonly #reach: 0 | 1;
  /** The root of an added run, or a run nearer to it. */
  readonly #parent: Int32Array;
  /** The roots, in no order, and where each stands among them. */
  readonly #roots: Int32Array;
  readonly #place: Int32Array;

  constructor(runs: LevelRuns, neighbours: 4 | 8) {
    this.#runs = runs;
    this.#reach = neighbours === 8 ? 1 : 0;
    this.#parent = new Int32Array(runs.count).fill(-1);
    this.#roots = new Int32Array(runs.count);
    this.#place = new Int32Array(runs.count);
    this.left = new Int32Array(runs.count);
    this.top = new Int32Array(runs.count);
    this.right = new Int32Array(runs.count);
    this.bottom = new Int32Array(runs.count);
    this.size = new Int32Array(runs.count);
    this.first = new Int32Array(runs.count);
  }

  /** The root of a component, by its number from 0 to `count`: numbers change whenever a run is added. */
  rootAt(number: number): number {
    return this.#roots[number];
  }

  /** Adds a run that was not there. */
  add(run: number): void {
    const { start, end, row, above, below, width } = this.#runs;
    const parent = this.#parent;
    const [from, to] = [start[run], end[run]];
    let root = -1;
    if (from > 0 && parent[run - 1] >= 0) root = this.#join(root, run - 1);
    if (to < width && parent[run + 1] >= 0) root = this.#join(root, run + 1);
    if (above[run] >= 0) root = this.#joinRow(root, above[run], from, to);
    if (below[run] >= 0) root = this.#joinRow(root, below[run], from, to);
    if (root < 0) this.#begin(run, from, to, row[run]);
    else this.#grow(root, run, from, to, row[run]);
  }

  #begin(run: number, from: number, to: number, y: number): void {
    this.#parent[run] = run;
    this.#place[run] = this.count;
    this.#roots[this.count++] = run;
    this.left[run] = from;
    this.right[run] = to;
    this.top[run] = y;
    this.bottom[run] = y + 1;
    this.size[run] = to - from;
    this.first[run] = run;
  }

  #grow(root: number, run: number, from: number, to: number, y: number): void {
    this.#parent[run] = root;
    this.size[root] += to - from;
    if (from < this.left[root]) this.left[root] = from;
    if (to > this.right[root]) this.right[root] = to;
    if (y < this.top[root]) this.top[root] = y;
    if (y >= this.bottom[root]) this.bottom[root] = y + 1;
    if (run < this.first[root]) this.first[root] = run;
  }

  /** Joins what was added of a neighbouring row, of which one run lies beside the first pixel. */
  #joinRow(root: number, beside: number, from: number, to: number): number {
    const { start, end, width } = this.#runs;
    const parent = this.#parent;
    const until = Math.min(to + this.#reach, width);
    let other = this.#reach === 1 && from > 0 && start[beside] === from ? beside - 1 : beside;
    for (;;) {
      if (parent[other] >= 0) root = this.#join(root, other);
      if (end[other] >= until) return root;
      other++;
    }
  }

  #rootOf(run: number): number {
    const parent = this.#parent;
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
  #join(root: number, other: number): number {
    const found = this.#rootOf(other);
    if (found === root || root < 0) return found;
    const isLarger = this.size[root] >= this.size[found];
    const kept = isLarger ? root : found;
    const gone = isLarger ? found : root;
    this.#parent[gone] = kept;
    this.size[kept] += this.size[gone];
    if (this.left[gone] < this.left[kept]) this.left[kept] = this.left[gone];
    if (this.top[gone] < this.top[kept]) this.top[kept] = this.top[gone];
    if (this.right[gone] > this.right[kept]) this.right[kept] = this.right[gone];
    if (this.bottom[gone] > this.bottom[kept]) this.bottom[kept] = this.bottom[gone];
    if (this.first[gone] < this.first[kept]) this.first[kept] = this.first[gone];
    const last = this.#roots[--this.count];
    this.#roots[this.#place[gone]] = last;
    this.#place[last] = this.#place[gone];
    return kept;
  }
}
