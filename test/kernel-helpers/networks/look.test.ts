import assert from "node:assert/strict";
import { test } from "node:test";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { fakeNetwork, plain } from "./fake-network.js";

test("a photo comes back with its classes best first, its maps, features and size", async () => {
  const network = fakeNetwork((red, green, blue) => [blue / 100, red / 100, green / 100]);
  const photo = plain(200, 100, 50, 6, 3);
  const seen = await look(network, photo, { top: 2 });
  assert.deepEqual(seen.photo, { file: "image", width: 6, height: 3 });
  assert.deepEqual(seen.picture, { file: photo });
  assert.deepEqual(
    seen.top.map(({ index, name, score }) => [index, name, score]),
    [
      [1, "b", 2],
      [2, "c", 1],
    ],
  );
  const e = [0.5, 2, 1].map(Math.exp);
  assert.ok(Math.abs(seen.top[0].probability - e[1] / (e[0] + e[1] + e[2])) < 1e-6);
  assert.deepEqual([...seen.features], [200, 100]);
  assert.equal(seen.featureMaps.data.length, 32);
  assert.deepEqual([seen.placement.scaleX, seen.placement.scaleY], [4 / 6, 4 / 3]);
});

test("a network that names everything present gives each class a probability of its own", async () => {
  const fake = fakeNetwork(() => [0, 2, -3]);
  const { probabilities } = await look({ ...fake, card: { ...fake.card, probabilities: "sigmoid" } }, plain(1, 2, 3));
  const expected = [0.5, 0.880797, 0.047426];
  probabilities.forEach((probability, i) => assert.ok(Math.abs(probability - expected[i]) < 1e-6));
});

test("a region is looked at alone; what is seen carries the very picture that was given", async () => {
  const photo = plain(0, 0, 0, 8, 4);
  for (let y = 0; y < 4; y++) for (let x = 4; x < 8; x++) photo.data[(y * 8 + x) * 3] = 200;
  const picture = { file: photo, region: { x: 4, y: 0, width: 4, height: 4 }, label: "half" };
  const seen = await look(
    fakeNetwork(() => [0, 0, 0]),
    picture,
  );
  assert.deepEqual([...seen.features], [200, 0]);
  assert.equal(seen.picture, picture);
  assert.equal(seen.picture.label, "half");
  const mirrored = await look(
    fakeNetwork(() => [0, 0, 0]),
    { ...picture, region: undefined, flip: true },
  );
  assert.ok(mirrored.featureMaps.data[0] > mirrored.featureMaps.data[3]);
});

test("the top of many classes is that of all of them sorted, however many are asked for", async () => {
  const random = seededRandom(3);
  // Many scores are equal.
  const scores = Array.from({ length: 300 }, () => Math.round(20 * random()));
  const classes = scores.map((_, i) => `class ${i}`);
  const sorted = [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b);
  for (const top of [1, 5, 299, 300, 400]) {
    const seen = await look({ ...fakeNetwork(() => scores), classes }, plain(1, 2, 3), { top });
    assert.deepEqual(
      seen.top.map(({ index }) => index),
      sorted.slice(0, top),
    );
  }
});

test("equal scores keep the order of the classes; scores that are not numbers are an error naming the photo", async () => {
  const seen = await look(
    fakeNetwork(() => [1, 1, 1]),
    plain(1, 2, 3),
  );
  assert.deepEqual(
    seen.top.map(({ index }) => index),
    [0, 1, 2],
  );
  await assert.rejects(
    look(
      fakeNetwork(() => [0, NaN, 0]),
      plain(1, 2, 3),
    ),
    {
      name: "CamlabError",
      message: /what the network computes of image .* its scores "logits" hold NaN \(b\)/,
    },
  );
  await assert.rejects(
    look(
      fakeNetwork(() => [1, 1, 1]),
      plain(1, 2, 3),
      { top: 0 },
    ),
    /invalid top: 0/,
  );
  await assert.rejects(
    look(
      fakeNetwork(() => [1, 1, 1]),
      "nowhere.jpg",
    ),
    /nowhere\.jpg/,
  );
});

test("an aborted look rejects with the signal's reason", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(
    look(
      fakeNetwork(() => [1, 1, 1]),
      plain(1, 2, 3),
      { signal },
    ),
    /enough/,
  );
});
