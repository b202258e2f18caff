// How much of the processor an extraction uses well. In one run, interleaved: processor seconds an image of decoding
// alone and of the network alone; then the whole extraction by the clock, cache off and on. Prints medians, and the rate
// as a share of cores / (decoding + network): 100 % would be two perfect halves that never wait for each other.
// It measures the build, so that threads do not first translate TypeScript:
//
//   npm run build && CAMLAB_REAL=/path node --import tsx bench/features/throughput.ts
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { extractFeatures, images, listImages, openNetwork } from "camlab";
import { median } from "../../src/kernel-helpers/support/statistics.js";

const real = process.env.CAMLAB_REAL;
if (!real) throw new Error("set CAMLAB_REAL to the folder of the real photographs and weights");
const repeats = Number(process.env.REPEATS ?? 3);
const count = Number(process.env.IMAGES ?? 600);
const batch = 4;
const files = (await listImages([join(real, "data/caltech30")])).slice(0, count);
const network = await openNetwork("mobilenet_v1_0.75_224", { models: join(real, "models"), device: "cpu" });
const { preprocessing } = network;
const inputs = new Float32Array(batch * 3 * preprocessing.width * preprocessing.height);

const parts = {
  async decode() {
    // The more at once, the less each costs: more than an extraction has under way, so as not to flatter it.
    for (let i = 0; i < files.length; i += 32) {
      const some = await Promise.all(files.slice(i, i + 32).map((file) => images.prepareImage(file, preprocessing)));
      if (i === 0) some.slice(0, batch).forEach(({ pixels }, s) => images.fillInput(inputs, s, pixels, preprocessing));
    }
  },
  async network() {
    for (let i = 0; i < files.length; i += batch) await network.run(inputs, batch);
  },
  async extraction() {
    await extractFeatures(network, files, { cache: false });
  },
  async extractionKept() {
    const cache = mkdtempSync(join(tmpdir(), "camlab-bench-"));
    await extractFeatures(network, files, { cache });
    rmSync(cache, { recursive: true });
  },
};

type Name = keyof typeof parts;
const names = Object.keys(parts) as Name[];
const measured = Object.fromEntries(names.map((name) => [name, [] as { wall: number; cpu: number }[]])) as Record<
  Name,
  { wall: number; cpu: number }[]
>;
for (let repeat = 0; repeat <= repeats; repeat++) {
  for (const name of names) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    await parts[name]();
    const { user, system } = process.cpuUsage(cpu);
    // The first round warms up.
    if (repeat > 0) measured[name].push({ wall: performance.now() - start, cpu: (user + system) / 1000 });
  }
}

const of = (name: Name, what: "wall" | "cpu") => median(measured[name].map((each) => each[what])) / files.length;
const cores = availableParallelism();
const ideal = (of("decode", "cpu") + of("network", "cpu")) / cores;
console.log(`${files.length} images, batch ${batch}, ${cores} cores, median of ${repeats}; milliseconds an image`);
for (const name of names) {
  console.log(`${name.padEnd(15)} clock ${of(name, "wall").toFixed(2)}  processor ${of(name, "cpu").toFixed(2)}`);
}
for (const name of ["extraction", "extractionKept"] as const) {
  const share = ((100 * ideal) / of(name, "wall")).toFixed(1);
  const busy = ((100 * of(name, "cpu")) / of(name, "wall") / cores).toFixed(1);
  const extra = (100 * (of(name, "cpu") / (ideal * cores) - 1)).toFixed(1);
  console.log(
    `${name}: ${share} % of cores / (decode + network); cores busy ${busy} %, work beyond the two ${extra} %`,
  );
}
network.dispose();
