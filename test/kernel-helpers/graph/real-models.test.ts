import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { checkGraph } from "../../../src/kernel-helpers/graph/onnx/check-graph.js";
import { classWeightsFor, scoreOffsetFor } from "../../../src/kernel-helpers/graph/head/class-weights.js";
import { exposeHead, headOutputs } from "../../../src/kernel-helpers/graph/surgery/expose-head.js";
import { findGapHead } from "../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { countParameters } from "../../../src/kernel-helpers/graph/list-layers.js";
import { readGraph } from "../../../src/kernel-helpers/graph/onnx/read-graph.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { run } from "./build-graph.js";

const models = join(process.env.CAMLAB_REAL ?? "", "models");
const random = seededRandom("photo");
const image = Float32Array.from({ length: 3 * 224 * 224 }, () => random() * 2 - 1);

describe("real data: graphs", { skip: !process.env.CAMLAB_REAL }, () => {
  test("MobileNet v1 0.75: pool, then classify", async () => {
    const graph = await readGraph(join(models, "mobilenet_v1_0.75_224", "model.onnx"));
    assert.deepEqual(checkGraph(graph), []);
    assert.equal(countParameters(graph), 2_585_560);
    const head = findGapHead(graph);
    assert.equal(head.summary, "GAP head: conv_pw_13_relu 768×7×7 → average → conv_preds 1000");
    const names = headOutputs(head);
    const outputs = await run(exposeHead(graph, head), image, [1, 3, 224, 224]);
    const features = outputs[names.features].data;
    for (const c of [0, 281, 999]) {
      const weights = classWeightsFor(head, c, features);
      const score = weights.reduce((sum, w, k) => sum + w * features[k], scoreOffsetFor(head, c, features));
      assert.ok(Math.abs(score - outputs[names.logits].data[c]) < 1e-4);
    }
  });

  test("SqueezeNet of Places: classify, then pool, the map before its activation", async () => {
    const graph = await readGraph(join(models, "squeezenet_places365", "model.onnx"));
    assert.deepEqual(checkGraph(graph), []);
    const head = findGapHead(graph);
    assert.equal(head.summary, "GAP head: fire9/concat 512×13×13 → conv10 365 → leaky-relu → average");
    assert.equal(head.classMaps?.name, "conv10");
    const names = headOutputs(head);
    const outputs = await run(exposeHead(graph, head), image, [1, 3, 224, 224]);
    const [maps, features] = [outputs[names.featureMaps].data, outputs[names.features].data];
    const slope = head.activation?.kind === "leaky-relu" ? head.activation.slope : NaN;
    for (const c of [0, 100, 364]) {
      const weights = classWeightsFor(head, c, features);
      let sum = 0;
      for (let place = 0; place < 169; place++) {
        const value = weights.reduce(
          (total, w, k) => total + w * maps[k * 169 + place],
          scoreOffsetFor(head, c, features),
        );
        sum += value < 0 ? slope * value : value;
      }
      assert.ok(Math.abs(sum / 169 - outputs[names.logits].data[c]) < 1e-4);
    }
  });
});
