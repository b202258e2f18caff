// Time of one training step with ONNX Runtime, and on each backend of TF.js that is here, and where it goes.
//   npx tsx bench/training/step-time.ts [--batch 16] [--size 112] [--normalisation weights|batch|none] [backend …]
// Processor time of all threads stands beside the clock's: on a machine that others use too, it is what repeats.
import { spawnSync } from "node:child_process";
import { availableParallelism, cpus, loadavg } from "node:os";
import type { Device, TfjsDevice } from "../../src/kernel-helpers/engines/engine.js";
import { messageOf } from "../../src/kernel-helpers/support/errors.js";
import { seededRandom } from "../../src/kernel-helpers/support/random.js";
import { writeAugmented } from "../../src/kernel-helpers/training/data/augment.js";
import { gapArchitecture } from "../../src/kernel-helpers/training/parameters/gap-architecture.js";
import { startOptimizer, takeStep } from "../../src/kernel-helpers/training/loop/optimizer.js";
import {
  learnableNodes,
  parametersOf,
  variableGradients,
  weightsOf,
} from "../../src/kernel-helpers/training/parameters/parameters.js";
import { openProgram } from "../../src/kernel-helpers/training/loop/open-program.js";
import type { Feeds } from "../../src/kernel-helpers/training/loop/step-program.js";
import { benchArguments } from "../arguments.js";
import { targetNumbers } from "../../src/kernel-helpers/training/data/targets.js";

const { values, positionals } = benchArguments({ batch: "16", size: "112", normalisation: "weights", only: "" });
const batch = Number(values.batch);
const size = Number(values.size);
const normalisation = values.normalisation as "weights" | "batch" | "none";
const CLASSES = 20;
const stages = [
  { channels: 32, stride: 2 },
  { channels: 64, stride: 2 },
  { channels: 128, blocks: 2, stride: 2 },
];
const graph = gapArchitecture({ classes: CLASSES, size, stages, normalisation });
const parameters = parametersOf(graph, learnableNodes(graph));
const numbers = parameters.variables.reduce((sum, { value }) => sum + value.length, 0);
const names = stages.map(({ channels, blocks = 1 }) => `${channels}${blocks > 1 ? ` × ${blocks}` : ""}`).join(", ");

if (values.only !== "") {
  try {
    await measure(values.only);
  } catch (error) {
    console.log(`| ${values.only} | ${messageOf(error).split("\n")[0]} | | | | |`);
  }
} else {
  console.log(`${cpus()[0].model}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)} before`);
  console.log(`${size} px, stages ${names}, ${normalisation}: ${numbers} learned numbers; batches of ${batch}\n`);
  console.log(
    "| Backend | Step (ms) | Processor time (ms) | of which forward and backward | augmentation | optimizer |",
  );
  console.log("| --- | --- | --- | --- | --- | --- |");
  // A process each: two native packages, or two copies of a backend, do not go together in one.
  for (const device of positionals.length > 0
    ? positionals
    : ["onnxruntime", "tfjs-node-gpu", "tfjs-node", "wasm", "cpu"]) {
    const again = [...process.execArgv, ...process.argv.slice(1), "--only", device];
    spawnSync(process.execPath, again, { stdio: ["ignore", "inherit", "ignore"] });
  }
}

async function measure(device: string): Promise<void> {
  const [engine, on] = device.split(" ") as ["onnxruntime" | TfjsDevice, Device?];
  const how = engine === "onnxruntime" ? { engine, device: on ?? "cpu" } : { engine: "tfjs" as const, device: engine };
  const setting = {
    graph,
    logits: "logits",
    classes: CLASSES,
    loss: "softmax" as const,
    names: parameters.list.map(({ name }) => name),
    batchStatistics: true,
  };
  const program = await openProgram(setting, how);
  const optimizer = { kind: "adamw" } as const;
  const state = startOptimizer(optimizer, parameters.variables);
  const picture = Uint8Array.from({ length: size * size * 3 }, (_, i) => (i * 31) % 256);
  const pixels = new Float32Array(batch * picture.length);
  const form = { width: size, height: size, channelOrder: "RGB", mean: [127, 127, 127], std: [64, 64, 64] } as const;
  const changes = { scale: [0.5, 1], flip: true, brightness: 0.2, contrast: 0.2 } as const;
  const lists = Array.from({ length: batch }, (_, i) => [i % CLASSES]);
  const targets = targetNumbers(lists, CLASSES, "softmax", 0);
  const parts = { augmentation: 0, network: 0, optimizer: 0 };
  const timed = async <T>(part: keyof typeof parts, work: () => T | Promise<T>): Promise<T> => {
    const before = process.cpuUsage();
    const result = await work();
    const { user, system } = process.cpuUsage(before);
    parts[part] += (user + system) / 1000;
    return result;
  };
  const augment = async (step: number) => {
    for (let i = 0; i < batch; i++) writeAugmented(pixels, i, picture, form, changes, seededRandom(`${step} ${i}`));
    return program.feeds(pixels, [batch, size, size]);
  };
  const learn = async (feeds: Feeds) => {
    const weights = weightsOf(
      parameters,
      parameters.variables.map(({ value }) => value),
    );
    const { gradients } = await program.step(feeds, weights, targets);
    program.release(feeds);
    return variableGradients(parameters, gradients);
  };
  const move = (gradients: readonly Float32Array[]) => {
    takeStep(optimizer, state, parameters.variables, gradients, { learningRate: 1e-4, weightDecay: 0.01 });
  };
  const steps = device === "cpu" ? 1 : 5;
  // First part by part; the first steps warm up, but for the slow backend, where the one is all there is.
  for (let step = device === "cpu" ? 0 : -3; step < steps; step++) {
    if (step === 0) for (const part of Object.keys(parts) as (keyof typeof parts)[]) parts[part] = 0;
    const feeds = await timed("augmentation", () => augment(step));
    const gradients = await timed("network", () => learn(feeds));
    await timed("optimizer", () => move(gradients));
  }
  // Then as the training's loop does: the next pictures are changed while these are learned from.
  let wall = Infinity;
  let next = augment(0);
  for (let step = 1; step <= steps; step++) {
    const feeds = await next;
    const start = performance.now();
    const learning = learn(feeds);
    next = augment(step);
    const gradients = await learning;
    await next;
    move(gradients);
    wall = Math.min(wall, performance.now() - start);
  }
  program.release(await next);
  const each = Object.values(parts).map((time) => time / steps);
  const [augmentation, network, optimizing] = each.map((time) => time.toFixed(0));
  const sum = each.reduce((total, time) => total + time, 0).toFixed(0);
  console.log(`| ${device} | ${wall.toFixed(0)} | ${sum} | ${network} | ${augmentation} | ${optimizing} |`);
  program.dispose();
}
