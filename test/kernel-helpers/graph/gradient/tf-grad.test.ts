import assert from "node:assert/strict";
import { test } from "node:test";
import type { Tensor } from "@tensorflow/tfjs-core";
import { activate, loadBackend } from "../../../../src/kernel-helpers/engines/tfjs/backends.js";
import { makeProgram } from "../../../../src/kernel-helpers/engines/tfjs/program.js";
import { runProgram } from "../../../../src/kernel-helpers/engines/tfjs/run-program.js";
import { gradientName, gradientOf } from "../../../../src/kernel-helpers/graph/gradient/gradient-of.js";
import { images, smallNetwork, SMALL } from "../build-graph.js";
import { feed } from "./finite-differences.js";

test("a small CNN by tf.grad, which shares no code with the gradient rules", async () => {
  const graph = smallNetwork((b, maps) => {
    const channels = SMALL.channels;
    const pooled = b.node("MaxPool", [maps], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
    const shrunk = b.node("MaxPool", [maps], { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1] });
    const depthwise = b.node("Conv", [pooled, b.floats([channels, 1, 3, 3])], {
      group: channels,
      pads: [1, 1, 1, 1],
    });
    const norms = [b.floats([channels]), b.floats([channels]), b.floats([channels])];
    const variance = b.floats(
      [channels],
      Array.from({ length: channels }, (_, i) => 0.5 + i / 8),
    );
    const normed = b.node("BatchNormalization", [b.node("Sigmoid", [depthwise]), ...norms, variance]);
    const joined = b.node("Concat", [b.node("Add", [normed, maps]), pooled], { axis: 1 });
    const dense = b.node("Conv", [joined, b.floats([4, 2 * channels, 3, 3]), b.floats([4])], { strides: [2, 2] });
    const both = [b.node("Relu", [dense]), shrunk].map((value) =>
      b.node("Flatten", [b.node("GlobalAveragePool", [value])]),
    );
    const logits = b.node("Gemm", [b.node("Concat", both, { axis: 1 }), b.floats([4 + channels, 3])]);
    return b.node("Softmax", [logits], { axis: 1 });
  });
  const output = graph.outputs[0].name;
  const image = { data: images(2), dims: [2, ...SMALL.image] };
  const seed = { data: Float32Array.of(0, 1, 0, 1, 0, -2), dims: [2, 3] };
  const found = await feed(gradientOf(graph, { output, withRespectTo: "image" }), { image, seed });
  const ours = found[gradientName("image")].data;

  await import("@tensorflow/tfjs-layers"); // registers the gradients
  const loaded = await loadBackend("cpu");
  activate(loaded);
  const { tf } = loaded;
  const score = (x: Tensor) => {
    const run = runProgram(tf, makeProgram(graph), new Map([["image", x]]));
    let state = run.next();
    while (!state.done) state = run.next();
    const [scores] = state.value.values();
    return tf.sum(tf.mul(scores, tf.tensor(seed.data, [2, 3])));
  };
  const theirs = Float32Array.from(tf.grad(score)(tf.tensor(image.data, image.dims)).dataSync());

  const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const apart = theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i])), 0);
  assert.ok(largest > 0 && apart < 1e-5 * largest, `${apart} of ${largest}`);
});
