import type { LevelForest } from "./wasm/level-forest.js";

/**
 * Connected components of a mask that only grows, level by level: a union-find forest whose roots carry each component's
 * box, size and first run. Adding all levels of a map in their order gives the components above every threshold in one pass.
 *
 * @example
 * const growing = new GrowingComponents(new LevelForest(Uint16Array.of(1, 0, 0, 1), 2, 2, 1), 8);
 * growing.add(1);
 * growing.count; // 1; with 4 neighbours 2
 */
export class GrowingComponents {
  /** Components there are. */
  count = 0;
  readonly #forest: LevelForest;
  readonly #reach: 0 | 1;

  /** @param forest good for one of these at a time */
  constructor(forest: LevelForest, neighbours: 4 | 8) {
    this.#forest = forest;
    this.#reach = neighbours === 8 ? 1 : 0;
    forest.clear();
  }

  /** The root of a component, by its number from 0 to `count`: numbers change whenever runs are added. */
  rootAt(number: number): number {
    return this.#forest.rootAt(number);
  }

  /** The columns and rows of a root's component: left, top, right and bottom, the last two exclusive. */
  cornersOf(root: number): readonly [left: number, top: number, right: number, bottom: number] {
    const forest = this.#forest;
    return [forest.recordOf(root, 0), forest.recordOf(root, 1), forest.recordOf(root, 2), forest.recordOf(root, 3)];
  }

  /** The pixels of a root's component. */
  sizeOf(root: number): number {
    return this.#forest.recordOf(root, 4);
  }

  /** The first pixel of a root's component, in reading order. */
  firstOf(root: number): number {
    return this.#forest.pixelOf(this.#forest.recordOf(root, 5));
  }

  /** Adds the runs of a level that was not added before. */
  add(level: number): void {
    this.count = this.#forest.grow(level, this.#reach, this.count);
  }
}
