// New tasks that the embedded network was never trained for: a linear SVM on its GAP features, image-level labels only,
// beside the same SVM on colour histograms. The SVM's setting is chosen by cross-validation on the training part.
import {
  extractFeatures,
  type LinearSvm,
  loadImage,
  type Network,
  trainLinearSvm,
  drawWorld,
} from "../../src/index.js";
import { accuracy } from "../../src/kernel-helpers/svm/metrics/accuracy.js";
import { bootstrapInterval, type BootstrapInterval } from "../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";
import { chooseC } from "../../src/kernel-helpers/svm/choose-c.js";
import { type Matrix, matrixOf } from "../../src/kernel-helpers/support/matrix.js";
import type { Step } from "../../src/kernel-helpers/svm/steps.js";
import type { StoredPicture } from "../../src/kernel-helpers/images/picture.js";
import { colourHistogram } from "../world/colour-histogram.js";
import { mean } from "../world/probe.js";
import type { Sample } from "./sample.js";

/** What comes before the SVM. */
export const STEPS: readonly Step[] = ["standardise"];

const CANDIDATES = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1];

/** A task of one label a picture, learned on features that were not made for it. */
export interface LearnedTasks {
  readonly part: "scenes" | "activities" | "birds";
  readonly seed: number;
  readonly train: number;
  readonly test: number;
  readonly chance: number;
  /** Share of the test pictures named right. */
  readonly network: BootstrapInterval;
  readonly colours: BootstrapInterval;
  /** How much better than colours, on the same pictures. */
  readonly margin: BootstrapInterval;
  readonly C: number;
}

/** Learns a part's labels twice: from the network's features, and from colours. */
export async function measureProbe(
  network: Network,
  part: LearnedTasks["part"],
  { seed, train, test }: Sample,
): Promise<LearnedTasks> {
  const { pictures, classes } = await drawWorld(part, { seed, train, test });
  const features = await extractFeatures(network, pictures);
  const [learn, judge] = [features.ofSplit("train"), features.ofSplit("test")];
  const ours = await learned(learn, learn.labels);
  const [colourTrain, colourTest] = [await colours(pictures, "train"), await colours(pictures, "test")];
  const theirs = await learned(colourTrain, learn.labels);
  const right = rightOf(ours.svm, judge, judge.labels);
  const rightByColours = rightOf(theirs.svm, colourTest, judge.labels);
  const share = (list: readonly number[]) => bootstrapInterval(list.length, (rows) => mean(rows.map((i) => list[i])));
  return {
    part,
    seed,
    train: learn.rows,
    test: judge.rows,
    chance: 1 / classes.length,
    network: share(right),
    colours: share(rightByColours),
    margin: share(right.map((hit, i) => hit - rightByColours[i])),
    C: ours.C,
  };
}

/** An SVM whose C was chosen by five-fold cross-validation on the rows given. */
export async function learned(features: Matrix, labels: readonly string[], positive?: string) {
  const options = { steps: STEPS, ...(positive !== undefined && { positive }) };
  const { C } = await chooseC(features, labels, { ...options, candidates: CANDIDATES });
  return { C, svm: await trainLinearSvm(features, labels, { ...options, C }) };
}

/** Colour histograms of the pictures of a split. */
export async function colours(pictures: readonly StoredPicture[], split: string): Promise<Matrix> {
  const rows: Float32Array[] = [];
  for (const { file } of pictures.filter((picture) => picture.split === split)) {
    rows.push(colourHistogram(await loadImage(file)));
  }
  return matrixOf(rows);
}

/** 1 for each row that an SVM names right, 0 for the others. */
export function rightOf(svm: LinearSvm, features: Matrix, labels: readonly string[]): number[] {
  return svm.predict(features).map((name, i) => accuracy([name], [labels[i]]));
}
