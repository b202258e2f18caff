// node --import tsx bench/embedded/evaluate.ts [folder of a network] [objects|scenes|activities|text|birds …]: everything that
// the embedded network is to show, on pictures of a seed that it was not trained on. The pictures are drawn the first
// time and kept. JSON=1 prints one JSON document.
import { openNetwork } from "../../src/index.js";
import type { BootstrapInterval } from "../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";
import { measureBirds } from "./birds.js";
import { measureObjects, type Places } from "./objects.js";
import { measureProbe } from "./probes.js";
import { measureText } from "./text.js";

/** Of no picture that the network was trained on. */
export const HELD_OUT = 7;

const PARTS = ["objects", "scenes", "activities", "text", "birds"] as const;
const [folder = "objects-gap", ...wanted] = process.argv.slice(2);
using network = await openNetwork(folder);
const results: Record<string, unknown> = {};
const line = (name: string, value: string) =>
  process.env.JSON ? undefined : console.log(`  ${name.padEnd(34)} ${value}`);

for (const part of PARTS) {
  if (wanted.length > 0 && !wanted.includes(part)) continue;
  if (!process.env.JSON) console.log(part);
  if (part === "objects") {
    const found = await measureObjects(network, { seed: HELD_OUT, test: 1000 });
    results[part] = found;
    line("mAP (at least 90)", shown(found.meanAveragePrecision));
    line("  chance", percent(found.chance));
    places(found.all, "all");
    for (const size of found.bySize) places(size, size.name);
    for (const { name, averagePrecision, boxes } of found.classes) {
      line(`  ${name}`, `AP ${percent(averagePrecision)}, boxes ${percent(boxes)}`);
    }
  } else if (part === "text") {
    const found = await measureText(network, { seed: HELD_OUT, train: 1000, test: 500 });
    results[part] = found;
    line("AP (at least 90)", shown(found.averagePrecision));
    line("  colours", shown(found.colours));
    line(`peak near a word (at least ${percent(3 * found.peakChance)})`, shown(found.peakNearWord));
    line("  chance; peaks of other pictures", `${percent(found.peakChance)}; ${percent(found.peaksOfOthers)}`);
  } else if (part === "birds") {
    const { report, ...found } = await measureBirds(network, { seed: HELD_OUT, train: 3000, test: 800 });
    results[part] = { ...found, lines: report.findings.lines };
    line("full picture (at least 20)", shown(found.full));
    line("  colours", shown(found.colours));
    line("  over colours (at least 10)", shown(found.overColours));
    line("crop of the SVM's own map", shown(found.crop));
    line("  crop − full (at least 3)", shown(found.gain));
    line("true box", shown(found.truth));
    line("boxes with IoU ≥ 0.5", percent(found.localised));
  } else {
    const found = await measureProbe(network, part, { seed: HELD_OUT, train: 1000, test: 500 });
    results[part] = found;
    line(part === "scenes" ? "accuracy (at least 85)" : "accuracy (at least 36.4)", shown(found.network));
    line("  colours; chance", `${shown(found.colours)}; ${percent(found.chance)}`);
  }
}
if (process.env.JSON) console.log(JSON.stringify(results, undefined, 2));

function places({ objects, boxes, centred, centredMedian, pointing, pointingChance }: Places, name: string): void {
  line(`${name}: ${objects} objects`, `boxes ${shown(boxes)}; pointing ${shown(pointing)}`);
  line(
    "  controls",
    `centred ${percent(centred.value)}, ${percent(centredMedian.value)}; blind ${percent(pointingChance)}`,
  );
}

function shown({ value, low, high }: BootstrapInterval): string {
  return `${percent(value)} (${percent(low)} to ${percent(high)})`;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
