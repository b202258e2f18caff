// CAMLAB_REAL=FOLDER node --import tsx bench/localization/finest.ts [NETWORK …]: what each step of the repaired CAM adds to
// boxes on 250 ILSVRC photographs (true class, IoU ≥ 0.5): at 20 %, and at a threshold chosen on every other photograph and
// judged on the rest, both ways. Below them what is right where step and threshold are both chosen on nine tenths of the
// photographs and judged on the last, ten times.
import { type Box, boxes, type HeatMap, iou, isSkipped, lookAtAll, svm, upsample } from "../../src/index.js";
import { quantile } from "../../src/kernel-helpers/support/statistics.js";
import { openImagenetNetwork, outputLabels, readImagenetBoxes } from "./imagenet-boxes.js";
import { mapOf, PERCENTILE, SIZES, sumOf } from "./several-sizes.js";

const THRESHOLDS = Array.from({ length: 28 }, (_, i) => (i + 2) / 50);
const AT_20 = THRESHOLDS.indexOf(0.2);

interface Step {
  readonly title: string;
  readonly way: string;
  readonly flips: readonly boolean[];
  readonly sizes: readonly number[];
  readonly percentile: number;
}

const one = { way: "cam", flips: [false], sizes: [0], percentile: 1 };
const STEPS: readonly Step[] = [
  { title: "CAM", ...one },
  { title: "CAM and its mirror image", ...one, flips: [false, true] },
  { title: "CAM, finer maps", ...one, sizes: [1] },
  { title: "thresholded pooling", ...one, way: "thresholded-cam" },
  { title: "thresholded, 95th percentile", ...one, way: "thresholded-cam", percentile: PERCENTILE },
  { title: "CAM, four sizes, mirrored", ...one, flips: [false, true], sizes: [0, 1, 2, 3] },
  { title: "the same, 95th percentile", ...one, flips: [false, true], sizes: [0, 1, 2, 3], percentile: PERCENTILE },
  {
    title: "thresholded, four sizes, mirrored, 95th percentile",
    ...{ way: "thresholded-cam", flips: [false, true], sizes: [0, 1, 2, 3], percentile: PERCENTILE },
  },
];

const real = process.env.CAMLAB_REAL;
const data = await readImagenetBoxes(real);
if (!real || !data) throw new Error("CAMLAB_REAL has no data/imagenet-boxes");
for (const name of process.argv.length > 2 ? process.argv.slice(2) : ["efficientnet_lite2", "efficientnet_lite0"]) {
  const maps = new Map<string, HeatMap[]>();
  const list = (way: string, size: number, flip: boolean) => {
    const key = `${way} ${size} ${flip}`;
    const found = maps.get(key) ?? [];
    maps.set(key, found);
    return found;
  };
  for (const [size, [scale, kind]] of SIZES.entries()) {
    using network = await openImagenetNetwork(real, name, kind, scale);
    const labels = outputLabels(network, data.wnids);
    for (const flip of [false, true]) {
      for await (const seen of lookAtAll(
        network,
        data.pictures.map((picture) => ({ ...picture, flip })),
      )) {
        if (isSkipped(seen)) throw new Error(seen.error);
        const index = labels.indexOf(seen.picture.label);
        for (const way of ["cam", "thresholded-cam"]) list(way, size, flip).push(mapOf(way, seen, index));
      }
    }
  }
  console.log(`\n${name}, ${data.pictures.length} photographs`);
  const steps: { title: string; right: number[][] }[] = [];
  for (const { title, way, flips, sizes, percentile } of STEPS) {
    const right = data.pictures.map(({ objects = [] }, i) => {
      const parts = sizes.flatMap((size) => flips.map((flip) => ({ map: list(way, size, flip)[i], flip })));
      const { placement } = list(way, 0, false)[i];
      const map = parts.length === 1 ? parts[0].map : { ...sumOf(parts), placement };
      return boxesAt(map, percentile).map((box) =>
        Number(box !== undefined && objects.some((object) => iou(box, object.box) >= 0.5)),
      );
    });
    steps.push({ title, right });
    console.log(`  ${title.padEnd(52)} ${lineOf(right)}`);
  }
  console.log(`  ${"step and threshold chosen on the other nine tenths".padEnd(52)} ${chosenLine(steps)}`);
}

/** As `boxOf(map, { threshold, percentile })` of each threshold: a share of a quantile is a share of the maximum. */
function boxesAt(map: HeatMap, percentile: number): readonly (Box | undefined)[] {
  const sorted = upsample(map).data.sort();
  const level = percentile === 1 ? sorted[sorted.length - 1] : Math.max(0, quantile(sorted, percentile));
  if (!(level > 0)) return THRESHOLDS.map(() => boxes.boxesByThreshold(map, [0]).boxes[0]);
  const shares = THRESHOLDS.map((threshold) => (threshold * level) / sorted[sorted.length - 1]);
  const found = boxes.boxesByThreshold(
    map,
    shares.filter((share) => share < 1),
  ).boxes;
  return shares.map((_, i) => found[i]);
}

function chosenLine(steps: readonly { readonly title: string; readonly right: readonly (readonly number[])[] }[]) {
  const TENTHS = 10;
  let hits = 0;
  const chosen = new Map<string, number>();
  for (let tenth = 0; tenth < TENTHS; tenth++) {
    const others = (_: unknown, i: number) => i % TENTHS !== tenth;
    let best = { right: -1, step: 0, threshold: 0 };
    for (const [step, { right }] of steps.entries()) {
      const rows = right.filter(others);
      for (let threshold = 0; threshold < THRESHOLDS.length; threshold++) {
        const sum = rows.reduce((all, row) => all + row[threshold], 0);
        if (sum > best.right) best = { right: sum, step, threshold };
      }
    }
    const { title, right } = steps[best.step];
    const name = `${title} at ${THRESHOLDS[best.threshold]}`;
    chosen.set(name, (chosen.get(name) ?? 0) + 1);
    for (let i = tenth; i < right.length; i += TENTHS) hits += right[i][best.threshold];
  }
  const { value, low, high } = svm.wilsonInterval(hits, steps[0].right.length);
  const names = [...chosen].map(([name, times]) => `${name}, ${times} times`).join("; ");
  return `${[value, low, high].map((share) => (100 * share).toFixed(1)).join(" ")} (${names})`;
}

function lineOf(right: readonly (readonly number[])[]): string {
  const percent = (share: number) => (100 * share).toFixed(1);
  const counted = (hits: number, all: number) => {
    const { value, low, high } = svm.wilsonInterval(hits, all);
    return `${percent(value)} (${percent(low)}–${percent(high)})`;
  };
  const at = (rows: typeof right, threshold: number) => rows.reduce((sum, row) => sum + row[threshold], 0);
  const halves = [0, 1].map((odd) => right.filter((_, i) => i % 2 === odd));
  const best = halves.map((half) => {
    const hits = THRESHOLDS.map((_, t) => at(half, t));
    return hits.indexOf(Math.max(...hits));
  });
  const crossed = at(halves[1], best[0]) + at(halves[0], best[1]);
  const chosen = best.map((threshold) => THRESHOLDS[threshold]).join(", ");
  return `at 0.2: ${counted(at(right, AT_20), right.length)}; chosen on the other half (${chosen}): ${counted(crossed, right.length)}`;
}
