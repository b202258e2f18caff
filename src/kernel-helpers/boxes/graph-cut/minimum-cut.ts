/** Steps from a pixel to its eight neighbours; those at 2k and 2k + 1 are opposite. */
export const STEPS: readonly (readonly [x: number, y: number])[] = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
  [1, 1],
  [-1, -1],
  [1, -1],
  [-1, 1],
];

const ARCS = STEPS.length;

/** What a pixel's parent is, where it is not the step to a neighbour. */
const [TERMINAL, ORPHAN, NONE] = [-1, -2, -3];

const [FREE, SOURCE, SINK] = [0, 1, 2];

/**
 * The minimum cut of a grid whose pixels are linked with their eight neighbours, with the source and with the sink, by the
 * maximum flow of Boykov and Kolmogorov (2004): two search trees grow until they touch, the path between them is filled,
 * and what it cut off is adopted again.
 *
 * @param terminals for each pixel what its link with the source holds less what its link with the sink does
 * @param links for each pixel and step of `STEPS` what the link holds in that direction; 0 where it leaves the grid. It is
 *   used up: afterwards it holds what is left
 * @returns 1 for pixels on the source's side, 0 for the others
 * @example
 * minimumCut(2, 1, Float64Array.of(3, -1), new Float64Array(16)); // 1, 0
 */
export function minimumCut(width: number, height: number, terminals: Float64Array, links: Float64Array): Uint8Array {
  const flow = new GridFlow(width, height, terminals.slice(), links);
  flow.maximise();
  return flow.sourceSide();
}

class GridFlow {
  readonly #neighbour: Int32Array;
  readonly #tree: Uint8Array;
  readonly #parent: Int8Array;
  /** When the way to a terminal was last walked, and how long it was. */
  readonly #stamp: Int32Array;
  readonly #distance: Int32Array;
  #active: number[] = [];
  #orphans: number[] = [];
  readonly #isActive: Uint8Array;
  #now = 0;

  constructor(
    width: number,
    height: number,
    private readonly terminals: Float64Array,
    private readonly links: Float64Array,
  ) {
    const pixels = width * height;
    this.#neighbour = new Int32Array(pixels * ARCS).fill(-1);
    for (let p = 0; p < pixels; p++) {
      const [x, y] = [p % width, Math.floor(p / width)];
      STEPS.forEach(([dx, dy], step) => {
        const [column, row] = [x + dx, y + dy];
        if (column < 0 || row < 0 || column >= width || row >= height) return;
        this.#neighbour[p * ARCS + step] = row * width + column;
      });
    }
    this.#tree = new Uint8Array(pixels);
    this.#parent = new Int8Array(pixels).fill(NONE);
    this.#stamp = new Int32Array(pixels);
    this.#distance = new Int32Array(pixels);
    this.#isActive = new Uint8Array(pixels);
    for (let p = 0; p < pixels; p++) {
      if (terminals[p] === 0) continue;
      this.#tree[p] = terminals[p] > 0 ? SOURCE : SINK;
      this.#parent[p] = TERMINAL;
      this.#distance[p] = 1;
      this.#activate(p);
    }
  }

