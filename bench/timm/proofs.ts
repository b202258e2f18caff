// Checks what proofs.py wrote: tokens as cells against PyTorch's own, a painted corner's peak in its cell, path weights
// against a quadrature in double precision and their cost as a share of a forward pass.
//   node --import tsx bench/timm/proofs.ts FOLDER
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { graph, openNetwork } from "../../src/index.js";

const folder = process.argv[2];
const floats = (name: string) => new Float32Array(Uint8Array.from(readFileSync(join(folder, `${name}.bin`))).buffer);
const apart = (found: Float32Array, wanted: Float32Array) => {
  const size = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return found.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0) / size;
};

await tokens();
await path();

async function tokens(): Promise<void> {
  using network = await openNetwork(join(folder, "vit.onnx"), { device: "cpu" });
  console.log(network.head.summary);
  const { featureMaps, features, logits } = await network.run(floats("vit.input"), 5);
  const { channels, height, width, data } = featureMaps;
  console.log(
    `maps ${channels}×${height}×${width}, against PyTorch's tokens ${apart(data, floats("vit.tokens")).toExponential(1)}`,
  );
  console.log(`scores against PyTorch's ${apart(logits, floats("vit.logits")).toExponential(1)}`);
  const places = height * width;
  const mapOf = (photo: number) => {
    const pooled = features.subarray(photo * channels, (photo + 1) * channels);
    const weights = graph.classWeightsFor(network.head, 3, pooled);
    return Float32Array.from({ length: places }, (_, p) =>
      weights.reduce((sum, w, k) => sum + w * data[(photo * channels + k) * places + p], 0),
    );
  };
  const plain = mapOf(0);
  const corners = [0, width - 1, (height - 1) * width, height * width - 1];
  corners.forEach((corner, i) => {
    const change = mapOf(i + 1).map((value, p) => Math.abs(value - plain[p]));
    const peak = change.indexOf(Math.max(...change));
    console.log(`corner ${corner}: the map changes the most at ${peak}${peak === corner ? "" : " WRONG"}`);
  });
}

async function path(): Promise<void> {
  using network = await openNetwork(join(folder, "mobile.onnx"), { device: "cpu", threads: 1 });
  console.log(network.head.summary);
  const input = floats("mobile.input");
  const { features } = await network.run(input, 1);
  const weights = graph.classWeightsFor(network.head, 7, features);
  console.log(
    `path weights against a quadrature in double ${apart(weights, floats("mobile.weights")).toExponential(1)}`,
  );
  let [least, forward] = [Infinity, Infinity];
  for (let round = 0; round < 40; round++) {
    let start = performance.now();
    await network.run(input, 1);
    forward = Math.min(forward, performance.now() - start);
    const fresh = Float32Array.from(features);
    start = performance.now();
    graph.classWeightsFor(network.head, round % 7, fresh);
    least = Math.min(least, performance.now() - start);
  }
  console.log(
    `one class's weights ${least.toFixed(2)} ms, a forward pass on one thread ${forward.toFixed(2)} ms: ${((100 * least) / forward).toFixed(1)} %`,
  );
}
