// CAMLAB_REAL=FOLDER node --import tsx bench/localization/cub20.ts [NETWORK …]: 20 species of CUB-200-2011. An SVM learns
// them from labels of whole pictures; how often the box of its own map is right on test pictures (IoU ≥ 0.5, 20 %), of maps
// as they are, repaired, and finer.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Box,
  boxOf,
  discoverFineGrained,
  iou,
  isSkipped,
  lookAtAll,
  openNetwork,
  readers,
  svm,
} from "../../src/index.js";
import { matrixOf } from "../../src/kernel-helpers/support/matrix.js";
import { mapOf, PERCENTILE } from "./several-sizes.js";

/** Networks by the names of their folders, and whether the stride before their last maps can be taken away. */
export const BIRD_NETWORKS = [
  ["mobilenet_v1_0.75_224", ["own", "finer"]],
  ["efficientnet_lite0", ["own", "finer"]],
  ["efficientnet_lite2", ["own", "finer"]],
  ["inat_bird_mobilenet_v2", ["own"]],
] as const;

type Interval = ReturnType<typeof svm.wilsonInterval>;

/** What was found on the birds, as shares of the test pictures. */
export interface BirdsFound {
  /** Species named right from whole pictures, from crops by the map's box, and from true boxes. */
  readonly full: Interval;
  readonly crop: Interval;
  readonly truth: Interval;
  readonly test: number;
  /** Boxes that are right, by how their map was made. */
  readonly boxes: readonly (readonly [how: string, right: Interval])[];
}

const REPAIRS = [
  { how: "the SVM's map", way: "cam", percentile: 1 },
  { how: "negative weights clamped", way: "clamped-cam", percentile: 1 },
  { how: "thresholded pooling", way: "thresholded-cam", percentile: 1 },
  { how: "20 % of the 95th percentile", way: "cam", percentile: PERCENTILE },
  { how: "thresholded, 95th percentile", way: "thresholded-cam", percentile: PERCENTILE },
];

/** Learns the birds with one network and judges its boxes. */
export async function measureCub20(real: string, name: string, maps: "own" | "finer"): Promise<BirdsFound> {
  using network = await openNetwork(name, { models: join(real, "models"), maps, view: "card" });
  const birds = await readers.readCub(join(real, "data", "cub20"));
  const { model, findings } = await discoverFineGrained(network, birds, { published: false, view: "card" });
  const test = birds.pictures.filter(({ split }) => split === "test");
  const right = REPAIRS.map(() => 0);
  for await (const seen of lookAtAll(network, test, { top: 1 })) {
    if (isSkipped(seen)) throw new Error(seen.error);
    const [predicted] = model.full.predict(matrixOf([seen.features]));
    const weights = Float32Array.from(model.full.weightsOf(predicted));
    const { featureMaps, logits, ...head } = network.head;
    const probe = { ...head, featureMaps, logits: { ...logits, classes: 1 }, weights, normalisation: undefined };
    const asProbe = { ...seen, network: { ...network, classes: [predicted], head: { ...probe, network: undefined } } };
    REPAIRS.forEach(({ way, percentile }, i) => {
      const { box } = boxOf(mapOf(way, asProbe, 0), { percentile });
      right[i] += Number(box !== undefined && iou(box, seen.picture.box as Box) >= 0.5);
    });
  }
  const [full, crop, truth] = findings.lines.map(({ accuracy }) => accuracy as Interval);
  const boxes = REPAIRS.map(({ how }, i) => [how, svm.wilsonInterval(right[i], test.length)] as const);
  return { full, crop, truth, test: test.length, boxes };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const real = process.env.CAMLAB_REAL;
  if (!real) throw new Error("set CAMLAB_REAL");
  const wanted = process.argv.slice(2);
  for (const [name, kinds] of BIRD_NETWORKS) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const maps of kinds) {
      const { full, crop, truth, test, boxes } = await measureCub20(real, name, maps);
      const text = ({ value, low, high }: Interval) =>
        `${(100 * value).toFixed(1)} (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`;
      console.log(`\n${name}, ${maps} maps, ${test} test pictures`);
      console.log(`  named right: ${text(full)} whole, ${text(crop)} cropped, ${text(truth)} in the true box`);
      for (const [how, right] of boxes) console.log(`  boxes right: ${how.padEnd(30)} ${text(right)}`);
    }
  }
}
