// CAMLAB_REAL=FOLDER node --import tsx bench/localization/chosen-elsewhere.ts [NETWORK]: boxes on 250 ILSVRC photographs (true
// class, IoU ≥ 0.5) where nothing about the recipe was chosen on them. One recipe is fixed beforehand (Bae et al. 2020: pooling
// above a tenth, negative weights clamped, the 90th percentile); the others are those that are best on other pictures: the
// train part of 20 species of CUB-200-2011, maps of an SVM, and 128 COCO photographs, maps of the most probable class and any
// box. Each is chosen at 20 %, and once more together with its threshold.
import { join } from "node:path";
import {
  type Box,
  boxes,
  extractFeatures,
  type HeatMap,
  iou,
  isSkipped,
  lookAtAll,
  type Network,
  type Picture,
  readers,
  type Seen,
  svm,
  trainLinearSvm,
  upsample,
} from "../../src/index.js";
import { classWeightsFor } from "../../src/kernel-helpers/graph/head/class-weights.js";
import { quantile } from "../../src/kernel-helpers/support/statistics.js";
import { openImagenetNetwork, outputLabels, readImagenetBoxes } from "./imagenet-boxes.js";
import { repairedMap } from "./repaired-map.js";
import { SIZES, sumOf } from "./several-sizes.js";

const THRESHOLDS = Array.from({ length: 28 }, (_, i) => (i + 2) / 50);
const AT_20 = THRESHOLDS.indexOf(0.2);
const PERCENTILES = [1, 0.95, 0.9];
const REPAIRS = [false, true].flatMap((clamped) => [undefined, 0.1].map((pooled) => ({ clamped, pooled })));
const VIEWS = [
  { title: "one look", flips: [false], sizes: [0] },
  { title: "finer maps, mirrored", flips: [false, true], sizes: [1] },
  { title: "three sizes, mirrored", flips: [false, true], sizes: [0, 1, 2] },
];

const RECIPES = VIEWS.flatMap(({ title, ...views }) =>
  REPAIRS.flatMap((repair, of) =>
    PERCENTILES.map((percentile) => ({
      title: [
        title,
        ...(repair.clamped ? ["clamped"] : []),
        ...(repair.pooled === undefined ? [] : ["thresholded pooling"]),
        ...(percentile === 1 ? [] : [`percentile ${100 * percentile}`]),
      ].join(", "),
      ...{ views, of, percentile },
    })),
  ),
);
const FIXED = RECIPES.findIndex(({ title }) => title === "one look, clamped, thresholded pooling, percentile 90");

/** Pictures with the boxes that count, and the weights of the class whose map is judged. */
interface Judged {
  readonly title: string;
  readonly pictures: readonly Picture[];
  readonly truth: (picture: Picture) => readonly Box[];
  readonly weights: (seen: Seen) => ArrayLike<number>;
}

/** What is right, by recipe, picture and threshold. */
type Right = readonly (readonly (readonly number[])[])[];

async function rightOf(real: string, name: string, { pictures, truth, weights }: Judged): Promise<Right> {
  const maps = new Map<string, HeatMap[]>();
  const first: ArrayLike<number>[] = [];
  for (const [size, [scale, kind]] of SIZES.slice(0, 3).entries()) {
    using network = await openImagenetNetwork(real, name, kind, scale);
    for (const flip of [false, true]) {
      const own: HeatMap[][] = REPAIRS.map(() => []);
      let i = 0;
      for await (const seen of lookAtAll(
        network,
        pictures.map((picture) => ({ ...picture, flip })),
      )) {
        if (isSkipped(seen)) throw new Error(seen.error);
        // The class is that of the first look; weights are the same at every size.
        const of = (first[i++] ??= Float32Array.from(weights(seen)));
        REPAIRS.forEach((repair, r) => own[r].push(repairedMap(seen, of, repair)));
      }
      own.forEach((list, r) => maps.set(`${r} ${size} ${flip}`, list));
    }
  }
  const right: number[][][] = RECIPES.map(() => []);
  pictures.forEach((picture, i) => {
    const wanted = truth(picture);
    const known = new Map<string, { readonly map: HeatMap; readonly sorted: Float32Array }>();
    RECIPES.forEach(({ views: { sizes, flips }, of, percentile }, recipe) => {
      const key = `${of} ${sizes.join()} ${flips.length}`;
      const parts = sizes.flatMap((size) =>
        flips.map((flip) => ({ map: maps.get(`${of} ${size} ${flip}`)![i], flip })),
      );
      const made = known.get(key) ?? { map: parts[0].map, sorted: new Float32Array() };
      if (!known.has(key)) {
        const map =
          parts.length === 1 ? parts[0].map : { ...sumOf(parts), placement: maps.get(`${of} 0 false`)![i].placement };
        known.set(key, Object.assign(made, { map, sorted: upsample(map).data.sort() }));
      }
      right[recipe].push(
        boxesAt(made.map, made.sorted, percentile).map((box) =>
          Number(box !== undefined && wanted.some((one) => iou(box, one) >= 0.5)),
        ),
      );
    });
  });
  return right;
}

