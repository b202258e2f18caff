import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import * as tfl from "@tensorflow/tfjs-layers";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { channelsFirst, numbers, relativeDifference, runImported } from "../run-imported.js";
import { saved, writeModel } from "./save-model.js";

type Layer = tfl.layers.Layer;

const folder = mkdtempSync(join(tmpdir(), "camlab-tfjs-"));

/** Seeded weights: those that TF.js starts with would leave biases and statistics at 0 and 1. */
function fill(model: tfl.LayersModel, seed: string): void {
  const weights = model.getWeights().map((weight, i) => {
    const data = numbers(weight.size, `${seed} ${i}`);
    const isVariance = model.weights[i].originalName.includes("variance");
    return tf.tensor(isVariance ? data.map((value) => 1.2 + value) : data.map((value) => value * 0.5), weight.shape);
  });
  model.setWeights(weights);
}

/** How far camlab is from TF.js on a model, for two pictures at once. */
async function difference(model: tfl.LayersModel, seed: string): Promise<number> {
  fill(model, seed);
  const [, ...sides] = model.inputs[0].shape;
  const shape = [2, ...sides.map(Number)];
  const data = numbers(
    shape.reduce((a, b) => a * b),
    `input ${seed}`,
  );
  const expected = (model.predict(tf.tensor(data, shape)) as tf.Tensor).dataSync();
  const path = writeModel(folder, await saved(model), 1000);
  const dims = shape.length === 4 ? [shape[0], shape[3], shape[1], shape[2]] : shape;
  return relativeDifference(
    await runImported(path, dims, shape.length === 4 ? channelsFirst(data, shape) : data),
    expected,
  );
}

function sequence(inputShape: number[], ...layers: Layer[]): tfl.LayersModel {
  const model = tfl.sequential();
  model.add(tfl.layers.inputLayer({ inputShape }));
  for (const layer of layers) model.add(layer);
  return model;
}

/** Models of one layer each, and what is particular about them. */
const SINGLE: Record<string, () => tfl.LayersModel> = {
  "same, stride 2, even size: more zeros behind": () =>
    sequence([8, 10, 3], tfl.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "same" })),
  "same, stride 2, odd size": () =>
    sequence(
      [9, 7, 3],
      tfl.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "same", activation: "relu" }),
    ),
  "same, even kernel": () =>
    sequence([6, 5, 2], tfl.layers.conv2d({ filters: 3, kernelSize: [2, 4], padding: "same" })),
  "same, stride above the kernel": () =>
    sequence([7, 6, 2], tfl.layers.conv2d({ filters: 3, kernelSize: 2, strides: 3, padding: "same" })),
  "stride 2, kernel 1": () =>
    sequence([7, 6, 2], tfl.layers.conv2d({ filters: 3, kernelSize: 1, strides: 2, padding: "same" })),
  dilated: () =>
    sequence(
      [9, 9, 2],
      tfl.layers.conv2d({ filters: 3, kernelSize: 3, dilationRate: 2, padding: "same", useBias: false }),
    ),
  depthwise: () =>
    sequence([8, 8, 3], tfl.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, strides: 2, padding: "same" })),
  separable: () =>
    sequence(
      [8, 7, 3],
      tfl.layers.separableConv2d({
        filters: 5,
        kernelSize: 3,
        depthMultiplier: 2,
        padding: "same",
        activation: "tanh",
      }),
    ),
  "transposed, same": () =>
    sequence([5, 4, 2], tfl.layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same" })),
  "transposed, valid": () => sequence([5, 4, 2], tfl.layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2 })),
  "max pooling, same": () => sequence([7, 8, 3], tfl.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" })),
  "mean pooling, same: zeros do not count": () =>
    sequence([7, 8, 3], tfl.layers.averagePooling2d({ poolSize: 3, strides: 2, padding: "same" })),
  "pooling without strides of its own": () => sequence([7, 8, 3], tfl.layers.averagePooling2d({ poolSize: [2, 3] })),
  "global mean": () => sequence([5, 6, 4], tfl.layers.globalAveragePooling2d({}), tfl.layers.dense({ units: 3 })),
  "global maximum": () => sequence([5, 6, 4], tfl.layers.globalMaxPooling2d({})),
  "zeros around, unlike on each side": () =>
    sequence(
      [4, 5, 2],
      tfl.layers.zeroPadding2d({
        padding: [
          [0, 1],
          [2, 3],
        ],
      }),
    ),
  cropped: () =>
    sequence(
      [7, 8, 2],
      tfl.layers.cropping2D({
        cropping: [
          [1, 2],
          [0, 3],
        ],
      }),
    ),
  "flattened in the file's order": () =>
    sequence([3, 4, 5], tfl.layers.flatten(), tfl.layers.dense({ units: 4, activation: "softmax" })),
  "reshaped to pictures": () =>
    sequence(
      [3, 4, 4],
      tfl.layers.reshape({ targetShape: [4, 6, 2] }),
      tfl.layers.conv2d({ filters: 2, kernelSize: 3 }),
    ),
  "numbers made a picture of one place": () =>
    sequence(
      [6],
      tfl.layers.reshape({ targetShape: [1, 1, 6] }),
      tfl.layers.conv2d({ filters: 4, kernelSize: 1 }),
      tfl.layers.flatten(),
    ),
  "channels and places exchanged": () =>
    sequence([3, 4, 5], tfl.layers.permute({ dims: [3, 1, 2] }), tfl.layers.conv2d({ filters: 2, kernelSize: 2 })),
  "dense over the channels of a picture": () =>
    sequence([3, 4, 5], tfl.layers.dense({ units: 6, activation: "sigmoid" })),
  "normalised, with scale and shift": () => sequence([4, 4, 3], tfl.layers.batchNormalization()),
  "normalised, without scale": () =>
    sequence([4, 4, 3], tfl.layers.batchNormalization({ scale: false, epsilon: 0.01 })),
  "normalised numbers, without shift": () => sequence([5], tfl.layers.batchNormalization({ center: false })),
  "softmax over channels": () => sequence([4, 4, 3], tfl.layers.softmax({ axis: -1 })),
  relu6: () => sequence([4, 4, 3], tfl.layers.reLU({ maxValue: 0.3 }), tfl.layers.activation({ activation: "relu6" })),
  "leaky relu": () => sequence([4, 4, 3], tfl.layers.leakyReLU({ alpha: 0.2 })),
  "learned slopes": () => sequence([4, 4, 3], tfl.layers.prelu({ sharedAxes: [1, 2] })),
  "a learned slope for each place": () => sequence([4, 3, 2], tfl.layers.prelu()),
  elu: () => sequence([4, 4, 3], tfl.layers.elu()),
  "twice as large": () => sequence([3, 4, 2], tfl.layers.upSampling2d({ size: [2, 3] })),
  "dropped in training only": () =>
    sequence([4, 4, 2], tfl.layers.dropout({ rate: 0.5 }), tfl.layers.gaussianNoise({ stddev: 1 })),
};

