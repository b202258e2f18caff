// Whether memory stays flat: resident memory beyond the table while 20,000 images stream through, cache off. The same
// files come again and again; each time they are read and decoded anew.
//
//   CAMLAB_REAL=/path node --expose-gc --import tsx bench/features/memory.ts
import { join } from "node:path";
import { extractFeatures } from "../../src/kernel-helpers/features/extract-features.js";
import { listImages } from "../../src/kernel-helpers/images/files/list-images.js";
import { openNetwork } from "../../src/kernel-helpers/networks/open-network.js";

const real = process.env.CAMLAB_REAL;
if (!real) throw new Error("set CAMLAB_REAL to the folder of the real photographs and weights");
const total = Number(process.env.IMAGES ?? 20_000);
const files = await listImages([join(real, "data/scenes6")]);
const items = Array.from({ length: total }, (_, i) => files[i % files.length]);
using network = await openNetwork("mobilenet_v1_0.75_224", { models: join(real, "models"), device: "cpu" });
const perImage = network.head.featureMaps.channels * 4;
const beyond: number[] = [];

await extractFeatures(network, items, {
  cache: false,
  onProgress({ done, elapsed }) {
    if (done % 1000 !== 0) return;
    // The table's pages become resident as they are filled.
    const mebibytes = (process.memoryUsage().rss - done * perImage) / 2 ** 20;
    beyond.push(mebibytes);
    console.log(
      `${done} images: ${mebibytes.toFixed(0)} MiB beyond the table, ${((1000 * done) / elapsed).toFixed(0)}/s`,
    );
  },
});
const change = (100 * (beyond.at(-1)! / beyond[0] - 1)).toFixed(1);
console.log(`from ${1000} to ${total} images: ${change} %`);
