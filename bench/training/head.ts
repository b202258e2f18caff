// Head-only fine-tuning of a network on photographs in folders of classes (train/ and test/), and the linear SVM on the
// same network's pooled features: accuracy on the test part, seconds in all.
//   CAMLAB_REAL=… npx tsx bench/training/head.ts [NETWORK] [--device cpu|wasm|tfjs-node]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readFolderPerClass } from "../../src/kernel-helpers/datasets/classes/folder-per-class.js";
import type { TfjsDevice } from "../../src/kernel-helpers/engines/engine.js";
import { extractFeatures } from "../../src/kernel-helpers/features/extract-features.js";
import { isSkipped, lookAtAll } from "../../src/kernel-helpers/networks/look-at-all.js";
import { openNetwork } from "../../src/kernel-helpers/networks/open-network.js";
import { accuracy } from "../../src/kernel-helpers/svm/metrics/accuracy.js";
import { trainLinearSvm } from "../../src/kernel-helpers/svm/train-linear-svm.js";
import { fineTune } from "../../src/kernel-helpers/training/fine-tune.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { device: { type: "string", default: "cpu" } },
});
const [name = "mobilenet_v1_0.75_224"] = positionals;
if (!process.env.CAMLAB_REAL) {
  console.error("usage: CAMLAB_REAL=… npx tsx bench/training/head.ts [NETWORK] [--device cpu|wasm|tfjs-node]");
  process.exit(2);
}
const models = join(process.env.CAMLAB_REAL, "models");
const { pictures } = await readFolderPerClass(join(process.env.CAMLAB_REAL, "data/scenes6"));
const [learn, judge] = ["train", "test"].map((part) => pictures.filter(({ split }) => split === part));
const processor = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
const timed = async (title: string, work: () => Promise<number>) => {
  const [start, cpu] = [performance.now(), processor()];
  const right = await work();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${title}: ${(100 * right).toFixed(1)} % in ${seconds} s (${(processor() - cpu).toFixed(1)} s of processor time)`,
  );
};

await timed(`head by fineTune, ${values.device}`, async () => {
  const tuned = await fineTune({ network: name, models, pictures: learn, device: values.device as TfjsDevice });
  const folder = mkdtempSync(join(tmpdir(), "camlab-head-"));
  try {
    await tuned.save(folder);
    using network = await openNetwork(folder);
    let right = 0;
    for await (const seen of lookAtAll(network, judge, { top: 1 })) {
      if (!isSkipped(seen) && seen.top[0].name === seen.picture.label) right++;
    }
    return right / judge.length;
  } finally {
    rmSync(folder, { recursive: true });
  }
});
await timed("linear SVM, C = 1, features of length 1", async () => {
  using network = await openNetwork(name, { models });
  const features = await extractFeatures(network, pictures, { cache: false });
  const [train, test] = [features.ofSplit("train"), features.ofSplit("test")];
  const svm = await trainLinearSvm(train, train.labels, { steps: ["l2Normalise"] });
  return accuracy(svm.predict(test), test.labels);
});
