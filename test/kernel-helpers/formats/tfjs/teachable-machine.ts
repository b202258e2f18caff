import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import * as tfl from "@tensorflow/tfjs-layers";
import { numbers } from "../run-imported.js";
import { saved, writeModel } from "./save-model.js";

/** Writes what Teachable Machine lets one download, on a small scale: a truncated trunk, two dense layers, a metadata.json. */
export async function writeTeachableMachine(folder: string): Promise<string> {
  await tf.setBackend("cpu");
  const trunk = tfl.sequential();
  trunk.add(
    tfl.layers.conv2d({
      inputShape: [32, 32, 3],
      filters: 6,
      kernelSize: 3,
      strides: 4,
      padding: "same",
      activation: "relu",
    }),
  );
  trunk.add(tfl.layers.globalAveragePooling2d({}));
  const head = tfl.sequential();
  head.add(tfl.layers.dense({ inputShape: [6], units: 10, activation: "relu" }));
  head.add(tfl.layers.dense({ units: 3, useBias: false, activation: "softmax" }));
  const whole = tfl.sequential({ layers: [trunk, head] });
  whole.setWeights(
    whole.getWeights().map((weight, i) => tf.tensor(numbers(weight.size, `teachable ${i}`), weight.shape)),
  );
  const path = writeModel(folder, await saved(whole));
  const metadata = {
    tfjsVersion: "1.3.1",
    packageName: "@teachablemachine/image",
    imageSize: 32,
    labels: ["cat", "dog", "neither"],
  };
  writeFileSync(join(folder, "metadata.json"), JSON.stringify(metadata));
  return path;
}