function boxesAt(map: HeatMap, sorted: Float32Array, percentile: number): readonly (Box | undefined)[] {
  const most = sorted[sorted.length - 1];
  const level = percentile === 1 ? most : Math.max(0, quantile(sorted, percentile));
  if (!(level > 0)) return THRESHOLDS.map(() => boxes.boxesByThreshold(map, [0]).boxes[0]);
  return boxes.boxesByThreshold(
    map,
    THRESHOLDS.map((threshold) => (threshold * level) / most),
  ).boxes;
}

/** The recipe, and the threshold among some, that are right most often; of equally good ones the first. */
function bestOf(right: Right, thresholds: readonly number[]): { readonly recipe: number; readonly threshold: number } {
  let best = { right: -1, recipe: 0, threshold: 0 };
  right.forEach((pictures, recipe) => {
    for (const threshold of thresholds) {
      const sum = pictures.reduce((all, one) => all + one[threshold], 0);
      if (sum > best.right) best = { right: sum, recipe, threshold };
    }
  });
  return best;
}

async function birds(real: string, network: Network): Promise<Judged> {
  const { pictures } = await readers.readCub(join(real, "data", "cub20"));
  const train = pictures.filter(({ split }) => split === "train");
  const features = await extractFeatures(network, train);
  const model = await trainLinearSvm(
    features,
    train.map(({ label }) => label!),
  );
  return {
    title: "20 species, train part",
    pictures: train,
    truth: (picture) => [picture.box!],
    weights: (seen) => model.weightsOf(seen.picture.label),
  };
}

async function coco(real: string): Promise<Judged> {
  const { pictures } = await readers.readYolo(join(real, "data", "coco-vqa"));
  return {
    title: "COCO photographs",
    pictures: pictures.filter(({ objects = [] }) => objects.length > 0),
    truth: ({ objects = [] }) => objects.map(({ box }) => box),
    weights: (seen) => classWeightsFor(seen.network.head, seen.top[0].index, seen.features),
  };
}

const real = process.env.CAMLAB_REAL;
const data = await readImagenetBoxes(real);
if (!real || !data) throw new Error("CAMLAB_REAL has no data/imagenet-boxes");
const [name = "efficientnet_lite2"] = process.argv.slice(2);
using network = await openImagenetNetwork(real, name);
const labels = outputLabels(network, data.wnids);
const judged = await rightOf(real, name, {
  title: "ILSVRC",
  pictures: data.pictures,
  truth: ({ objects = [] }) => objects.map(({ box }) => box),
  weights: (seen) => classWeightsFor(seen.network.head, labels.indexOf(seen.picture.label ?? ""), seen.features),
});
const told = (title: string, recipe: number, threshold: number) => {
  const hits = judged[recipe].reduce((all, one) => all + one[threshold], 0);
  const { value, low, high } = svm.wilsonInterval(hits, judged[recipe].length);
  const [share, from, to] = [value, low, high].map((one) => (100 * one).toFixed(1));
  console.log(`  ${title.padEnd(60)} ${share} (${from}–${to}): ${RECIPES[recipe].title}, at ${THRESHOLDS[threshold]}`);
};
console.log(`${name}, ${data.pictures.length} photographs`);
told("CAM", 0, AT_20);
told("fixed beforehand", FIXED, AT_20);
for (const others of [await birds(real, network), await coco(real)]) {
  const right = await rightOf(real, name, others);
  const count = `${others.title} (${others.pictures.length})`;
  for (const [what, thresholds] of [
    ["recipe, at 20 %", [AT_20]],
    ["recipe and threshold", [...THRESHOLDS.keys()]],
  ] as const) {
    const { recipe, threshold } = bestOf(right, thresholds);
    told(`${what}, chosen on ${count}`, recipe, threshold);
  }
}
