import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { ImageSource } from "../../../../src/kernel-helpers/images/image.js";
import { look } from "../../../../src/kernel-helpers/networks/look.js";
import { openNetwork, type OpenNetworkOptions } from "../../../../src/kernel-helpers/networks/open-network.js";
import { drawTeachingScene, teachingScene } from "../../../../src/kernel-helpers/networks/teaching-scene.js";

/** Looks through both engines: the largest difference in maps, features and scores, each relative to the largest number. */
async function differences(name: string | undefined, photos: readonly ImageSource[], options: OpenNetworkOptions = {}) {
  using one = await openNetwork(name, { ...options, device: "cpu" });
  using other = await openNetwork(name, { ...options, engine: "tfjs", device: "wasm" });
  assert.equal(other.engine, "tfjs");
  assert.equal(other.device, "wasm");
  assert.equal(other.fingerprint, one.fingerprint);
  const worst = { maps: 0, features: 0, logits: 0 };
  for (const photo of photos) {
    const [a, b] = [await look(one, photo), await look(other, photo)];
    assert.deepEqual(
      b.top.map(({ name }) => name),
      a.top.map(({ name }) => name),
    );
    worst.maps = Math.max(worst.maps, relative(a.featureMaps.data, b.featureMaps.data));
    worst.features = Math.max(worst.features, relative(a.features, b.features));
    worst.logits = Math.max(worst.logits, relative(a.logits, b.logits));
  }
  return worst;
}

function relative(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  let [largest, difference] = [0, 0];
  a.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value));
    difference = Math.max(difference, Math.abs(value - b[i]));
  });
  return difference / largest;
}

test("the teaching network shows the same through TF.js", async () => {
  const scenes = await Promise.all([5, 6].map((seed) => drawTeachingScene(teachingScene(seed))));
  const worst = await differences(undefined, scenes);
  assert.ok(Math.max(worst.maps, worst.features, worst.logits) < 1e-5, JSON.stringify(worst));
});

describe("real data: networks through TF.js", { skip: !process.env.CAMLAB_REAL }, () => {
  const real = process.env.CAMLAB_REAL ?? "";
  for (const [name, folder] of [
    ["mobilenet_v1_0.75_224", "imagenet-photos"],
    ["squeezenet_places365", "scenes6/test/street"],
  ]) {
    test(`${name} shows the same`, async (t) => {
      const photos = readdirSync(join(real, "data", folder))
        .sort()
        .slice(0, 3);
      const paths = photos.map((photo) => join(real, "data", folder, photo));
      const worst = await differences(name, paths, { models: join(real, "models") });
      t.diagnostic(JSON.stringify(worst));
      assert.ok(Math.max(worst.maps, worst.features, worst.logits) < 1e-4);
    });
  }
});
