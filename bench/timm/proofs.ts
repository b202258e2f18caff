// Checks what proofs.py wrote: tokens as cells against PyTorch's own, a painted corner's peak in its cell, and path weights
// against a quadrature in double precision (what they cost: bench/path-weights.ts). Ends with 1 where something is off.
//   node --import tsx bench/timm/proofs.ts FOLDER
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { graph, openNetwork } from "../../src/index.js";

const folder = process.argv[2];
const floats = (name: string) => new Float32Array(Uint8Array.from(readFileSync(join(folder, `${name}.bin`))).buffer);
const apart = (found: Float32Array, wanted: Float32Array) => {
  const size = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return found.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0) / size;
};

const TOKENS_APART = 1e-5;
const WEIGHTS_APART = 1e-4;

for (const name of ["vit", "vit-square"]) await tokens(name);
for (const file of readdirSync(folder).sort()) {
  if (file.startsWith("path-") && file.endsWith(".onnx")) await path(basename(file, ".onnx"));
}

function judged(error: number, allowed: number): string {
  if (error <= allowed) return error.toExponential(1);
  process.exitCode = 1;
  return `${error.toExponential(1)} WRONG`;
}

async function tokens(name: string): Promise<void> {
  using network = await openNetwork(join(folder, `${name}.onnx`), { device: "cpu" });
  console.log(network.head.summary);
  const { featureMaps, features, logits } = await network.run(floats(`${name}.input`), 5);
  const { channels, height, width, data } = featureMaps;
  console.log(
    `maps ${channels}×${height}×${width}, against PyTorch's tokens ${judged(apart(data, floats(`${name}.tokens`)), TOKENS_APART)}`,
  );
  console.log(`scores against PyTorch's ${judged(apart(logits, floats(`${name}.logits`)), TOKENS_APART)}`);
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
    if (peak !== corner) process.exitCode = 1;
    console.log(`corner ${corner}: the map changes the most at ${peak}${peak === corner ? "" : " WRONG"}`);
  });
}

async function path(name: string): Promise<void> {
  using network = await openNetwork(join(folder, `${name}.onnx`), { device: "cpu" });
  const { features } = await network.run(floats(`${name}.input`), 1);
  const weights = graph.classWeightsFor(network.head, 7, features);
  const error = judged(apart(weights, floats(`${name}.weights`)), WEIGHTS_APART);
  console.log(`${name}: path weights against a quadrature in double ${error}`);
}
