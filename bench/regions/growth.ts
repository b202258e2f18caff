// How far a region is grown towards the network's proportions before it is stretched: chosen on some deals of the birds
// into training and test pictures, reported on others and on the official one.
//
//     CAMLAB_REAL=… node --import tsx bench/regions/growth.ts [NETWORK…]
//
// The birds are dealt anew by five seeds, 30 of each species to train on. The growth with the best mean over crops and
// boxes of CHOOSERS on the deals of CHOOSING is reported on those of REPORTING and on the official split, with one network
// more. Of networks that are named nothing is chosen: they are reported on all five deals and on the official split, with
// the growth in use and their own cards' views.
import { join } from "node:path";
import { boxOf, cam, extractFeatures, type FeatureTable, isSkipped, lookAtAll, openNetwork } from "../../src/index.js";
import type { Network, Picture } from "../../src/index.js";
import { readCub } from "../../src/kernel-helpers/datasets/classes/cub.js";
import { splitPerClass } from "../../src/kernel-helpers/datasets/sets/split-per-class.js";
import { usualSvm } from "../../src/kernel-helpers/discovery/new-task/usual-svm.js";
import type { Box } from "../../src/kernel-helpers/images/box.js";
import { readImageInfo } from "../../src/kernel-helpers/images/files/read-image-info.js";
import { grownRegion, wholeRegion } from "../../src/kernel-helpers/images/input/resize-plan.js";
import { matrixOf } from "../../src/kernel-helpers/support/matrix.js";
import { trainLinearSvm } from "../../src/kernel-helpers/svm/train-linear-svm.js";
import { choicePage, reportPage } from "./page.js";
import { type Deal, meritOf, type NetworkTrials, type Trial } from "./report.js";

const CHOOSERS = ["mobilenet_v1_0.75_224", "efficientnet_lite0"];
const NETWORKS = [...CHOOSERS, "efficientnet_lite2"];
/** 0 stretches the region alone; 1 grows it all the way. */
const GROWTHS = [0, 0.15, 0.3, 0.5, 1] as const;
/** What regions are grown by unless a preprocessing says otherwise (`partly`). */
const IN_USE = 0.3;
const CHOOSING = [1, 2];
const REPORTING = [3, 4, 5];
/** The paper's box rule. */
const THRESHOLD = 0.2;

const real = process.env.CAMLAB_REAL;
if (real === undefined) throw new Error("CAMLAB_REAL is not set: the birds and the networks are looked for there");
const birds = await readBirds(join(real, "data", "cub20"));

const named = process.argv.slice(2);
if (named.length > 0) {
  const deals = [...CHOOSING, ...REPORTING, "official" as const].map(dealOf);
  console.log(reportPage(IN_USE, await measureAll(named, deals, [IN_USE])));
  process.exit();
}
const choosing = await measureAll(CHOOSERS, CHOOSING.map(dealOf), GROWTHS);
console.log(`Accuracy by growth, deals ${CHOOSING.join(" and ")}:\n\n${choicePage(GROWTHS, choosing)}\n`);
const chosen = [...GROWTHS].sort((a, b) => meritOf(b, choosing) - meritOf(a, choosing))[0];
const growths = [...new Set([chosen, IN_USE])];
console.log(`Chosen: ${chosen}; in use: ${IN_USE}. On deals ${REPORTING.join(", ")} and on the official split:\n`);
const reporting = await measureAll(NETWORKS, [...REPORTING, "official" as const].map(dealOf), growths);
for (const growth of growths) console.log(`Grown ${growth}:\n\n${reportPage(growth, reporting)}\n`);

/** A bird, its place in the data set, and the size of its photo. */
interface Bird extends Picture {
  readonly row: number;
  readonly size: { readonly width: number; readonly height: number };
}

async function readBirds(folder: string): Promise<Bird[]> {
  const { pictures } = await readCub(folder);
  return Promise.all(
    pictures.map(async (picture, row) => ({ ...picture, row, size: await readImageInfo(picture.file) })),
  );
}

function dealOf(seed: Deal["seed"]): Deal {
  const classes = [...new Set(birds.map(({ label }) => String(label)))];
  const dealt =
    seed === "official"
      ? birds
      : splitPerClass({ classes, pictures: birds }, { train: 30, seed, redeal: true }).pictures;
  const rowsOf = (split: string) => dealt.filter((bird) => bird.split === split).map(({ row }) => row);
  return { seed, train: rowsOf("train"), test: rowsOf("test") };
}

async function measureAll(
  networks: readonly string[],
  deals: readonly Deal[],
  growths: readonly number[],
): Promise<NetworkTrials[]> {
  const all: NetworkTrials[] = [];
  for (const name of networks) {
    using network = await openNetwork(name, {
      models: join(real!, "models"),
      device: "cpu",
      preprocessing: { regionFit: "squash" },
    });
    all.push({ network: network.name, trials: await trialsOf(network, deals, growths) });
  }
  return all;
}

/** Full pictures, and crops and boxes with every growth, on every deal. */
async function trialsOf(network: Network, deals: readonly Deal[], growths: readonly number[]): Promise<Trial[]> {
  const trials: Trial[] = [];
  const judge = async (view: Trial["view"], growth: number | undefined, deal: Deal, features: FeatureTable) => {
    const test = features.select(deal.test);
    const predicted = (await learned(features, deal)).predict(test);
    trials.push({ view, growth, deal, right: test.labels.map((label, i) => label === predicted[i]) });
  };
  const full = await extractFeatures(network, birds);
  const crops = await cropsOf(network, deals, full);
  for (const deal of deals) await judge("full", undefined, deal, full);
  for (const growth of growths) {
    console.error(`${network.name}, growth ${growth}`);
    const boxes = await extractFeatures(
      network,
      regionsFor(network, ({ box }) => box, growth),
    );
    for (const [i, deal] of deals.entries()) {
      await judge("box", growth, deal, boxes);
      const regions = regionsFor(network, ({ row }) => crops[i][row], growth);
      await judge("crop", growth, deal, await extractFeatures(network, regions));
    }
  }
  return trials;
}

async function learned(features: FeatureTable, deal: Deal) {
  const train = features.select(deal.train);
  return trainLinearSvm(train, train.labels, usualSvm(train.columns));
}

/** The box of the map of the class that each deal's SVM on full pictures takes a bird for: one list a deal. */
async function cropsOf(network: Network, deals: readonly Deal[], full: FeatureTable): Promise<(Box | undefined)[][]> {
  const svms = await Promise.all(deals.map((deal) => learned(full, deal)));
  const crops: (Box | undefined)[][] = deals.map(() => []);
  for await (const seen of lookAtAll(network, birds, { batchSize: 4, top: 1 })) {
    if (isSkipped(seen)) throw new Error(seen.error);
    const row = matrixOf([seen.features]);
    svms.forEach((svm, i) => {
      const [predicted] = svm.predict(row);
      crops[i].push(boxOf(cam(seen, svm.weightsOf(predicted)), { threshold: THRESHOLD }).box);
    });
  }
  return crops;
}

/** Each bird with its region, grown; all of the photo where there is none. */
function regionsFor(network: Network, of: (bird: Bird) => Box | undefined, growth: number): Bird[] {
  return birds.map((bird) => {
    const box = of(bird);
    const { width, height } = bird.size;
    const region = box && grownRegion(wholeRegion(width, height, box), network.preprocessing, bird.size, growth);
    return { ...bird, region };
  });
}
