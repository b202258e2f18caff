// camlab's side, as built: a process that lives long, reads the name of a task on a line and answers with a line of JSON,
// the milliseconds it took (for one photograph, step or training).
//
//     node --import tsx bench/peers/camlab-tasks.ts REAL
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { messageOf } from "../../src/kernel-helpers/support/errors.js";
import { gapLike } from "../svm/gap-like.js";

const built = new URL("../../dist/esm/index.js", import.meta.url).href;
const { boxes, extractFeatures, isSkipped, look, lookAtAll, openNetwork, trainLinearSvm } = (await import(
  built
)) as typeof import("../../src/index.js");

const real = process.argv[2];
const folder = join(real, "data/imagenet-photos");
const photos = readdirSync(folder).map((name) => join(folder, name));
const many = Array.from({ length: 10 }, () => photos).flat();
let opened: ReturnType<typeof openNetwork> | undefined;
const network = () =>
  (opened ??= openNetwork("mobilenet_v1_0.75_224", { models: join(real, "models"), device: "cpu" }));
const svmData = gapLike(1000, 768, 2, { length: "unit", noise: 1.5, seed: 2 });

const tasks: Record<string, () => Promise<number>> = {
  async features() {
    const net = await network();
    return timed(async () => void (await extractFeatures(net, many, { cache: false })), many.length);
  },
  async look() {
    const net = await network();
    return timed(async () => {
      for (const photo of photos) boxes.classMaps(await look(net, photo));
    }, photos.length);
  },
  async "look-at-all"() {
    const net = await network();
    return timed(async () => {
      for await (const seen of lookAtAll(net, photos)) if (!isSkipped(seen)) boxes.classMaps(seen);
    }, photos.length);
  },
  svm: () => timed(async () => void (await trainLinearSvm(svmData.features, svmData.labels)), 1),
  // Its own measurement, in its own process: a step with augmentation and optimizer.
  "train-step"() {
    const words = ["--import", "tsx", "bench/training/step-time.ts", "--only", "onnxruntime"];
    const printed = execFileSync(process.execPath, words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const wall = Number(/^\| onnxruntime \| (\d+) \|/m.exec(printed)?.[1]);
    return Number.isFinite(wall) ? Promise.resolve(wall) : Promise.reject(new Error(printed));
  },
};

async function timed(work: () => Promise<void>, count: number): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / count;
}

console.log("{}");
for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log(JSON.stringify({ value: await tasks[line.trim()]() }));
  } catch (error) {
    console.log(JSON.stringify({ missing: messageOf(error) }));
  }
}
process.exit(0);
