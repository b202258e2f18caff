import assert from "node:assert/strict";
import { test } from "node:test";
import { underMap } from "../../../../src/kernel-helpers/discovery/scenes/under-map.js";
import { photoWith, sceneOf } from "./findings.js";

const PHOTOS = [
  photoWith({ wall: 0.5, floor: 0.2, stove: 1, pan: 0.1 }),
  photoWith({ wall: 0.5, floor: 0.2, stove: 0.8 }),
  photoWith({ wall: 0.5, floor: 0.2 }),
];

test("under the map: by all photos as the findings say, or by those that show an object", () => {
  const scene = sceneOf("kitchen", PHOTOS, 2);
  const rounded = (over: "all" | "shown") => underMap(scene, over).map(({ name, share }) => [name, +share.toFixed(3)]);
  assert.deepEqual(rounded("all"), scene.informative.map(({ name, informativeness }) => [name, +informativeness.toFixed(3)])); // prettier-ignore
  assert.deepEqual(rounded("shown"), [["stove", 0.9], ["wall", 0.5], ["floor", 0.2]]); // prettier-ignore
});

test("what rose: places gained on those that are more frequent; level ones are no gain", () => {
  const scene = sceneOf("kitchen", PHOTOS, 1);
  assert.deepEqual(underMap(scene, "shown").map(({ name, rose }) => [name, rose]), [["stove", 2], ["wall", 0], ["floor", 0], ["pan", 0]]); // prettier-ignore
});

test("what is mostly not under the map rose nowhere", () => {
  const rises = (stove: number) => {
    const scene = sceneOf("kitchen", [photoWith({ wall: 0.2, stove }), photoWith({ wall: 0.2 })], 1);
    return underMap(scene, "shown").find(({ name }) => name === "stove")!.rose;
  };
  assert.deepEqual([rises(0.6), rises(0.4)], [1, 0]);
});
