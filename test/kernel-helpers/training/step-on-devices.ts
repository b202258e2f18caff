// Run as a process of its own by a test, with the Vulkan driver that it chooses: one step on WebGPU and on the CPU, and how
// far the two are apart, relative to the largest number of each gradient.
import { writeSync } from "node:fs";
import { gapArchitecture } from "../../../src/kernel-helpers/training/parameters/gap-architecture.js";
import { learnableNodes, parametersOf, weightsOf } from "../../../src/kernel-helpers/training/parameters/parameters.js";
import { openOnnxProgram } from "../../../src/kernel-helpers/training/loop/onnx-program.js";
import { gaussian, seededRandom } from "../../../src/kernel-helpers/support/random.js";

const graph = gapArchitecture({
  classes: 3,
  size: 16,
  stages: [{ channels: 6, stride: 2 }, { channels: 8 }],
  normalisation: "batch",
});
const parameters = parametersOf(graph, learnableNodes(graph));
const names = parameters.list.map(({ name }) => name);
const setting = { graph, logits: "logits", classes: 3, loss: "softmax" as const, names, batchStatistics: true };
const weights = weightsOf(
  parameters,
  parameters.variables.map(({ value }) => value),
);
const pixels = gaussian(seededRandom("pixels"), 4 * 16 * 16 * 3, 1);
const targets = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0.5, 0.5, 0);
const [cpu, gpu] = [await openOnnxProgram(setting, "cpu"), await openOnnxProgram(setting, "webgpu")];
const [expected, found] = [
  await cpu.step(await cpu.feeds(pixels, [4, 16, 16]), weights, targets),
  await gpu.step(await gpu.feeds(pixels, [4, 16, 16]), weights, targets),
];
const apart = names.map((name, i) => {
  const largest = Math.max(...expected.gradients[i].map(Math.abs));
  const difference = Math.max(...expected.gradients[i].map((value, j) => Math.abs(value - found.gradients[i][j])));
  return [name, difference / largest];
});
const running = gpu.running.map(({ value }, i) =>
  Math.max(...value.map((v, j) => Math.abs(v - cpu.running[i].value[j]))),
);
const answer = { backend: gpu.backend.name, loss: Math.abs(found.loss - expected.loss), apart, running };
writeSync(1, `\n${JSON.stringify(answer)}\n`);
process.exit(0);
