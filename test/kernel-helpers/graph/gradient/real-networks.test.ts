import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { gradientName, gradientOf } from "../../../../src/kernel-helpers/graph/gradient/gradient-of.js";
import { readGraph } from "../../../../src/kernel-helpers/graph/onnx/read-graph.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { feed } from "./finite-differences.js";

const models = join(process.env.CAMLAB_REAL ?? "", "models");
const dims = [1, 3, 224, 224];

describe("real data: gradients", { skip: !process.env.CAMLAB_REAL }, () => {
  for (const name of ["mobilenet_v1_0.75_224", "squeezenet_places365"]) {
    test(`${name}: a small step along the gradient changes the score by its squared length`, async () => {
      const graph = await readGraph(join(models, name, "model.onnx"));
      const logits = findGapHead(graph).logits.name;
      const whole = gradientOf(graph, { output: logits, withRespectTo: "image", outputs: [logits] });
      const random = seededRandom("photo");
      const photo = Float32Array.from({ length: 3 * 224 * 224 }, () => random() * 2 - 1);
      const classes = name.startsWith("mobilenet") ? 1000 : 365;
      const seed = { data: new Float32Array(classes), dims: [1, classes] };
      seed.data[100] = 1;
      const at = async (data: Float32Array) => feed(whole, { image: { data, dims }, seed });
      const found = await at(photo);
      const gradient = found[gradientName("image")].data;
      const length = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
      const step = 0.01;
      const moved = (sign: number) => photo.map((value, i) => value + (sign * step * gradient[i]) / length);
      const [up, down] = [(await at(moved(1)))[logits].data[100], (await at(moved(-1)))[logits].data[100]];
      const slope = (up - down) / (2 * step);
      assert.ok(Math.abs(slope / length - 1) < 0.01, `slope ${slope}, length ${length}`);
    });
  }
});
