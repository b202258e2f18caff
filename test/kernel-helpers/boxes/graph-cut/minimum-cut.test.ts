import assert from "node:assert/strict";
import { test } from "node:test";
import { minimumCut, STEPS } from "../../../../src/kernel-helpers/boxes/graph-cut/minimum-cut.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

/** Random links within the grid, whole numbers, some of them 0. */
function randomGrid(width: number, height: number, random: () => number) {
  const weight = () => Math.max(0, Math.floor(random() * 8) - 2);
  const terminals = Float64Array.from({ length: width * height }, () => Math.floor(random() * 21) - 10);
  const links = new Float64Array(width * height * STEPS.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      STEPS.forEach(([dx, dy], step) => {
        if (x + dx < 0 || y + dy < 0 || x + dx >= width || y + dy >= height) return;
        links[(y * width + x) * STEPS.length + step] = weight();
      });
    }
  }
  return { terminals, links };
}

/** What a cut costs: links from the source's side to the sink's, and the terminals on the wrong side. */
function costOf(width: number, side: ArrayLike<number>, terminals: Float64Array, links: Float64Array): number {
  let cost = 0;
  for (let p = 0; p < terminals.length; p++) {
    if (side[p] && terminals[p] < 0) cost -= terminals[p];
    if (!side[p] && terminals[p] > 0) cost += terminals[p];
    if (!side[p]) continue;
    STEPS.forEach(([dx, dy], step) => {
      const weight = links[p * STEPS.length + step];
      if (weight > 0 && !side[p + dx + dy * width]) cost += weight;
    });
  }
  return cost;
}

test("no cut of 500 small random grids costs less: all cuts tried", () => {
  const random = seededRandom("cuts");
  for (let round = 0; round < 500; round++) {
    const [width, height] = [1 + Math.floor(random() * 4), 1 + Math.floor(random() * 3)];
    const { terminals, links } = randomGrid(width, height, random);
    let least = Infinity;
    for (let cut = 0; cut < 1 << (width * height); cut++) {
      const side = Array.from(terminals, (_, p) => (cut >> p) & 1);
      least = Math.min(least, costOf(width, side, terminals, links));
    }
    const found = minimumCut(width, height, terminals, links.slice());
    assert.equal(costOf(width, found, terminals, links), least, `${width}×${height}, round ${round}`);
  }
});

/** The flow of another algorithm (augmenting along shortest paths), on the same grid. */
function shortestPathFlow(width: number, terminals: Float64Array, given: Float64Array): number {
  const [links, left] = [given.slice(), terminals.slice()];
  let flow = 0;
  for (;;) {
    const from = new Int32Array(left.length).fill(-2);
    const queue = [...left.keys()].filter((p) => left[p] > 0);
    for (const p of queue) from[p] = -1;
    let end = -1;
    for (let i = 0; i < queue.length && end < 0; i++) {
      const p = queue[i];
      if (left[p] < 0) end = p;
      STEPS.forEach(([dx, dy], step) => {
        const q = p + dx + dy * width;
        if (!(links[p * STEPS.length + step] > 0) || from[q] !== -2) return;
        from[q] = step;
        queue.push(q);
      });
    }
    if (end < 0) return flow;
    const path: [number, number][] = [];
    let p = end;
    while (from[p] >= 0) {
      const [dx, dy] = STEPS[from[p]];
      const q = p - dx - dy * width;
      path.push([q * STEPS.length + from[p], p * STEPS.length + (from[p] ^ 1)]);
      p = q;
    }
    const least = Math.min(left[p], -left[end], ...path.map(([link]) => links[link]));
    for (const [link, back] of path) {
      links[link] -= least;
      links[back] += least;
    }
    left[p] -= least;
    left[end] += least;
    flow += least;
  }
}

test("on larger grids the cut costs what the flow of another algorithm carries", () => {
  const random = seededRandom("flows");
  for (let round = 0; round < 20; round++) {
    const { terminals, links } = randomGrid(17, 11, random);
    const found = minimumCut(17, 11, terminals, links.slice());
    assert.equal(costOf(17, found, terminals, links), shortestPathFlow(17, terminals, links));
  }
});
