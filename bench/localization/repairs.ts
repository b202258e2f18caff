// CAMLAB_REAL=FOLDER node --import tsx bench/localization/repairs.ts [NETWORK …]: the known repairs of CAM for boxes, on 250
// ILSVRC photographs: share of boxes with IoU ≥ 0.5, true class, by way, reference of the threshold and threshold.
import { boxes, boxOf, iou, isSkipped, lookAtAll, svm } from "../../src/index.js";
import { WAYS } from "../../src/kernel-helpers/cam/ways/ways.js";
import type { Looking } from "../../src/kernel-helpers/cam/ways/way.js";
import { IMAGENET_NETWORKS, openImagenetNetwork, outputLabels, readImagenetBoxes } from "./imagenet-boxes.js";

const REPAIRS = ["cam", "clamped-cam", "thresholded-cam"];
const PERCENTILES = [1, 0.95, 0.9, 0.8];
const THRESHOLDS = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8];

async function main(names: readonly string[]): Promise<void> {
  const real = process.env.CAMLAB_REAL;
  const data = await readImagenetBoxes(real);
  if (!real || !data) throw new Error("CAMLAB_REAL has no data/imagenet-boxes");
  for (const name of names.length > 0 ? names : IMAGENET_NETWORKS) {
    for (const maps of ["own", "finer"] as const) {
      using network = await openImagenetNetwork(real, name, maps);
      const labels = outputLabels(network, data.wnids);
      const hits = new Map<string, number[]>();
      let pictures = 0;
      for await (const seen of lookAtAll(network, data.pictures)) {
        if (isSkipped(seen)) throw new Error(seen.error);
        const { label, objects = [] } = seen.picture;
        const index = labels.indexOf(label);
        pictures += 1;
        for (const way of REPAIRS) {
          const map = await WAYS.find((each) => each.name === way)!.map({ seen, index } as Looking);
          for (const percentile of PERCENTILES) {
            for (const threshold of THRESHOLDS) {
              const { box } = boxOf(map, { threshold, percentile });
              const right = box && objects.some((object) => iou(box, object.box) >= 0.5);
              const key = `${way} ${percentile}`;
              const counts = hits.get(key) ?? THRESHOLDS.map(() => 0);
              counts[THRESHOLDS.indexOf(threshold)] += right ? 1 : 0;
              hits.set(key, counts);
            }
          }
        }
      }
      const { width, height } = (await boxes.lookWays(network, data.pictures[0], { ways: ["cam"] })).seen.featureMaps;
      console.log(`\n${name}, ${width}×${height} maps, ${pictures} pictures`);
      for (const [key, counts] of hits) {
        const best = counts.indexOf(Math.max(...counts));
        const { low, high } = svm.wilsonInterval(counts[best], pictures);
        const at20 = ((100 * counts[THRESHOLDS.indexOf(0.2)]) / pictures).toFixed(1);
        const value = ((100 * counts[best]) / pictures).toFixed(1);
        console.log(
          `  ${key.padEnd(22)} at 0.2: ${at20}  best: ${value} (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}) at ${THRESHOLDS[best]}`,
        );
      }
    }
  }
}

await main(process.argv.slice(2));
