// Tables 1 to 3: classification and localization errors, and where they come from: published rows, and ours.
import { boxes, drawWorld, type Network, type Picture, type PictureSet } from "../../src/index.js";
import { centredAccuracy } from "../localization/controls.js";
import {
  IMAGENET_NETWORKS,
  type ImagenetBoxes,
  openImagenetNetwork,
  outputLabels,
  readImagenetBoxes,
} from "../localization/imagenet-boxes.js";
import { PERCENTILE, severalSizes, SIZES } from "../localization/several-sizes.js";
import type { Cell, TableContext, TableResult } from "./table.js";

const SAMPLE = { seed: 101, test: 300 };
const WORLD = "drawn objects";
const PHOTOS = "250 ILSVRC validation photographs";
const COLUMNS = ["data", "network", "way, box", "classification top-1", "top-5", "localization top-1", "top-5"];

/** The paper's: table 1 and 2, ILSVRC's validation part. */
const PUBLISHED: readonly (readonly [network: string, ...errors: (number | undefined)[]])[] = [
  ["GoogLeNet-GAP", 35.0, 13.2, 56.4, 43.0],
  ["VGGnet-GAP", 33.4, 12.2, 57.2, 45.14],
  ["GoogLeNet", 31.9, 11.3, 60.09, 49.34],
  ["AlexNet*-GAP", 44.9, 20.9, 63.75, 49.53],
  ["AlexNet-GAP", 51.1, 26.3, 67.19, 52.16],
  ["NIN", 41.9, 19.6, 65.47, 54.19],
  ["backprop on GoogLeNet", undefined, undefined, 61.31, 50.55],
  ["backprop on VGGnet", 31.2, 11.4, 61.12, 51.46],
  ["backprop on AlexNet", 42.6, 19.5, 65.17, 52.64],
  ["GoogLeNet-GMP", 35.6, 13.9, 57.78, 45.26],
];

/** Table 3: ILSVRC's test part, top-5 localization error. */
const PUBLISHED_TEST: readonly (readonly [network: string, how: string, error: number])[] = [
  ["GoogLeNet-GAP", "heuristics; weakly supervised", 37.1],
  ["GoogLeNet-GAP", "weakly supervised", 42.9],
  ["backprop", "weakly supervised", 46.4],
  ["GoogLeNet", "fully supervised", 26.7],
  ["OverFeat", "fully supervised", 29.9],
  ["AlexNet", "fully supervised", 34.2],
];

const BACKPROP: readonly (readonly [how: string, options: boxes.EvaluateLocalizationOptions])[] = [
  ["backprop, 20 % rule", { way: "saliency" }],
  ["backprop, GraphCut", { way: "saliency", boxRule: { rule: "graph-cut" } }],
];

const RELATIVES: typeof BACKPROP = [
  ["Grad-CAM, 20 % rule", { way: "grad-cam" }],
  ["thresholded CAM, 20 % rule", { way: "thresholded-cam" }],
];

/** Networks whose repaired maps are made of several sizes. */
const REPAIRED = ["efficientnet_lite2", "efficientnet_lite0"];

/** Localization errors: the paper's, and ours on what there is. */
export async function localizationTable(context: TableContext): Promise<TableResult> {
  const rows: Cell[][] = [...publishedRows()];
  const world = await drawWorld("objects", { seed: SAMPLE.seed, train: 0, test: SAMPLE.test });
  rows.push(...(await worldRows(world, context)));
  const photos = await readImagenetBoxes(context.real);
  if (photos) rows.push(...(await photoRows(photos, context)));
  return {
    columns: [...COLUMNS, "true class's box", "best threshold: box"],
    rows,
    images: `${world.pictures.length} pictures of the part objects, split test, seed ${SAMPLE.seed}${photos ? `; ${photos.pictures.length} photographs of ten ImageNet classes, squashed` : ""}`,
    notes: [
      "The last two columns are accuracies, not errors: how often the box of the true class's map is right, by the row's rule, and by the largest region above whichever one threshold suits these very pictures best, which flatters.",
      "A drawn picture holds several things, and is judged once for each; five guesses then also name the others.",
      "backprop: the absolute input gradient of the class's score, the largest of the three channels. Its smoothing is the mean over blocks of 8 × 8 pixels, stretched bilinearly. It has two box rules: the paper's at 20 %, as for CAM, and GraphCut, as the paper's reference has it (Simonyan et al. 2014): pixels from the map's 95 % quantile up and from its 30 % quantile down seed a segmentation of the photo by its colours, and the box is that of the largest piece cut out.",
      "Grad-CAM behind a GAP head is CAM's positive part, and has its boxes. thresholded CAM: thresholded average pooling (Bae et al. 2020). Four sizes: the sum of such maps at the network's size, the same with finer maps, finer maps at 1.23 times the size, and 1.5 times the size, each with its mirror image; what each step adds is told by `bench/localization/finest.ts`.",
      "heuristics: a tight and a loose box of each of the first two classes and the loose one of the third, by the authors' released generator; finer: the last stride taken away and what follows dilated, same weights.",
      "GMP twin: the same network with the maximum in place of the mean; its last maps are not smoothed, the embedded network's are (models/objects-gap/README.md), so its boxes are of another kind of map.",
      "Controls are judged as all boxes here, with sides one pixel longer (`pixel+1`); with plain sides and corners on whole pixels they are 54.0 and 37.2 on the photographs.",
      ...(photos ? [] : ["The rows of photographs need CAMLAB_REAL."]),
    ],
  };
}