  maximise(): void {
    for (let turn = 0; turn < this.#active.length; turn++) {
      const p = this.#active[turn];
      this.#isActive[p] = 0;
      while (this.#tree[p] !== FREE) {
        const step = this.#grow(p);
        if (step < 0) break;
        this.#now += 1;
        if (this.#tree[p] === SOURCE) this.#fill(p, step);
        else this.#fill(this.#neighbour[p * ARCS + step], step ^ 1);
        this.#adoptAll();
      }
      if (turn < 1 << 16) continue;
      this.#active = this.#active.slice(turn + 1);
      turn = -1;
    }
  }

  sourceSide(): Uint8Array {
    return this.#tree.map((tree) => (tree === SOURCE ? 1 : 0));
  }

  #activate(p: number): void {
    if (this.#isActive[p]) return;
    this.#isActive[p] = 1;
    this.#active.push(p);
  }

  /** What can still flow along a tree from a pixel's neighbour to it, or the other way in the sink's tree. */
  #left(p: number, step: number, tree: number): number {
    return tree === SOURCE
      ? this.links[this.#neighbour[p * ARCS + step] * ARCS + (step ^ 1)]
      : this.links[p * ARCS + step];
  }

  /** Takes free neighbours into a pixel's tree; the step to one of the other tree, −1 where there is none. */
  #grow(p: number): number {
    const tree = this.#tree[p];
    for (let step = 0; step < ARCS; step++) {
      const q = this.#neighbour[p * ARCS + step];
      if (q < 0) continue;
      const left = tree === SOURCE ? this.links[p * ARCS + step] : this.links[q * ARCS + (step ^ 1)];
      if (!(left > 0)) continue;
      if (this.#tree[q] === FREE) {
        this.#tree[q] = tree;
        this.#parent[q] = step ^ 1;
        this.#stamp[q] = this.#stamp[p];
        this.#distance[q] = this.#distance[p] + 1;
        this.#activate(q);
      } else if (this.#tree[q] !== tree) return step;
    }
    return -1;
  }

  /** Fills the path through the link from a pixel of the source's tree to one of the sink's. */
  #fill(from: number, step: number): void {
    const to = this.#neighbour[from * ARCS + step];
    let least = this.links[from * ARCS + step];
    least = Math.min(least, this.#narrowest(from, SOURCE), this.#narrowest(to, SINK));
    this.links[from * ARCS + step] -= least;
    this.links[to * ARCS + (step ^ 1)] += least;
    this.#pass(from, SOURCE, least);
    this.#pass(to, SINK, least);
  }

  #narrowest(p: number, tree: number): number {
    let least = Infinity;
    while (this.#parent[p] >= 0) {
      const step = this.#parent[p];
      least = Math.min(least, this.#left(p, step, tree));
      p = this.#neighbour[p * ARCS + step];
    }
    return Math.min(least, Math.abs(this.terminals[p]));
  }

  #pass(p: number, tree: number, amount: number): void {
    while (this.#parent[p] >= 0) {
      const step = this.#parent[p];
      const q = this.#neighbour[p * ARCS + step];
      const [onTheWay, back] =
        tree === SOURCE ? [q * ARCS + (step ^ 1), p * ARCS + step] : [p * ARCS + step, q * ARCS + (step ^ 1)];
      this.links[onTheWay] -= amount;
      this.links[back] += amount;
      if (!(this.links[onTheWay] > 0)) this.#orphan(p);
      p = q;
    }
    this.terminals[p] += tree === SOURCE ? -amount : amount;
    if (this.terminals[p] === 0) this.#orphan(p);
  }

  #orphan(p: number): void {
    this.#parent[p] = ORPHAN;
    this.#orphans.push(p);
  }

  #adoptAll(): void {
    for (let p = this.#orphans.pop(); p !== undefined; p = this.#orphans.pop()) this.#adopt(p);
  }

  /** Finds an orphan another parent, the nearest to its terminal; without one it is free, and its children orphans. */
  #adopt(p: number): void {
    const tree = this.#tree[p];
    let [nearest, least] = [-1, Infinity];
    for (let step = 0; step < ARCS; step++) {
      const q = this.#neighbour[p * ARCS + step];
      if (q < 0 || this.#tree[q] !== tree || !(this.#left(p, step, tree) > 0)) continue;
      const distance = this.#distanceOf(q);
      if (distance < least) [nearest, least] = [step, distance];
    }
    if (nearest >= 0) {
      this.#parent[p] = nearest;
      this.#stamp[p] = this.#now;
      this.#distance[p] = least + 1;
      return;
    }
    for (let step = 0; step < ARCS; step++) {
      const q = this.#neighbour[p * ARCS + step];
      if (q < 0 || this.#tree[q] !== tree) continue;
      if (this.#left(p, step, tree) > 0) this.#activate(q);
      if (this.#parent[q] === (step ^ 1)) this.#orphan(q);
    }
    this.#tree[p] = FREE;
    this.#parent[p] = NONE;
  }

  /** How far a pixel is from its tree's terminal; infinite where its way there is cut. */
  #distanceOf(p: number): number {
    let [walked, q] = [0, p];
    while (this.#stamp[q] !== this.#now) {
      const parent = this.#parent[q];
      if (parent === ORPHAN || parent === NONE) return Infinity;
      if (parent === TERMINAL) {
        this.#stamp[q] = this.#now;
        this.#distance[q] = 1;
        break;
      }
      walked += 1;
      q = this.#neighbour[q * ARCS + parent];
    }
    const distance = walked + this.#distance[q];
    for (let far = distance; this.#stamp[p] !== this.#now; far--) {
      this.#stamp[p] = this.#now;
      this.#distance[p] = far;
      p = this.#neighbour[p * ARCS + this.#parent[p]];
    }
    return distance;
  }
}
