import { GrowingInstance } from "../../../support/wasm/growing-instance.js";
import type { WasmMemory } from "../../../support/wasm/web-assembly.js";

/** What level-forest.as exports. Addresses are byte offsets into the memory. */
interface Exports {
  countRuns(levels: number, width: number, height: number): number;
  findRuns(levels: number, width: number, height: number, ...lists: number[]): void;
  order(level: number, count: number, levels: number, from: number, list: number): void;
  grow(from: number, list: number, level: number, width: number, reach: 0 | 1, lists: number, count: number): number;
}

/** Where the lists behind a map's levels begin, in bytes; each but `level` is of 32-bit numbers. */
interface Places {
  readonly level: number;
  readonly start: number;
  readonly stop: number;
  readonly row: number;
  readonly above: number;
  readonly below: number;
  readonly firstOf: number;
  readonly from: number;
  readonly list: number;
  readonly parents: number;
  readonly records: number;
  readonly roots: number;
  /** Of where lists begin that are too many to be told every time. */
  readonly lists: number;
}

/** 32-bit numbers of a record: left, top, right, bottom, pixels, first run, as level-forest.as has them. */
const RECORD = 6;

const instance = new GrowingInstance<Exports>(new URL("./level-forest.wasm", import.meta.url));

/**
 * The pixels of a map as runs of one level in its rows, of which there are far fewer where a map is smooth, in reading order
 * and in that of their levels. Good until the next map's is made.
 *
 * @example
 * new LevelForest(Uint16Array.of(1, 1, 0, 2, 2, 2), 3, 2, 2).count; // 3
 */
export class LevelForest {
  /** Runs there are. */
  readonly count: number;
  readonly #places: Places;
  readonly #exports: Exports;
  readonly #numbers: Int32Array;
  readonly #memory: WasmMemory;

  /**
   * @param levels `width · height` values, row by row
   * @param highest the highest level that there may be
   */
  constructor(
    levels: Uint16Array,
    readonly width: number,
    readonly height: number,
    readonly highest: number,
  ) {
    const room = instance.withRoom(levels.byteLength);
    new Uint16Array(room.memory.buffer, 0, levels.length).set(levels);
    this.count = room.exports.countRuns(0, width, height);
    const places = placesOf(levels.length, this.count, height, highest);
    this.#memory = instance.withRoom(places.end).memory;
    this.#places = places;
    this.#exports = room.exports;
    this.#numbers = new Int32Array(this.#memory.buffer);
    const { level, start, stop, row, above, below, firstOf, from, list, parents, records, roots, lists } = places;
    this.#numbers.set([start, stop, row, above, below, parents, records, roots], lists >> 2);
    this.#exports.findRuns(0, width, height, level, start, stop, row, above, below, firstOf);
    this.#exports.order(level, this.count, highest, from, list);
  }

  /** The level, columns (`end` exclusive) and row of each run, and the runs above and below its first pixel, −1 beyond the frame. */
  get runs() {
    const { level, ...places } = this.#places;
    const numbers = (at: number) => this.#numbers.subarray(at >> 2, (at >> 2) + this.count);
    const [start, end, row] = [numbers(places.start), numbers(places.stop), numbers(places.row)];
    const [above, below] = [numbers(places.above), numbers(places.below)];
    return { level: new Uint16Array(this.#memory.buffer, level, this.count), start, end, row, above, below };
  }

  /** How many runs a level has. */
  countOf(level: number): number {
    const at = (this.#places.from >> 2) + level;
    return this.#numbers[at + 1] - this.#numbers[at];
  }

  /** The pixel that a run begins with. */
  pixelOf(run: number): number {
    const { start, row } = this.#places;
    return this.#numbers[(row >> 2) + run] * this.width + this.#numbers[(start >> 2) + run];
  }

  /** Takes all runs out of the mask that grows. */
  clear(): void {
    const parents = this.#places.parents >> 2;
    this.#numbers.fill(-1, parents, parents + this.count);
  }

  /**
   * Adds the runs of a level, of which none is there, to the mask that grows.
   *
   * @param components how many there are
   * @returns how many there are then
   */
  grow(level: number, reach: 0 | 1, components: number): number {
    const { from, list, lists } = this.#places;
    return this.#exports.grow(from, list, level, this.width, reach, lists, components);
  }

  /** The root of a component, by its number: numbers change whenever runs are added. */
  rootAt(component: number): number {
    return this.#numbers[(this.#places.roots >> 2) + component];
  }

  /** What is known of a root's component: 0 to 3 its left, top, right and bottom, the last two exclusive; 4 its pixels, 5 its first run. */
  recordOf(root: number, field: number): number {
    return this.#numbers[(this.#places.records >> 2) + RECORD * root + field];
  }
}

function placesOf(pixels: number, count: number, height: number, highest: number): Places & { readonly end: number } {
  let size = 0;
  const take = (bytes: number) => {
    const at = size;
    size = 16 * Math.ceil((size + bytes) / 16);
    return at;
  };
  const numbers = (length: number) => take(4 * length);
  take(2 * pixels);
  return {
    level: take(2 * count),
    start: numbers(count),
    stop: numbers(count),
    row: numbers(count),
    above: numbers(count),
    below: numbers(count),
    firstOf: numbers(height + 1),
    from: numbers(highest + 2),
    list: numbers(count),
    parents: numbers(count),
    roots: numbers(count),
    records: numbers(RECORD * count),
    lists: numbers(8),
    end: size,
  };
}
