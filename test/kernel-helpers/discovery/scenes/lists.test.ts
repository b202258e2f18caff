import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { judgeObjectLists } from "../../../../src/kernel-helpers/discovery/scenes/judge-lists.js";
import { listObjects } from "../../../../src/kernel-helpers/discovery/scenes/list-objects.js";
import type { SceneFindings } from "../../../../src/kernel-helpers/discovery/scenes/scene-findings.js";
import { photoWith, sceneOf } from "./findings.js";

/** Four kitchens: the stove is in three and always hot, the wall in all and hot once, the cat in one and hot. */
const KITCHENS = [
  photoWith({ wall: 0.2, stove: 1, cat: 1 }),
  photoWith({ wall: 0.9, stove: 0.5 }),
  photoWith({ wall: 0.1, stove: 0.8 }),
  photoWith({ wall: 0 }),
];

describe("the two lists of a scene", () => {
  test("by hand: how often an object is there, and how much of it is under the map", () => {
    const { frequent, informative } = listObjects(KITCHENS, { overlap: 0.5, minImages: 1 });
    const rounded = frequent.map((object) => ({ ...object, informativeness: +object.informativeness.toFixed(9) }));
    assert.deepEqual(rounded, [
      { name: "wall", photos: 4, frequency: 1, under: 1, informativeness: 0.3 },
      { name: "stove", photos: 3, frequency: 0.75, under: 3, informativeness: 0.575 },
      { name: "cat", photos: 1, frequency: 0.25, under: 1, informativeness: 0.25 },
    ]);
    assert.deepEqual(
      informative.map(({ name }) => name),
      ["stove", "wall", "cat"],
    );
  });

  test("of objects as much under the map, the one that more photos show comes first", () => {
    const photos = [photoWith({ vase: 1, wall: 0.5 }), photoWith({ wall: 0.5 })];
    const { informative } = listObjects(photos, { overlap: 0.5, minImages: 1 });
    assert.deepEqual(
      informative.map(({ name, informativeness }) => [name, informativeness]),
      [
        ["wall", 0.5],
        ["vase", 0.5],
      ],
    );
  });

  test("both lists are in their own order, whatever the photos', and level objects in that of their names", () => {
    const photos = [
      photoWith({ zebra: 1, apple: 0.1, mat: 0.5, lamp: 0.5 }),
      photoWith({ apple: 0.1, lamp: 0.5, mat: 0.5 }),
    ];
    for (const given of [photos, [...photos].reverse()]) {
      const { frequent, informative } = listObjects(given, { overlap: 0.5, minImages: 1 });
      assert.deepEqual(
        frequent.map(({ name }) => name),
        ["apple", "lamp", "mat", "zebra"],
      );
      assert.deepEqual(
        informative.map(({ name }) => name),
        ["lamp", "mat", "zebra", "apple"],
      );
    }
  });

  test("an object must occur often enough; a stricter overlap takes it from under the map", () => {
    const { frequent, informative } = listObjects(KITCHENS, { overlap: 0.75, minImages: 2 });
    assert.equal(frequent.length, 2);
    assert.deepEqual(
      informative.map(({ name, under }) => [name, under]),
      [
        ["stove", 2],
        ["wall", 1],
      ],
    );
  });

  test("objects of one name in a photo are taken together, pixel by pixel", () => {
    const [chair] = photoWith({ chair: 0.25 }).objects;
    const photo = {
      ...photoWith({}),
      objects: [
        { ...chair, hot: 0 },
        { ...chair, hot: 100 },
      ],
    };
    assert.equal(listObjects([photo], { overlap: 0.5, minImages: 1 }).informative[0].under, 1);
    assert.equal(listObjects([photo], { overlap: 0.51, minImages: 1 }).informative[0].under, 0);
  });

  test("an object that the network saw no pixel of is not there", () => {
    const [chair] = photoWith({ chair: 1 }).objects;
    const photo = { ...photoWith({}), objects: [{ ...chair, seen: 0, hot: 0 }] };
    assert.deepEqual(listObjects([photo], { overlap: 0.5, minImages: 1 }).informative, []);
  });

  test("refuses thresholds that mean nothing", () => {
    assert.throws(() => listObjects(KITCHENS, { overlap: 0, minImages: 1 }), /invalid overlap: 0/);
    assert.throws(() => listObjects(KITCHENS, { overlap: 0.5, minImages: 0.5 }), /invalid minImages: 0.5/);
  });
});

