/**
 * Connected components of a mask that only grows, pixel by pixel: a union-find forest whose roots carry each component's
 * box, size and first pixel. Adding all pixels of a map in the order of their values gives the components above every
 * threshold in one pass.
 *
 * @example
 * const growing = new GrowingComponents(2, 2, 8);
 * growing.add(0);
 * growing.add(3);
 * growing.count; // 1; with 4 neighbours 2
 */
export class GrowingComponents {
  /** Of a root: the component's columns and rows, `right` and `bottom` exclusive, its pixels, its first in reading order. */
  readonly left: Int32Array;
  readonly top: Int32Array;
  readonly right: Int32Array;
  readonly bottom: Int32Array;
  readonly size: Int32Array;
  readonly first: Int32Array;
  /** Components there are. */
  count = 0;
  readonly #parent: Int32Array;
  /** The roots, in no order, and where each stands among them. */
  readonly #roots: Int32Array;
  readonly #place: Int32Array;

  /** One that was used before, and is not in use: its memory is taken again, for making it costs as much as filling it. */
  static #spare: GrowingComponents[] = [];

  /** One of a size, empty; give it back with `done` once nothing of it is needed. */
  static take(width: number, height: number, neighbours: 4 | 8): GrowingComponents {
    const at = GrowingComponents.#spare.findIndex((one) => one.width === width && one.height === height);
    if (at < 0) return new GrowingComponents(width, height, neighbours);
    const [found] = GrowingComponents.#spare.splice(at, 1);
    found.neighbours = neighbours;
    found.count = 0;
    found.#parent.fill(-1);
    return found;
  }

  /** Two are kept, as a sweep uses them; those of other sizes go. */
  done(): void {
    GrowingComponents.#spare = [this, ...GrowingComponents.#spare].slice(0, 2);
  }

  constructor(
    readonly width: number,
    readonly height: number,
    private neighbours: 4 | 8,
  ) {
    const pixels = width * height;
    this.#parent = new Int32Array(pixels).fill(-1);
    this.#roots = new Int32Array(pixels);
    this.#place = new Int32Array(pixels);
    this.left = new Int32Array(pixels);
    this.top = new Int32Array(pixels);
    this.right = new Int32Array(pixels);
    this.bottom = new Int32Array(pixels);
    this.size = new Int32Array(pixels);
    this.first = new Int32Array(pixels);
  }

  /** Whether a pixel was added. */
  has(pixel: number): boolean {
    return this.#parent[pixel] >= 0;
  }

  /** The root of a component, by its number from 0 to `count`: numbers change whenever a pixel is added. */
  rootAt(number: number): number {
    return this.#roots[number];
  }

  /** Adds a pixel that was not there. */
  add(pixel: number): void {
    const { width, height } = this;
    const parent = this.#parent;
    const y = (pixel / width) | 0;
    const x = pixel - y * width;
    const [canLeft, canRight] = [x > 0, x + 1 < width];
    const [above, below] = [y > 0 ? pixel - width : -1, y + 1 < height ? pixel + width : -1];
    const left = canLeft && parent[pixel - 1] >= 0;
    const right = canRight && parent[pixel + 1] >= 0;
    const up = above >= 0 && parent[above] >= 0;
    const down = below >= 0 && parent[below] >= 0;
    let root = -1;
    if (left) root = this.#rootOf(pixel - 1);
    if (up) root = this.#join(root, above);
    if (right) root = this.#join(root, pixel + 1);
    if (down) root = this.#join(root, below);
    if (this.neighbours === 8) {
      // A corner beside one of those is its neighbour, so joined already.
      if (canLeft && !left) {
        if (above >= 0 && !up && parent[above - 1] >= 0) root = this.#join(root, above - 1);
        if (below >= 0 && !down && parent[below - 1] >= 0) root = this.#join(root, below - 1);
      }
      if (canRight && !right) {
        if (above >= 0 && !up && parent[above + 1] >= 0) root = this.#join(root, above + 1);
        if (below >= 0 && !down && parent[below + 1] >= 0) root = this.#join(root, below + 1);
      }
    }
    if (root < 0) this.#begin(pixel, x, y);
    else this.#grow(root, pixel, x, y);
  }

  #begin(pixel: number, x: number, y: number): void {
    this.#parent[pixel] = pixel;
    this.#place[pixel] = this.count;
    this.#roots[this.count++] = pixel;
    this.left[pixel] = x;
    this.right[pixel] = x + 1;
    this.top[pixel] = y;
    this.bottom[pixel] = y + 1;
    this.size[pixel] = 1;
    this.first[pixel] = pixel;
  }

  #grow(root: number, pixel: number, x: number, y: number): void {
    this.#parent[pixel] = root;
    this.size[root] += 1;
    if (x < this.left[root]) this.left[root] = x;
    if (x >= this.right[root]) this.right[root] = x + 1;
    if (y < this.top[root]) this.top[root] = y;
    if (y >= this.bottom[root]) this.bottom[root] = y + 1;
    if (pixel < this.first[root]) this.first[root] = pixel;
  }

  #rootOf(pixel: number): number {
    const parent = this.#parent;
    for (;;) {
      const next = parent[pixel];
      if (next === pixel) return pixel;
      const far = parent[next];
      if (far === next) return next;
      parent[pixel] = far;
      pixel = far;
    }
  }

  /** Joins a root's component, if there is one (not −1), with that of another pixel that was added; the root of both. */
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
