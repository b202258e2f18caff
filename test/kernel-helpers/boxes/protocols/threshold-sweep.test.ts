import assert from "node:assert/strict";
import { test } from "node:test";
import { connectedComponents } from "../../../../src/kernel-helpers/boxes/connected-components.js";
import { type SweepOptions, sweepBoxes } from "../../../../src/kernel-helpers/boxes/protocols/threshold-sweep.js";
import { randomLevels } from "./random-maps.js";

type Corners = readonly [left: number, top: number, right: number, bottom: number];

/** What a sweep stands for: one labelling a threshold, in the plainest way. */
function labelled(above: Uint16Array, width: number, height: number, t: number, { area, ties, boxes }: SweepOptions) {
  const mask = Uint8Array.from(above, (count) => Number(count > t));
  const { components, labels } = connectedComponents(mask, width, height, 8);
  const sizes = components.map(({ label, area: pixels }) =>
    area === "pixels" ? pixels : filledArea(labels, label, width, height),
  );
  const most = Math.max(...sizes);
  const at = ties === "last" ? sizes.lastIndexOf(most) : sizes.indexOf(most);
  const background = mask.map((value) => 1 - value);
  const holes = connectedComponents(background, width, height, 4).components.filter(
    ({ box }) => box.x > 0 && box.y > 0 && box.x + box.width < width && box.y + box.height < height,
  );
  const all = [
    ...components.map(({ box: { x, y, width: w, height: h } }): Corners => [x, y, x + w, y + h]),
    ...(boxes === "contours" ? holes : []).map(({ box: { x, y, width: w, height: h } }): Corners => [
      x - 1,
      y - 1,
      x + w + 1,
      y + h + 1,
    ]),
  ];
  return { largest: components[at]?.box, all };
}

/** The polygon through a component's outermost pixels by its squares and triangles, once its holes are filled. */
function filledArea(labels: Int32Array, label: number, width: number, height: number): number {
  const [wide, high] = [width + 2, height + 2];
  const outside = new Uint8Array(wide * high);
  const own = (p: number) => {
    const [x, y] = [(p % wide) - 1, Math.floor(p / wide) - 1];
    return x >= 0 && y >= 0 && x < width && y < height && labels[y * width + x] === label;
  };
  const queue = [0];
  outside[0] = 1;
  while (queue.length > 0) {
    const p = queue.pop()!;
    const x = p % wide;
    for (const next of [x > 0 ? p - 1 : -1, x + 1 < wide ? p + 1 : -1, p - wide, p + wide]) {
      if (next < 0 || next >= outside.length || outside[next] || own(next)) continue;
      outside[next] = 1;
      queue.push(next);
    }
  }
  let area = 0;
  for (let y = 0; y + 1 < high; y++) {
    for (let x = 0; x + 1 < wide; x++) {
      const p = y * wide + x;
      const inside = 4 - outside[p] - outside[p + 1] - outside[p + wide] - outside[p + wide + 1];
      area += inside === 4 ? 1 : inside === 3 ? 0.5 : 0;
    }
  }
  return area;
}

const sorted = (boxes: readonly Corners[]) => boxes.map(String).sort();

for (const options of [
  { area: "pixels" },
  { area: "pixels", ties: "last", boxes: "contours" },
  { area: "polygon", ties: "last", boxes: "contours" },
  { area: "polygon", ties: "first" },
] as const) {
  test(`one pass gives what a labelling a threshold gives, on 1,000 maps: ${JSON.stringify(options)}`, () => {
    for (let seed = 0; seed < 1000; seed++) {
      const { above, width, height, thresholds } = randomLevels(seed);
      const swept = sweepBoxes(above, width, height, thresholds, options);
      for (let t = 0; t < thresholds; t++) {
        const { largest, all } = labelled(above, width, height, t, options);
        assert.deepEqual(swept.largest(t), largest, `largest at ${t} of seed ${seed}`);
        const found: Corners[] = [];
        swept.each(t, (...corners) => found.push(corners));
        assert.deepEqual(sorted(found), sorted(all), `boxes at ${t} of seed ${seed}`);
      }
    }
  });
}

test("an empty map has no box at any threshold, a full one the frame at each", () => {
  const none = sweepBoxes(new Uint16Array(6), 3, 2, 4, { area: "polygon" });
  const full = sweepBoxes(new Uint16Array(6).fill(4), 3, 2, 4, { area: "pixels" });
  for (let t = 0; t < 4; t++) {
    assert.equal(none.largest(t), undefined);
    none.each(t, () => assert.fail("a box of nothing"));
    assert.deepEqual(full.largest(t), { x: 0, y: 0, width: 3, height: 2 });
  }
});

test("the polygon's area does not count what lies in a row of one pixel, and counts holes", () => {
  const picture = ["##### ###", "      # #", "      ###"];
  const above = Uint16Array.from(picture.join(""), (sign) => Number(sign === "#"));
  const largest = (area: "pixels" | "polygon", ties: "first" | "last" = "first") =>
    sweepBoxes(above, 9, 3, 1, { area, ties }).largest(0);
  assert.deepEqual(largest("pixels"), { x: 6, y: 0, width: 3, height: 3 });
  const line = Uint16Array.from(["#########", "         ", "### ###  ", "### # #  "].join(""), (s) =>
    Number(s === "#"),
  );
  assert.deepEqual(sweepBoxes(line, 9, 4, 1, { area: "pixels" }).largest(0), { x: 0, y: 0, width: 9, height: 1 });
  assert.deepEqual(sweepBoxes(line, 9, 4, 1, { area: "polygon" }).largest(0), { x: 0, y: 2, width: 3, height: 2 });
});

test("of equally large components the first or the last in reading order is taken", () => {
  const two = Uint16Array.of(1, 0, 1);
  const of = (ties: "first" | "last", area: "pixels" | "polygon") =>
    sweepBoxes(two, 3, 1, 1, { area, ties }).largest(0);
  for (const area of ["pixels", "polygon"] as const) {
    assert.equal(of("first", area)?.x, 0);
    assert.equal(of("last", area)?.x, 2);
  }
});