describe("lists judged by what is known", () => {
  const findings: SceneFindings = {
    settings: { hot: 0.4, overlap: 0.5, minImages: 1, rivals: true, seed: 0 },
    scenes: [
      sceneOf("kitchen", KITCHENS, 1),
      sceneOf("park", [photoWith({ sky: 0.9, duck: 0.1 }), photoWith({ sky: 0.9 }), photoWith({ pond: 1, sky: 0 })], 1),
    ],
    train: 0,
    heldOut: 7,
  };
  const found = { findings };
  const inventory = { own: { kitchen: ["stove"], park: ["duck"] }, common: ["wall", "cat", "sky"] };

  test("by hand: the area under the curve, and one over the first own object's rank", () => {
    const { informative, frequent, gain, scenes } = judgeObjectLists(found, inventory, { resamples: 50 });
    // Kitchen: the stove stands before the cat and the wall. Park: the duck after the sky; the pond is neither.
    assert.deepEqual(
      scenes.map(({ informativeAuc, frequentAuc, own, common }) => [informativeAuc, frequentAuc, own, common]),
      [
        [1, 0.5, 1, 2],
        [0, 0, 1, 1],
      ],
    );
    assert.deepEqual([informative.auc.value, frequent.auc.value, gain.value], [0.5, 0.25, 0.25]);
    assert.ok(gain.low <= 0.25 && gain.high >= 0.25 && gain.low < gain.high);
    // Informative: stove first; sky, pond, duck. Frequent: wall, stove; sky, duck.
    assert.equal(informative.meanReciprocalRank.value, (1 + 1 / 3) / 2);
    assert.equal(frequent.meanReciprocalRank.value, (1 / 2 + 1 / 2) / 2);
    assert.ok(informative.auc.low <= 0.5 && informative.auc.high >= 0.5);
    assert.deepEqual(
      judgeObjectLists(found, inventory, { resamples: 50 }),
      judgeObjectLists(found, inventory, { resamples: 50 }),
    );
  });

  test("objects that stand level count half; a scene that lists none of a kind is left out", () => {
    const level = [photoWith({ stove: 0.5, wall: 0.5, pan: 0.9 }), photoWith({ stove: 0.5, wall: 0.5 })];
    const settings = {
      ...findings,
      scenes: [sceneOf("kitchen", level, 1), sceneOf("park", [photoWith({ sky: 1 })], 1)],
    };
    const judged = (own: object, common?: string[]) =>
      judgeObjectLists({ findings: settings }, { own: own as never, common }, { resamples: 5 }).scenes;
    // The stove is level with the wall by both orders; the pan is rarer, and as informative as they are nearly.
    const [kitchen, ...others] = judged({ kitchen: ["stove"], park: ["duck"] }, ["wall", "sky"]);
    assert.deepEqual([kitchen.informativeAuc, kitchen.frequentAuc, others.length], [0.5, 0.5, 0]);
    const [both] = judged({ kitchen: ["stove"] }, ["wall", "pan"]);
    assert.deepEqual([both.informativeAuc, both.frequentAuc], [0.75, 0.75]);
    const [own] = judged({ kitchen: ["pan"] }, ["wall"]);
    assert.deepEqual([own.informativeAuc, own.frequentAuc], [0, 0]);
    assert.throws(() => judged({ kitchen: ["wall", "stove", "pan"], park: ["sky"] }, ["stove"]), /no scene lists both/);
  });

  test("samples of photos that show no own object have no area under the curve, and no NaN", () => {
    const photos = [photoWith({ stove: 1, wall: 0.5 }), photoWith({ wall: 0.5 })];
    const one = { findings: { ...findings, scenes: [sceneOf("kitchen", photos, 1)] } };
    const { informative, frequent } = judgeObjectLists(one, { own: { kitchen: ["stove"] } }, { resamples: 200 });
    // The stove is as informative as the wall and in fewer photos; of two stoves drawn it is ahead, of none it has no area.
    assert.deepEqual([informative.auc.low, informative.auc.high], [0, 1]);
    assert.deepEqual([frequent.auc.value, frequent.auc.low, frequent.auc.high], [0, 0, 0.5]);
    assert.deepEqual([informative.meanReciprocalRank.low, informative.meanReciprocalRank.high], [0, 1]);
  });

  test("without a list of common objects all others are; names that never meet are refused", () => {
    const { scenes } = judgeObjectLists(found, { own: inventory.own }, { resamples: 5 });
    assert.deepEqual(
      scenes.map(({ common }) => common),
      [2, 2],
    );
    assert.throws(
      () => judgeObjectLists(found, { own: { kitchen: ["oven"] } }),
      /no scene lists both an own and a common/,
    );
  });
});