const ACTIVATIONS = [
  "relu",
  "relu6",
  "sigmoid",
  "hardSigmoid",
  "tanh",
  "elu",
  "selu",
  "softplus",
  "softsign",
  "swish",
  "mish",
  "gelu",
] as const;

describe("TF.js LayersModels give what TF.js gives", () => {
  before(() => tf.setBackend("cpu"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [name, make] of Object.entries(SINGLE)) {
    test(name, async () => {
      const found = await difference(make(), name);
      assert.ok(found < 1e-5, `${found}`);
    });
  }

  for (const activation of ACTIVATIONS) {
    test(`activation ${activation}`, async () => {
      const model = sequence([4, 4, 2], tfl.layers.conv2d({ filters: 3, kernelSize: 2, activation: activation }));
      const found = await difference(model, activation);
      assert.ok(found < 1e-5, `${found}`);
    });
  }

  for (let seed = 0; seed < 12; seed++) {
    test(`a random graph of layers, ${seed}`, async () => {
      const found = await difference(randomModel(seed), `model ${seed}`);
      assert.ok(found < 1e-5, `${found}`);
    });
  }

  test("models in a model, as Teachable Machine saves them, and a layer that is used twice", async () => {
    const trunk = sequence(
      [12, 12, 3],
      tfl.layers.conv2d({ filters: 6, kernelSize: 3, strides: 2, name: "first" }),
      tfl.layers.globalAveragePooling2d({}),
    );
    const head = tfl.sequential({
      layers: [
        tfl.layers.dense({ units: 5, activation: "relu", inputShape: [6] }),
        tfl.layers.dense({ units: 3, useBias: false, activation: "softmax" }),
      ],
    });
    const whole = tfl.sequential();
    whole.add(trunk);
    whole.add(head);
    assert.ok((await difference(whole, "nested")) < 1e-5);

    const input = tfl.input({ shape: [8, 8, 3] });
    const twice = tfl.layers.conv2d({ filters: 3, kernelSize: 3, padding: "same" });
    const output = tfl.layers
      .add()
      .apply([twice.apply(input) as tfl.SymbolicTensor, twice.apply(twice.apply(input)) as tfl.SymbolicTensor]);
    assert.ok((await difference(tfl.model({ inputs: input, outputs: output as tfl.SymbolicTensor }), "twice")) < 1e-5);
  });

  test("weights in 8 and 16 bits and in half precision come back within half a step", async () => {
    const model = sequence(
      [6, 6, 3],
      tfl.layers.conv2d({ filters: 4, kernelSize: 3 }),
      tfl.layers.globalAveragePooling2d({}),
    );
    fill(model, "quantised");
    const data = numbers(6 * 6 * 3, "picture");
    const expected = (model.predict(tf.tensor(data, [1, 6, 6, 3])) as tf.Tensor).dataSync();
    const whole = await saved(model);
    for (const [dtype, most] of [
      ["uint8", 2e-2],
      ["uint16", 1e-4],
      ["float16", 2e-3],
    ] as const) {
      const path = writeModel(folder, quantised(whole, dtype));
      const found = relativeDifference(
        await runImported(path, [1, 3, 6, 6], channelsFirst(data, [1, 6, 6, 3])),
        expected,
      );
      assert.ok(found < most && found > 0, `${dtype}: ${found}`);
    }
  });
});

/** Layers one after the other and beside each other, chosen by a seed. */
function randomModel(seed: number): tfl.LayersModel {
  const random = seededRandom(`tfjs ${seed}`);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const sides = [12 + Math.floor(random() * 8), 12 + Math.floor(random() * 8)];
  const input = tfl.input({ shape: [...sides, 3] });
  let value = input;
  const apply = (layer: Layer, to: tfl.SymbolicTensor | tfl.SymbolicTensor[] = value) =>
    layer.apply(to) as tfl.SymbolicTensor;
  const steps: (() => void)[] = [
    () =>
      (value = apply(
        tfl.layers.conv2d({
          filters: 2 + Math.floor(random() * 6),
          kernelSize: pick([1, 2, 3, 5]),
          strides: pick([1, 2]),
          padding: "same",
          useBias: random() < 0.5,
        }),
      )),
    () =>
      (value = apply(
        tfl.layers.depthwiseConv2d({
          kernelSize: 3,
          strides: pick([1, 2]),
          padding: "same",
          depthMultiplier: pick([1, 2]),
        }),
      )),
    () =>
      (value = apply(
        pick([tfl.layers.maxPooling2d, tfl.layers.averagePooling2d])({
          poolSize: pick([2, 3]),
          strides: pick([1, 2]),
          padding: "same",
        }),
      )),
    () => (value = apply(tfl.layers.batchNormalization({ scale: random() < 0.5 }))),
    () => (value = apply(tfl.layers.activation({ activation: pick(["relu", "relu6", "swish", "tanh"] as const) }))),
    () => {
      const channels = Number(value.shape[3]);
      const left = apply(tfl.layers.conv2d({ filters: channels, kernelSize: 3, padding: "same" }));
      value = apply(
        pick([tfl.layers.add, tfl.layers.multiply, tfl.layers.average, tfl.layers.maximum, tfl.layers.concatenate])(),
        [left, value],
      );
    },
    () => {
      // Squeeze and excite: a number a channel goes back over the picture.
      const channels = Number(value.shape[3]);
      const pooled = apply(
        tfl.layers.reshape({ targetShape: [1, 1, channels] }),
        apply(tfl.layers.globalAveragePooling2d({})),
      );
      value = apply(tfl.layers.multiply(), [
        value,
        apply(tfl.layers.conv2d({ filters: channels, kernelSize: 1, activation: "sigmoid" }), pooled),
      ]);
    },
  ];
  for (let i = 0; i < 6; i++) pick(steps)();
  const end = random() < 0.5 ? tfl.layers.globalAveragePooling2d({}) : tfl.layers.flatten();
  value = apply(tfl.layers.dense({ units: 4 }), apply(end));
  return tfl.model({ inputs: input, outputs: value });
}

/** The same weights with fewer bits, as tfjs-converter writes them. */
function quantised(
  { topology, specs, data }: Awaited<ReturnType<typeof saved>>,
  dtype: "uint8" | "uint16" | "float16",
) {
  let at = 0;
  const pieces: Uint8Array[] = [];
  const own = specs.map((spec) => {
    const count = spec.shape.reduce((a, b) => a * b, 1);
    const floats = new Float32Array(data.slice(at, at + 4 * count).buffer);
    at += 4 * count;
    if (dtype === "float16") {
      pieces.push(new Uint8Array(Uint16Array.from(floats, toHalf).buffer));
      return { ...spec, quantization: { dtype, original_dtype: "float32" } };
    }
    const [min, max] = [Math.min(...floats), Math.max(...floats)];
    const scale = (max - min) / (dtype === "uint8" ? 255 : 65_535) || 1;
    const steps = floats.map((value) => Math.round((value - min) / scale));
    pieces.push(dtype === "uint8" ? Uint8Array.from(steps) : new Uint8Array(Uint16Array.from(steps).buffer));
    return { ...spec, quantization: { dtype, min, scale, original_dtype: "float32" } };
  });
  return { topology, specs: own as unknown as typeof specs, data: Buffer.concat(pieces) };
}

/** Bits of the half-precision number next to zero from a small float. */
function toHalf(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size < 2 ** -14) return sign | Math.round(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return sign | (((exponent + 15) << 10) + Math.round((size / 2 ** exponent - 1) * 1024));
}
