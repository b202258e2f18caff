import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf } from "../../../src/kernel-helpers/boxes/box-of.js";
import { placementOf } from "../../../src/kernel-helpers/images/input/placement.js";
import type { Seen } from "../../../src/kernel-helpers/networks/seen.js";
import { rowsOf, textsOf } from "../rows-of.js";
import { boxSteps } from "../../../src/widgets/cam-grid/box-steps.js";

/** Frames on photos, in the order in which they are drawn; those of the legend are smaller. */
function framesOf(spec: unknown): { x: number; y: number; x2: number; y2: number; colour: string }[] {
  const { layer } = spec as { layer: { layer?: { mark: { type: string; stroke: string } }[]; data: { values: never[] } }[] }; // prettier-ignore
  return layer
    .filter((each) => each.layer?.[0].mark.type === "rect")
    .flatMap((each) =>
      (each.data.values as { x: number; x2: number }[]).map((row) => ({ ...row, colour: each.layer![1].mark.stroke })),
    )
    .filter(({ x, x2 }) => x2 - x > 10) as never;
}

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
  const rows = rowsOf(spec);
  for (const title of ["street", "map of thing", "above 20 %", "largest region", "its box"])
    assert.ok(textsOf(spec).includes(title), title);
  const { box } = boxOf(map);
  assert.ok(box && box.width < 90, "the large weak blob, not the small strong one");
  const frames = framesOf(spec);
  assert.deepEqual(
    frames.map(({ colour }) => colour),
    ["#4ade80", "#ffffff"],
  );
  // All five panels are one row of squares; the frames are in the last.
  const last = rows.filter(({ alt }) => String(alt).startsWith("photo ")).at(-1) as { x: number; y: number };
  const scale = (spec as unknown as { layer: { mark?: { width?: number } }[] }).layer[0].mark!.width! / 128;
  for (const [i, { x, y, width, height }] of [truth[0], box].entries()) {
    // A frame at the photo's edge is drawn inside it.
    const inset = (at: number) => (at === 0 ? 2.25 : 0);
    const near = (got: number, wanted: number) => assert.ok(Math.abs(got - wanted) < 0.02, `${got} for ${wanted}`);
    near(frames[i].x, last.x + x * scale + inset(x));
    near(frames[i].y, last.y + y * scale + inset(y));
    near(frames[i].x2, last.x + (x + width) * scale);
    near(frames[i].y2, last.y + (y + height) * scale);
  }
});

test("a map without evidence has no box, and says nothing wrong", async () => {
  const widget = boxSteps(seen, { ...map, data: new Float32Array(16) });
  assert.deepEqual(framesOf(await widget.spec()), []);
  assert.ok((await widget.toPng({ scale: 1 })).length > 1000);
});

test("refuses a threshold and a class that do not exist", () => {
  assert.throws(() => boxSteps(seen, map, { threshold: 1 }), /invalid threshold: 1/);
  assert.throws(() => boxSteps(seen, "zebra"), /no class is named "zebra"/);
});
