import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf } from "../../../src/kernel-helpers/boxes/box-of.js";
import { placementOf } from "../../../src/kernel-helpers/images/input/placement.js";
import type { Seen } from "../../../src/kernel-helpers/networks/seen.js";
import { boxSteps } from "../../../src/widgets/cam-grid/box-steps.js";

const placement = placementOf(
  { fit: "squash", width: 64, height: 64, channelOrder: "RGB", mean: [0, 0, 0], std: [1, 1, 1] },
  128,
  128,
);
const photo = { width: 128, height: 128, data: new Uint8Array(128 * 128 * 3).fill(90) };
const seen = {
  network: { classes: ["thing"] },
  picture: { file: photo },
  photo: { file: "photo", width: 128, height: 128 },
  placement,
  probabilities: Float32Array.of(1),
} as unknown as Seen;
/** A large weak blob and a small strong one. */
const map = {
  width: 4,
  height: 4,
  data: Float32Array.of(5, 5, 0, 0, 5, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9),
  label: "thing",
  placement,
};

test("shows map, mask, largest region and box; the box is that of the rule, the truth beside it in green", async () => {
  const truth = [{ x: 2, y: 4, width: 50, height: 60 }];
  const spec = await boxSteps(seen, map, { truth, caption: "street" }).spec();
  const text = JSON.stringify(spec);
  for (const title of ["street", "map of thing", "above 20 %", "largest region", "its box"])
    assert.ok(text.includes(JSON.stringify(title)), title);
  const { box } = boxOf(map);
  assert.ok(box && box.width < 90, "the large weak blob, not the small strong one");
  assert.ok(text.includes(`"x":${box.x},"y":${box.y},"x2":${box.x + box.width},"y2":${box.y + box.height}`));
  assert.equal(text.match(/#4ade80/g)?.length, 1);
  assert.ok(text.includes('"x":2,"y":4,"x2":52,"y2":64'));
});

test("a map without evidence has no box, and says nothing wrong", async () => {
  const png = await boxSteps(seen, { ...map, data: new Float32Array(16) }).toPng({ scale: 1 });
  assert.ok(png.length > 1000);
});

test("refuses a threshold and a class that do not exist", () => {
  assert.throws(() => boxSteps(seen, map, { threshold: 1 }), /invalid threshold: 1/);
  assert.throws(() => boxSteps(seen, "zebra"), /no class is named "zebra"/);
});
