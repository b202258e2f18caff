// How much faster the second, cached extraction of 1,500 images is: first in an empty cache, then again in a process of
// its own.
//
//   CAMLAB_REAL=/path node --import tsx bench/features/second-run.ts
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { extractFeatures } from "../../src/kernel-helpers/features/extract-features.js";
import { listImages } from "../../src/kernel-helpers/images/files/list-images.js";
import { openNetwork } from "../../src/kernel-helpers/networks/open-network.js";

const real = process.env.CAMLAB_REAL;
if (!real) throw new Error("set CAMLAB_REAL to the folder of the real photographs and weights");
if (process.argv[2]) {
  const files = await listImages([join(real, "data/caltech30")]);
  using network = await openNetwork("mobilenet_v1_0.75_224", { models: join(real, "models"), device: "cpu" });
  const start = performance.now();
  const { rows } = await extractFeatures(network, files, { cache: process.argv[2] });
  console.log(JSON.stringify({ rows, seconds: (performance.now() - start) / 1000 }));
} else {
  const cache = mkdtempSync(join(tmpdir(), "camlab-bench-"));
  const run = () => {
    const args = ["--import", "tsx", fileURLToPath(import.meta.url), cache];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as { rows: number; seconds: number };
  };
  const [first, second, third] = [run(), run(), run()];
  for (const [name, { rows, seconds }] of Object.entries({ first, second, third })) {
    console.log(`${name}: ${rows} images in ${seconds.toFixed(3)} s`);
  }
  console.log(`the second run is ${(first.seconds / second.seconds).toFixed(0)} times faster`);
  rmSync(cache, { recursive: true });
}
