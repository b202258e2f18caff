// What a class activation map costs after the network has run: `npx tsx bench/cam-and-box.ts`.
// Medians of 300 repeats a step, all steps interleaved, in one process, on random smooth maps.
import { cpus } from "node:os";
import { boxOf } from "../src/kernel-helpers/boxes/box-of.js";
import { connectedComponents } from "../src/kernel-helpers/boxes/connected-components.js";
import { normalise } from "../src/kernel-helpers/cam/normalise.js";
import { upsample } from "../src/kernel-helpers/cam/upsample.js";
import { weightedMap } from "../src/kernel-helpers/cam/weighted-map.js";
import type { HeatMap } from "../src/kernel-helpers/cam/heat-map.js";
import { seededRandom } from "../src/kernel-helpers/support/random.js";

const REPEATS = 300;
const CHANNELS = 768;
const SIDE = 7;
const INPUT = 224;

const random = seededRandom(1);
const signed = (count: number) => Float32Array.from({ length: count }, () => 2 * random() - 1);
const featureMaps = { channels: CHANNELS, height: SIDE, width: SIDE, data: signed(CHANNELS * SIDE * SIDE) };
const weights = Array.from({ length: 5 }, () => signed(CHANNELS));
const placement = {
  ...{ scaleX: 0.448, scaleY: 0.448, offsetX: -26, offsetY: 0 },
  ...{ imageWidth: 616, imageHeight: 500, inputWidth: INPUT, inputHeight: INPUT },
};
const maps: HeatMap[] = weights.map((w) => ({ ...weightedMap(featureMaps, w), placement }));
const to = { width: INPUT, height: INPUT };
const noise = Uint8Array.from({ length: INPUT * INPUT }, () => (random() < 0.5 ? 1 : 0));
const stretched = upsample(maps[0], to);
let turn = 0;
const next = () => maps[turn++ % maps.length];

const steps: Record<string, () => unknown> = {
  "five maps of 768×7×7": () => weights.map((w) => weightedMap(featureMaps, w)),
  "one map 7×7 → 224×224, bilinear": () => upsample(next(), to),
  "one map 7×7 → 224×224, bicubic": () => upsample(next(), { ...to, method: "bicubic" }),
  "one map 224×224, normalised": () => normalise(stretched, "max"),
  "bilinear + paper's box": () => boxOf(next()),
  "bicubic + paper's box": () => boxOf(next(), { upsampling: "bicubic" }),
  "bilinear + authors' boxes": () => boxOf(next(), { rule: "authors" }),
  "components of 224×224 noise": () => connectedComponents(noise, INPUT, INPUT),
};

const times = Object.fromEntries(Object.keys(steps).map((name) => [name, [] as number[]]));
for (let repeat = -50; repeat < REPEATS; repeat++) {
  for (const [name, step] of Object.entries(steps)) {
    const start = performance.now();
    step();
    if (repeat >= 0) times[name].push(performance.now() - start);
  }
}

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model}, medians of ${REPEATS} (90th percentile):`);
for (const [name, values] of Object.entries(times)) {
  values.sort((a, b) => a - b);
  const [median, late] = [0.5, 0.9].map((share) => values[Math.floor(share * values.length)].toFixed(3));
  console.log(`  ${name.padEnd(34)} ${median} ms  (${late})`);
}