function publishedRows(): Cell[][] {
  const percent = (error: number | undefined): Cell => (error === undefined ? "–" : { share: error / 100 });
  return [
    ...PUBLISHED.map(([network, ...errors]) => [
      "published, ILSVRC validation",
      network,
      network.startsWith("backprop") ? "GraphCut" : "20 % rule",
      ...errors.map(percent),
      "–",
      "–",
    ]),
    ...PUBLISHED_TEST.map(([network, how, error]) => [
      "published, ILSVRC test",
      network,
      how,
      "–",
      "–",
      "–",
      percent(error),
      "–",
      "–",
    ]),
  ];
}

async function worldRows(set: PictureSet & { readonly pictures: readonly Sized[] }, context: TableContext) {
  const rows: Cell[][] = [];
  const networks: [string, Network][] = [["embedded, GAP", context.network]];
  if (context.gmp) networks.push(["GMP twin", context.gmp]);
  for (const [name, network] of networks) {
    rows.push(await judged(WORLD, name, "CAM, 20 % rule", network, set, {}, context));
  }
  for (const [name, network] of networks) {
    for (const [how, options] of BACKPROP) {
      rows.push(await judged(WORLD, name, how, network, set, options, context));
    }
  }
  return [...rows, ...controlRows(WORLD, set.pictures)];
}

async function photoRows({ pictures, wnids }: ImagenetBoxes, context: TableContext) {
  const rows: Cell[][] = [];
  for (const maps of ["own", "finer"] as const) {
    for (const name of IMAGENET_NETWORKS) {
      if (maps === "finer" && name === "mobilenet_v2_coral") continue;
      using network = await openImagenetNetwork(context.real!, name, maps);
      const classes = outputLabels(network, wnids);
      const title = maps === "finer" ? `${name}, finer` : name;
      const row = (how: string, options: boxes.EvaluateLocalizationOptions) =>
        judged(PHOTOS, title, how, network, { pictures }, { classes, ...options }, context);
      rows.push(await row("CAM, 20 % rule", {}));
      if (maps === "finer") continue;
      rows.push(await row("CAM, heuristics", { boxRule: { rule: "heuristic" } }));
      rows.push(await row("CAM, GraphCut", { boxRule: { rule: "graph-cut" } }));
      for (const [how, options] of [...BACKPROP, ...RELATIVES]) rows.push(await row(how, options));
    }
  }
  for (const name of REPAIRED) rows.push(await repairedRow(name, { pictures, wnids }, context));
  return [...rows, ...controlRows(PHOTOS, pictures)];
}

async function repairedRow(name: string, { pictures, wnids }: ImagenetBoxes, context: TableContext) {
  const networks: Network[] = [];
  try {
    for (const [scale, maps] of SIZES) networks.push(await openImagenetNetwork(context.real!, name, maps, scale));
    const [network] = networks;
    const options = { classes: outputLabels(network, wnids), way: severalSizes(networks) };
    const boxRule = { rule: "paper", percentile: PERCENTILE } as const;
    return await judged(
      PHOTOS,
      `${name}, four sizes`,
      "thresholded CAM, 20 % of the 95th percentile",
      network,
      { pictures },
      { ...options, boxRule },
      context,
    );
  } finally {
    for (const network of networks) network.dispose();
  }
}

type Sized = Picture & { readonly width: number; readonly height: number };

function controlRows(data: string, pictures: readonly Sized[]): Cell[][] {
  const none = ["–", "–", "–", "–"];
  return [
    [data, "none", "a centred box of half the area", ...none, centredAccuracy(pictures, 0.5), "–"],
    [data, "none", "the whole frame", ...none, centredAccuracy(pictures, 1), "–"],
  ];
}

async function judged(
  data: string,
  name: string,
  how: string,
  network: Network,
  set: { readonly pictures: readonly Picture[] },
  options: boxes.EvaluateLocalizationOptions,
  { say }: TableContext,
): Promise<Cell[]> {
  const began = performance.now();
  const report = await boxes.evaluateLocalization(network, set.pictures, options);
  if (report.protocol !== "cvpr2016") throw new Error("another protocol");
  if (report.skipped.length > 0) throw new Error(report.skipped[0].error);
  const { classification, localization, knownClass, overThresholds: curve } = report;
  const best = boxes.bestThreshold(curve.y, curve.x);
  say(`  ${data}, ${name}, ${how}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return [
    data,
    name,
    how,
    ...[classification[0], classification.at(4) ?? "–", localization[0], localization.at(4) ?? "–", knownClass],
    `${(100 * best.accuracy).toFixed(1)} at ${best.threshold.toFixed(2)}`,
  ];
}
