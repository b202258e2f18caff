// Gradients on WebAssembly (or on the backend that CAMLAB_TFJS names), some of which camlab writes itself, against those
// of TF.js's plain JavaScript backend, and against differences of the loss.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Rank, Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { TfjsDevice } from "../../../src/kernel-helpers/engines/engine.js";
import { loadTrainingBackend } from "../../../src/kernel-helpers/engines/tfjs/training/training-ops.js";
import { float, makeGraph, makeNode, makeTensor } from "../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { gaussian, seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { openOnnxProgram } from "../../../src/kernel-helpers/training/loop/onnx-program.js";
import type { StepProgram, StepSetting } from "../../../src/kernel-helpers/training/loop/step-program.js";
import { openTfjsProgram } from "../../../src/kernel-helpers/training/loop/tfjs-program.js";

const DEVICE = (process.env.CAMLAB_TFJS ?? "wasm") as TfjsDevice;

test("convolutions' gradients on WebAssembly equal the plain backend's", async () => {
  const { tf } = await loadTrainingBackend("wasm");
  await loadTrainingBackend("cpu");
  const shapes = [
    { kernel: 3, stride: 1, height: 7, width: 6 },
    { kernel: 3, stride: 2, height: 7, width: 8 },
    { kernel: 4, stride: 2, height: 8, width: 10 },
    { kernel: 1, stride: 2, height: 7, width: 7 },
    { kernel: 5, stride: 3, height: 11, width: 8 },
  ];
  for (const { kernel, stride, height, width } of shapes) {
    for (const pad of ["same", "valid"] as const) {
      for (const depthwise of [false, true]) {
        const gradients = async (backend: string) => {
          await tf.setBackend(backend);
          return tf.tidy(() => {
            const x = tf.randomNormal<Rank.R4>([2, height, width, 3], 0, 1, "float32", 1);
            const filter = tf.randomNormal<Rank.R4>([kernel, kernel, 3, depthwise ? 2 : 4], 0, 1, "float32", 2);
            const compute = (a: Tensor, b: Tensor) => {
              const convolve = depthwise ? tf.depthwiseConv2d : tf.conv2d;
              return convolve(a as Tensor4D, b as Tensor4D, stride, pad);
            };
            const dy = tf.randomNormal(compute(x, filter).shape, 0, 1, "float32", 3);
            return tf
              .grads(compute)([x, filter], dy)
              .map((gradient) => gradient.dataSync() as Float32Array);
          });
        };
        const [wasm, plain] = [await gradients("wasm"), await gradients("cpu")];
        const name = `${kernel}×${kernel} stride ${stride} ${pad}${depthwise ? " depthwise" : ""}`;
        wasm.forEach((numbers, i) => close(numbers, plain[i], 2e-5, `${name}, ${["input", "filter"][i]}`));
      }
    }
  }
});

test("maximum pooling's gradient goes to each window's maximum", async () => {
  const { tf } = await loadTrainingBackend("wasm");
  await tf.setBackend("wasm");
  //   1 5 2      windows of 2×2: 5 5 / 4 6; of equal maxima the first
  //   4 3 5
  //   2 0 6
  const x = tf.tensor4d([1, 5, 2, 4, 3, 5, 2, 0, 6], [1, 3, 3, 1]);
  const dy = tf.tensor4d([10, 20, 30, 40], [1, 2, 2, 1]);
  const gradient = tf.grad((image: Tensor) => tf.maxPool(image as Tensor4D, 2, 1, "valid"))(x, dy);
  assert.deepEqual([...gradient.dataSync()], [0, 30, 0, 30, 0, 0, 0, 0, 40]);
});

const random = seededRandom("gradients");
const weights = (name: string, ...dims: number[]) =>
  makeTensor(
    name,
    dims,
    gaussian(
      random,
      dims.reduce((product, dim) => product * dim, 1),
      0.4,
    ),
  );

/** Every kind of layer that is written anew for training, and some that are not. */
function manyLayers() {
  const nodes = [
    makeNode("Conv", ["image", "a.w", "a.b"], ["a"], { pads: [1, 1, 1, 1], strides: [2, 2] }),
    makeNode("BatchNormalization", ["a", "n.s", "n.b", "n.m", "n.v"], ["n"], { epsilon: float(1e-5) }),
    makeNode("Relu", ["n"], ["r"]),
    makeNode("Conv", ["r", "d.w"], ["d"], { group: 4, pads: [1, 1, 1, 1] }),
    makeNode("Conv", ["d", "g.w"], ["g"], { group: 2, pads: [0, 1, 0, 1] }),
    makeNode("LeakyRelu", ["g"], ["l"], { alpha: float(0.1) }),
    makeNode("Conv", ["l", "e.w"], ["e"], { dilations: [2, 2], pads: [2, 2, 2, 2] }),
    makeNode("MaxPool", ["e"], ["m"], { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] }),
    makeNode("AveragePool", ["e"], ["v"], { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] }),
    makeNode("Add", ["m", "v"], ["sum"]),
    makeNode("GlobalAveragePool", ["sum"], ["pooled"]),
    makeNode("Flatten", ["pooled"], ["flat"]),
    makeNode("Gemm", ["flat", "c.w", "c.b"], ["logits"], { transB: 1 }),
  ];
  const initializers = [
    weights("a.w", 4, 3, 3, 3),
    weights("a.b", 4),
    makeTensor("n.s", [4], Float32Array.of(1, 0.8, 1.3, 1.1)),
    weights("n.b", 4),
    weights("n.m", 4),
    makeTensor("n.v", [4], Float32Array.of(1, 2, 0.5, 1.5)),
    weights("d.w", 4, 1, 3, 3),
    weights("g.w", 6, 2, 1, 3),
    weights("e.w", 5, 6, 3, 3),
    weights("c.w", 3, 5),
    weights("c.b", 3),
  ];
  return makeGraph({
    inputs: [{ name: "image", dims: ["N", 3, 12, 12] }],
    outputs: [{ name: "logits", dims: ["N", 3] }],
    nodes,
    initializers,
  });
}

