import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { boxOf } from "../../../src/kernel-helpers/boxes/box-of.js";
import { iou } from "../../../src/kernel-helpers/boxes/box-geometry.js";
import { cam } from "../../../src/kernel-helpers/cam/cam.js";
import { toImage } from "../../../src/kernel-helpers/images/input/placement.js";
import { loadImage } from "../../../src/kernel-helpers/images/files/load-image.js";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import {
  TEACHING_CHANNELS,
  TEACHING_CLASS_WEIGHTS,
  teachingNetwork,
} from "../../../src/kernel-helpers/networks/teaching-network.js";
import {
  drawTeachingScene,
  teachingScene,
  type TeachingClass,
} from "../../../src/kernel-helpers/networks/teaching-scene.js";
import { packageRoot } from "../../../src/kernel-helpers/support/package-root.js";

const folder = join(packageRoot(), "models", "teaching");
const classes = Object.keys(TEACHING_CLASS_WEIGHTS) as TeachingClass[];

test("the committed files are what the script makes, byte for byte", async () => {
  const committed = readFileSync(join(folder, "model.onnx"));
  assert.ok(committed.equals(teachingNetwork()), "run npx tsx scripts/make-teaching-network.ts");
  assert.ok(committed.length < 30_000);
  const card = JSON.parse(readFileSync(join(folder, "card.json"), "utf8")) as Record<string, unknown>;
  assert.deepEqual(card.hashes, { "model.onnx": createHash("sha256").update(committed).digest("hex") });
  assert.deepEqual([card.classes, card.channels], [classes, [...TEACHING_CHANNELS]]);
  // Another version of the SVG renderer may round a colour otherwise.
  const picture = await loadImage(join(folder, "beach.png"));
  const drawn = await drawTeachingScene(teachingScene(1));
  const differing = picture.data.filter((value, i) => Math.abs(value - drawn.data[i]) > 8).length;
  assert.ok(differing < picture.data.length / 1000);
});

test("the score is the sum of weight times feature, with no bias: by hand", async () => {
  using network = await openNetwork("teaching");
  assert.equal(network.name, "teaching");
  assert.deepEqual([...network.head.weights], Object.values(TEACHING_CLASS_WEIGHTS).flat());
  assert.equal(network.head.bias, undefined);
  const seen = await look(network, join(folder, "beach.png"));
  classes.forEach((name, c) => {
    const weights: readonly number[] = TEACHING_CLASS_WEIGHTS[name];
    const byHand = weights.reduce((sum, weight, k) => sum + weight * seen.features[k], 0);
    assert.ok(Math.abs(seen.logits[c] - byHand) < 1e-5);
    const map = cam(seen, name).data;
    const mean = map.reduce((sum, value) => sum + value, 0) / map.length;
    assert.ok(Math.abs(mean - byHand) < 1e-5);
  });
});

test("each thing alone is recognised; among all six the peak lies in its box, and the box fits", async () => {
  using network = await openNetwork("teaching");
  for (let seed = 0; seed < 5; seed++) {
    const scene = teachingScene(seed);
    const seen = await look(network, await drawTeachingScene(scene));
    for (const { name, box } of scene.objects) {
      const alone = await look(network, await drawTeachingScene(teachingScene(seed, [name])), { top: 1 });
      assert.equal(alone.top[0].name, name);
      assert.ok(alone.top[0].probability > 0.45);

      const map = cam(seen, name);
      const peak = map.data.indexOf(Math.max(...map.data));
      const cell = { x: (peak % 28) * 8, y: Math.floor(peak / 28) * 8, width: 8, height: 8 };
      const { x, y } = toImage(seen.placement, { x: cell.x + 4, y: cell.y + 4, width: 0, height: 0 });
      assert.ok(x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height, `${name}, seed ${seed}`);
      const found = boxOf(map).box;
      assert.ok(found && iou(found, box) > 0.5, `${name}, seed ${seed}`);
    }
  }
});

test("the awning is evidence against the red ball, red as it is", async () => {
  using network = await openNetwork("teaching");
  const seen = await look(network, await drawTeachingScene(teachingScene(3, ["awning"])));
  const map = cam(seen, "red ball").data;
  assert.ok(seen.features[TEACHING_CHANNELS.indexOf("red")] > 0.01);
  assert.ok(Math.min(...map) < -5);
  assert.ok(seen.logits[classes.indexOf("red ball")] < 0);
});

test("the same seed draws the same scene; leaving a thing out moves no other", () => {
  assert.deepEqual(teachingScene(7), teachingScene(7));
  assert.notEqual(teachingScene(7).svg, teachingScene(8).svg);
  const ball = (objects?: TeachingClass[]) => teachingScene(7, objects).objects.find(({ name }) => name === "red ball");
  assert.deepEqual(ball(["red ball"]), ball());
  assert.throws(() => teachingScene(7, ["cow" as TeachingClass]), /invalid objects: "cow"/);
});
