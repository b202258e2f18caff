import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { cam } from "../../../src/kernel-helpers/cam/cam.js";
import { scoreOffsetFor } from "../../../src/kernel-helpers/graph/head/class-weights.js";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import { mean } from "./cam-source.js";

const real = process.env.CAMLAB_REAL ?? "";

describe("real data: the sum identity of whole networks", { skip: !real }, () => {
  const models = join(real, "models");
  const photos = () => {
    const folder = join(real, "data/imagenet-photos");
    const files = readdirSync(folder).filter((file) => /\.jpe?g$/i.test(file));
    assert.ok(files.length >= 3);
    return files.slice(0, 3).map((file) => join(folder, file));
  };

  test("MobileNet: mean(M_c) + b_c is the network's own score, for its top classes", async () => {
    using network = await openNetwork("mobilenet_v1_0.75_224", { models, device: "cpu" });
    for (const photo of photos()) {
      const seen = await look(network, photo);
      for (const { index, score } of seen.top) {
        const sum = mean(cam(seen, index).data) + scoreOffsetFor(network.head, index, seen.features);
        assert.ok(Math.abs(sum - score) <= 1e-4 * Math.abs(score), `${sum} is not ${score}`);
      }
    }
  });

  test("SqueezeNet: the mean of the map after the activation is the network's own score", async () => {
    using network = await openNetwork("squeezenet_places365", { models, device: "cpu" });
    for (const photo of photos()) {
      const seen = await look(network, photo);
      for (const { index, score } of seen.top) {
        const sum = mean(cam(seen, index, { activation: "after" }).data);
        assert.ok(Math.abs(sum - score) <= 1e-4 * Math.abs(score), `${sum} is not ${score}`);
      }
    }
  });
});
