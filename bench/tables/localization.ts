// Tables 1 to 3: classification and localization errors, and where they come from: published rows, and ours.
import { boxes, drawWorld, type Network, type Picture, type PictureSet } from "../../src/index.js";
import { openBackprop } from "../localization/backprop.js";
import { centredAccuracy } from "../localization/controls.js";
import {
  IMAGENET_NETWORKS,
  type ImagenetBoxes,
  openImagenetNetwork,
  outputLabels,
  readImagenetBoxes,
} from "../localization/imagenet-boxes.js";
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
      "backprop: the absolute input gradient of the class's score, the largest of the three channels, summed over 8 × 8 pixels and stretched bilinearly; then the paper's rule at 20 %, as for CAM. The paper's own reference for backprop (Simonyan et al. 2014) takes its boxes by GraphCut.",
      "heuristics: a tight and a loose box of each of the first two classes and the loose one of the third, by the authors' released generator; finer: the last stride taken away and what follows dilated, same weights.",
      "GMP twin: the same network with the maximum in place of the mean; its last maps are not smoothed, the embedded network's are (models/objects-gap/README.md), so its boxes are of another kind of map.",
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
    using way = await openBackprop(network);
    rows.push(await judged(WORLD, name, "backprop, 20 % rule", network, set, { way }, context));
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
      if (!name.startsWith("mobilenet")) continue;
      using way = await openBackprop(network);
      rows.push(await row("backprop, 20 % rule", { way }));
    }
  }
  return [...rows, ...controlRows(PHOTOS, pictures)];
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
