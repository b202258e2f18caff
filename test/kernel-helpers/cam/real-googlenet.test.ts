import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { type CamSource, cam } from "../../../src/kernel-helpers/cam/cam.js";
import { upsample } from "../../../src/kernel-helpers/cam/upsample.js";
import { readNpy } from "../../../src/kernel-helpers/support/files/npy.js";
import { mean } from "./cam-source.js";

const real = process.env.CAMLAB_REAL;
const [CROPS, CHANNELS, CLASSES, SIDE] = [10, 1024, 1000, 14];

describe("real data: the authors' cached GoogLeNet-GAP activations", { skip: !real }, () => {
  let crops: CamSource[];
  let scores: Float32Array;

  before(async () => {
    const folder = join(real!, "models/googlenet_cam_cached");
    const floats = async (file: string) => (await readNpy(join(folder, file))).data as Float32Array;
    const activations = await floats("img1_activations_10x1024x14x14.npy");
    const weights = transposed(await floats("classifier_1024x1000.npy"), CHANNELS, CLASSES);
    scores = await floats("img1_scores_10x1000.npy");
    const classes = Array.from({ length: CLASSES }, (_, c) => String(c));
    crops = Array.from({ length: CROPS }, (_, crop) => sourceOf(crop, activations, weights, classes));
  });

  test("pooling and weights give their softmax scores within 1e-3, on every crop", () => {
    crops.forEach((source, crop) => {
      const logits = scoresOf(source);
      const largest = Math.max(...logits);
      const powers = logits.map((logit) => Math.exp(logit - largest));
      const total = powers.reduce((sum, power) => sum + power, 0);
      powers.forEach((power, c) => assert.ok(Math.abs(power / total - scores[crop * CLASSES + c]) <= 1e-3));
    });
  });

  test("Σ M_c / area is the class score within float error, for every class on every crop", () => {
    for (const source of crops) {
      const logits = scoresOf(source);
      const largest = Math.max(...logits.map(Math.abs));
      logits.forEach((logit, c) => assert.ok(Math.abs(mean(cam(source, c).data) - logit) <= 1e-6 * largest));
    }
  });

  test("maps, stretched both ways, are PyTorch's within 1e-5 of their largest value", () => {
    const cases = JSON.parse(
      readFileSync(new URL("../../fixtures/cam/googlenet-maps.json", import.meta.url), "utf8"),
    ) as { crop: number; class: number; largest: number; bilinear: number[]; bicubic: number[] }[];
    for (const expected of cases) {
      const map = cam(crops[expected.crop], expected.class);
      for (const method of ["bilinear", "bicubic"] as const) {
        const { data } = upsample(map, { width: 224, height: 224, method });
        const places = data.filter((_, p) => p % 1283 === 0);
        assert.equal(places.length, expected[method].length);
        places.forEach((v, i) => assert.ok(Math.abs(v - expected[method][i]) <= 1e-5 * expected.largest));
      }
    }
  });
});

function sourceOf(crop: number, activations: Float32Array, weights: Float32Array, classes: string[]): CamSource {
  const area = SIDE * SIDE;
  const data = activations.subarray(crop * CHANNELS * area, (crop + 1) * CHANNELS * area);
  return {
    featureMaps: { channels: CHANNELS, height: SIDE, width: SIDE, data },
    features: Float32Array.from({ length: CHANNELS }, (_, k) => mean(data.subarray(k * area, (k + 1) * area))),
    network: {
      classes,
      head: {
        form: "pool-then-classify",
        pooling: "average",
        featureMaps: { name: "CAM_conv", channels: CHANNELS },
        logits: { name: "CAM_fc", classes: CLASSES },
        weights,
        summary: "GAP head: CAM_conv 1024×14×14 → average → CAM_fc 1000",
      },
    },
  };
}

/** The scores of every class from the pooled features: the other order of the sum. */
function scoresOf({ features, network }: CamSource): number[] {
  const { weights } = network.head;
  return Array.from({ length: CLASSES }, (_, c) =>
    features.reduce((sum, feature, k) => sum + feature * weights[c * CHANNELS + k], 0),
  );
}

function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) result[c * rows + r] = data[r * columns + c];
  return result;
}
