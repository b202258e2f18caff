// CAMLAB_REAL=FOLDER node --import tsx bench/localization/repairs.ts [NETWORK …] [--maps own,finer] [--pooled 0.1]: the known
// repairs of CAM for boxes (Bae et al., 2020), alone and together, on 250 ILSVRC photographs: share of boxes with IoU ≥ 0.5 of
// the true class. The threshold, and where it is taken from, are chosen on one half of the photographs and judged on the other,
// both ways round; beside it the best of all on all, as tables usually have it.
import { boxOf, type HeatMap, iou, isSkipped, lookAtAll, type Seen, svm, upsample } from "../../src/index.js";
import { classWeightsFor } from "../../src/kernel-helpers/graph/head/class-weights.js";
import { mean } from "../../src/kernel-helpers/support/statistics.js";
import { benchArguments } from "../arguments.js";
import { IMAGENET_NETWORKS, openImagenetNetwork, outputLabels, readImagenetBoxes } from "./imagenet-boxes.js";
import { type MapRepair, repairedMap } from "./repaired-map.js";

const PERCENTILES = [1, 0.95, 0.9, 0.8];
const THRESHOLDS = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/** Which repairs make a row. */
interface Repair extends MapRepair {
  readonly percentiles: readonly number[];
}

/** A row's hits: by setting, then by picture. */
type Hits = Map<string, number[]>;

function repairs(levels: readonly number[]): Record<string, Repair> {
  const one = [1];
  return {
    "plain CAM": { clamped: false, pooled: undefined, percentiles: one },
    clamped: { clamped: true, pooled: undefined, percentiles: one },
    ...Object.fromEntries(
      levels.map((pooled) => [`pooled above ${pooled}`, { clamped: false, pooled, percentiles: one }]),
    ),
    percentile: { clamped: false, pooled: undefined, percentiles: PERCENTILES },
    "clamped, percentile": { clamped: true, pooled: undefined, percentiles: PERCENTILES },
    ...Object.fromEntries(
      levels.flatMap((pooled) => [
        [`pooled above ${pooled}, clamped`, { clamped: true, pooled, percentiles: one }],
        [`all three, above ${pooled}`, { clamped: true, pooled, percentiles: PERCENTILES }],
      ]),
    ),
  };
}

/** Whether the box is right, by setting: a share of a percentile is a share of the maximum, which boxes are quick to find at. */
function hitsOf(seen: Seen, map: HeatMap, percentiles: readonly number[]): Map<string, number> {
  const sorted = upsample(map, { width: 224, height: 224 }).data.sort();
  const most = sorted[sorted.length - 1];
  const { objects = [] } = seen.picture as { objects?: readonly { box: Parameters<typeof iou>[1] }[] };
  const found = new Map<string, number>();
  for (const percentile of percentiles) {
    const level = sorted[Math.min(sorted.length - 1, Math.floor(percentile * sorted.length))];
    for (const threshold of THRESHOLDS) {
      const share = (threshold * level) / most;
      const { box } = share >= 0 && share < 1 ? boxOf(map, { threshold: share }) : { box: undefined };
      const right = box !== undefined && objects.some((object) => iou(box, object.box) >= 0.5);
      found.set(`${percentile === 1 ? "" : `of the ${100 * percentile}th percentile, `}${threshold}`, Number(right));
    }
  }
  return found;
}

/** What is right at the setting that was best on the other half. */
function acrossHalves(hits: Hits): number[] {
  const count = [...hits.values()][0].length;
  const chosen = [0, 1].map((half) => bestOf(hits, (i) => i % 2 === half));
  return Array.from({ length: count }, (_, i) => hits.get(chosen[1 - (i % 2)])![i]);
}

function bestOf(hits: Hits, isCounted: (picture: number) => boolean = () => true): string {
  const right = (values: readonly number[]) => values.reduce((sum, value, i) => sum + (isCounted(i) ? value : 0), 0);
  return [...hits].reduce((best, one) => (right(one[1]) > right(best[1]) ? one : best))[0];
}

const percent = (share: number) => (100 * share).toFixed(1);

/** Mean of what is told of each picture, with its interval over them. */
function interval(values: readonly number[]): string {
  const { value, low, high } = svm.bootstrapInterval(values.length, (rows) => mean(rows.map((i) => values[i])));
  return `${percent(value)} (${percent(low)} to ${percent(high)})`;
}

async function main(): Promise<void> {
  const { values, positionals } = benchArguments({ maps: "own,finer", pooled: "0,0.1,0.3" });
  const real = process.env.CAMLAB_REAL;
  const data = await readImagenetBoxes(real);
  if (!real || !data) throw new Error("CAMLAB_REAL has no data/imagenet-boxes");
  const rows = Object.entries(repairs(values.pooled.split(",").map(Number)));
  for (const name of positionals.length > 0 ? positionals : IMAGENET_NETWORKS) {
    for (const maps of values.maps.split(",") as ("own" | "finer")[]) {
      using network = await openImagenetNetwork(real, name, maps);
      const labels = outputLabels(network, data.wnids);
      const hits = new Map<string, Hits>(rows.map(([row]) => [row, new Map()]));
      let size = "";
      for await (const seen of lookAtAll(network, data.pictures)) {
        if (isSkipped(seen)) throw new Error(seen.error);
        size = `${seen.featureMaps.width}×${seen.featureMaps.height}`;
        const weights = classWeightsFor(network.head, labels.indexOf(seen.picture.label), seen.features);
        for (const [row, repair] of rows) {
          const all = hits.get(row)!;
          for (const [setting, right] of hitsOf(seen, repairedMap(seen, weights, repair), repair.percentiles)) {
            all.set(setting, [...(all.get(setting) ?? []), right]);
          }
        }
      }
      console.log(`\n${name}, ${size} maps, ${data.pictures.length} pictures`);
      const plain = hits.get("plain CAM")!;
      const [plainBest, plainChosen] = [plain.get(bestOf(plain))!, acrossHalves(plain)];
      for (const [row, all] of hits) {
        const setting = bestOf(all);
        const [best, chosen] = [all.get(setting)!, acrossHalves(all)];
        const over = (own: readonly number[], theirs: readonly number[]) => interval(own.map((v, i) => v - theirs[i]));
        console.log(
          `  ${row.padEnd(28)} best ${percent(mean(best))} at ${setting}, over plain ${over(best, plainBest)}; ` +
            `chosen on the other half ${interval(chosen)}, over plain ${over(chosen, plainChosen)}`,
        );
      }
    }
  }
}

await main();
