// What looking costs beyond its two unavoidable parts. In one run, interleaved, five times: decoding alone;
// `session.run` alone on the prepared inputs; and the whole way, decode → network → five maps → boxes, once photo by
// photo (`look`) and once streamed (`lookAtAll`). Prints medians and the ratio whole / (decoding + run). Then the
// memory (RSS) after 100 and after 1,000 photographs.
//
//   npm run build && CAMLAB_REAL=/path node --import tsx bench/look.ts
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { isSkipped, look, lookAtAll, openNetwork } from "../src/index.js";
import { classMaps } from "../src/kernel-helpers/boxes/class-maps.js";
import { prepareImage } from "../src/kernel-helpers/images/input/prepare-image.js";
import { fillInput } from "../src/kernel-helpers/images/input/fill-input.js";
import { median } from "../src/kernel-helpers/support/statistics.js";

const real = process.env.CAMLAB_REAL;
if (!real) throw new Error("set CAMLAB_REAL to the folder of the real photographs and weights");
const repeats = Number(process.env.REPEATS ?? 5);
const folder = join(real, "data/imagenet-photos");
const files = readdirSync(folder).map((name) => join(folder, name));
const model = join(real, "models/mobilenet_v1_0.75_224/model.onnx");

const network = await openNetwork("mobilenet_v1_0.75_224", { models: join(real, "models"), device: "cpu" });
const session = await InferenceSession.create(model, { executionProviders: ["cpu"] });
const { preprocessing } = network;
const inputs: Float32Array[] = [];
for (const file of files) {
  const batch = new Float32Array(3 * 224 * 224);
  fillInput(batch, 0, (await prepareImage(file, preprocessing)).pixels, preprocessing);
  inputs.push(batch);
}

const parts = {
  async decode() {
    for (const file of files) await prepareImage(file, preprocessing);
  },
  async run() {
    for (const input of inputs) await session.run({ image: new Tensor("float32", input, [1, 3, 224, 224]) });
  },
  async look() {
    for (const file of files) classMaps(await look(network, file));
  },
  async lookAtAll() {
    for await (const seen of lookAtAll(network, files)) if (!isSkipped(seen)) classMaps(seen);
  },
};
const times: Record<keyof typeof parts, number[]> = { decode: [], run: [], look: [], lookAtAll: [] };
for (const part of Object.values(parts)) await part();
for (let repeat = 0; repeat < repeats; repeat++) {
  for (const [name, part] of Object.entries(parts)) {
    const start = performance.now();
    await part();
    times[name as keyof typeof parts].push((performance.now() - start) / files.length);
  }
}
const ms = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
const unavoidable = ms.decode + ms.run;
console.log(`ms a photo, medians of ${repeats}: decoding ${ms.decode.toFixed(2)}, session.run ${ms.run.toFixed(2)}`);
console.log(`photo by photo: ${ms.look.toFixed(2)} ms, ${(ms.look / unavoidable).toFixed(2)} × (decoding + run)`);
console.log(
  `streamed:       ${ms.lookAtAll.toFixed(2)} ms, ${(ms.lookAtAll / unavoidable).toFixed(2)} × (decoding + run)`,
);

let seenSoFar = 0;
const rss: number[] = [];
const many = Array.from({ length: 10 }, () => files).flat();
for await (const seen of lookAtAll(network, many)) {
  if (!isSkipped(seen)) classMaps(seen);
  if (++seenSoFar === 100 || seenSoFar === 1000) rss.push(process.memoryUsage.rss() / 2 ** 20);
}
console.log(
  `RSS after 100: ${rss[0].toFixed(0)} MiB, after 1,000: ${rss[1].toFixed(0)} MiB (${(rss[1] / rss[0]).toFixed(2)} ×)`,
);
await session.release();
network.dispose();