// Behind a batch's own statistics a bias has no effect, so its slope is nothing but noise.
const NAMES = ["a.w", "n.s", "n.b", "d.w", "g.w", "e.w", "c.w", "c.b"];

const PROGRAMS: Readonly<Record<string, (setting: StepSetting) => Promise<StepProgram>>> = {
  "TF.js": async (setting) => openTfjsProgram(setting, await loadTrainingBackend(DEVICE)),
  "ONNX Runtime": (setting) => openOnnxProgram(setting, "cpu"),
};

for (const batchStatistics of [true, false]) {
  const which = batchStatistics ? "the batch's statistics" : "stored statistics";
  for (const [engine, openWith] of Object.entries(PROGRAMS)) {
    test(`a network's gradients in ${engine} are the plain backend's and the slopes of its loss, with ${which}`, async () => {
      const graph = manyLayers();
      const values = NAMES.map((name) => new Float32Array(graph.initializer(name)!.rawData.slice().buffer));
      const pixels = gaussian(seededRandom("pixels"), 3 * 12 * 12 * 3, 1);
      const targets = Float32Array.of(1, 0, 0, 0, 1, 0, 0.5, 0, 0.5);
      const loss = batchStatistics ? "softmax" : "sigmoid";
      const setting: StepSetting = { graph, logits: "logits", classes: 3, loss, names: NAMES, batchStatistics };
      const opened = async (program: StepProgram) => {
        const feeds = await program.feeds(pixels, [3, 12, 12]);
        return (weights: Float32Array[]) => program.step(feeds, weights, targets);
      };
      const plainly = await openTfjsProgram(setting, await loadTrainingBackend("cpu"));
      const [plain, own] = [await opened(plainly), await opened(await openWith(setting))];
      const [expected, found] = [await plain(values), await own(values)];
      const { gradients } = found;
      close([found.loss], [expected.loss], 1e-6, "loss");
      close(found.logits, expected.logits, 1e-5, "logits");
      for (const [i, value] of values.entries()) {
        close(gradients[i], expected.gradients[i], 1e-5, NAMES[i]);
        // Along a random direction, from both sides; near enough that hardly a maximum or ReLU changes its mind.
        const direction = gaussian(seededRandom(`along ${NAMES[i]}`), value.length, 1);
        const step = 5e-4;
        const moved = async (by: number) => {
          const changed = values.map((each, j) => (j === i ? each.map((v, k) => v + by * direction[k]) : each));
          return (await own(changed)).loss;
        };
        const slope = ((await moved(step)) - (await moved(-step))) / (2 * step);
        const product = direction.reduce((sum, d, k) => sum + d * gradients[i][k], 0);
        const scale = Math.hypot(...gradients[i]) + 0.02;
        assert.ok(Math.abs(slope - product) < 0.04 * scale, `${NAMES[i]}: ${product}, slope ${slope}`);
      }
    });
  }
}

test("a step leaves no tensor behind", async () => {
  const loaded = await loadTrainingBackend(DEVICE);
  const graph = manyLayers();
  const names = ["a.w", "n.s", "c.w"];
  const values = names.map((name) => new Float32Array(graph.initializer(name)!.rawData.slice().buffer));
  const setting = { graph, logits: "logits", classes: 3, loss: "softmax" as const, names, batchStatistics: true };
  const before = loaded.tf.memory().numTensors;
  const program = await openTfjsProgram(setting, loaded);
  for (let i = 0; i < 3; i++) {
    const feeds = await program.feeds(new Float32Array(2 * 12 * 12 * 3), [2, 12, 12]);
    await program.step(feeds, values, Float32Array.of(1, 0, 0, 0, 1, 0));
    await program.scores(feeds, values);
    program.release(feeds);
  }
  program.dispose();
  assert.equal(loaded.tf.memory().numTensors, before);
});

function close(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, name: string): void {
  assert.equal(actual.length, expected.length, name);
  for (let i = 0; i < actual.length; i++) {
    const scale = 1 + Math.abs(expected[i]);
    assert.ok(
      Math.abs(actual[i] - expected[i]) <= tolerance * scale,
      `${name} at ${i}: ${actual[i]}, expected ${expected[i]}`,
    );
  }
}
