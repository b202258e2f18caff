import { check, optionNames } from "../../support/check.js";
import {
  type ExtractOptions,
  EXTRACT_OPTIONS,
  extractFeatures,
  extractOptionsIn,
} from "../../features/extract-features.js";
import type { FeatureTable } from "../../features/feature-table.js";
import type { Picture } from "../../images/picture.js";
import type { Network } from "../../networks/network.js";
import { inView } from "../../networks/views/in-view.js";
import { CamlabError } from "../../support/errors.js";
import type { LinearSvm } from "../../svm/linear-svm.js";
import { meanClassAccuracy } from "../../svm/metrics/accuracy.js";
import { confusionMatrix, type ConfusionMatrix } from "../../svm/metrics/confusion-matrix.js";
import type { Interval } from "../../support/statistics.js";
import { shareOf } from "../../svm/metrics/share-of.js";
import { trainLinearSvm } from "../../svm/train-linear-svm.js";
import type { TrainOptions } from "../../svm/train-options.js";
import { USUAL_VIEWS } from "../usual-views.js";
import { type Discovery, madeWith } from "../discovery.js";
import { usualSvm } from "./usual-svm.js";

/** A recognition task: images with a label and a split ("train" or "test") each. */
export interface TaskSet {
  readonly name: string;
  readonly pictures: readonly Picture[];
}

/** How tasks are learned. */
export interface LearnTaskOptions extends ExtractOptions {
  /** How the SVMs are trained; as `usualSvm` says unless given: up to 256 channels standardised, C 0.003; more L2-normalised, C 1. */
  readonly svm?: TrainOptions;
}

/** How well a probe does on pictures that it was not trained on. */
export interface TaskFindings {
  /** The task's name. */
  readonly name: string;
  readonly classes: number;
  readonly train: number;
  readonly test: number;
  /** Share of the test images whose class is right, with its 95 % interval (Wilson). */
  readonly accuracy: Interval;
  readonly meanClassAccuracy: number;
  readonly confusion: ConfusionMatrix;
  /** Test images whose features are those of a training image, as a copy's are: they are no test. */
  readonly seenInTraining: number;
}

/** A task that was learned: the model is a linear SVM on GAP features. */
export interface LearnedTask extends Discovery<LinearSvm<string>, TaskFindings> {
  /** One row a picture, both parts. */
  readonly features: FeatureTable;
}

/** The names of all options of `learnTask`. */
const LEARN_OPTIONS = optionNames<LearnTaskOptions, keyof ExtractOptions>({ svm: true }, EXTRACT_OPTIONS);

/** The names of the options of a task that learns, those of its own given. */
export function learnOptionsAnd<T extends LearnTaskOptions>(
  own: Readonly<Record<Exclude<keyof T & string, keyof LearnTaskOptions>, true>>,
): readonly (keyof T & string)[] {
  return optionNames<T, keyof LearnTaskOptions>(own, LEARN_OPTIONS);
}

/**
 * Extracts the features of a task's images, trains a linear SVM on its training part and tests it on its test part.
 *
 * @throws CamlabError when a part is empty, an image has no label, or as `extractFeatures` and `trainLinearSvm` do
 * @example
 * const { model, findings } = await discover.learnTask(network, { name: "scenes", pictures });
 * findings.accuracy; // { value: 0.93, low: 0.89, high: 0.96 }
 */
export async function learnTask(
  given: Network,
  { name, pictures }: TaskSet,
  options: LearnTaskOptions = {},
): Promise<LearnedTask> {
  check.known(options, LEARN_OPTIONS, "learnTask");
  for (const split of ["train", "test"]) {
    if (pictures.some((picture) => picture.split === split)) continue;
    throw new CamlabError(`the task ${JSON.stringify(name)} has no images of the split "${split}": see splitPerClass`);
  }
  const network = await inView(given, options.view, USUAL_VIEWS.newTask);
  const used = pictures.filter(({ split }) => split === "train" || split === "test");
  const features = await extractFeatures(network, used, extractOptionsIn(options));
  const train = features.ofSplit("train");
  const { signal } = options;
  const notes = { task: name };
  const svm = await trainLinearSvm(train, train.labels, {
    ...usualSvm(train.columns, options.svm?.steps),
    signal,
    notes,
    ...options.svm,
  });
  const test = features.ofSplit("test");
  const scores = taskScores(svm, test);
  return {
    ...madeWith(network),
    model: svm,
    findings: { name, ...scores, train: train.rows },
    skipped: features.skipped,
    notes: [...features.notes, ...notesOn(scores)],
    features,
  };
}

function notesOn({ seenInTraining: seen, test }: Pick<TaskFindings, "seenInTraining" | "test">): string[] {
  return seen > 0 ? [`${seen} of ${test} test images have the features of a training image: they are no test`] : [];
}

/** How well an SVM does on features with labels. */
function taskScores(svm: LinearSvm<string>, test: FeatureTable): Omit<TaskFindings, "train" | "name"> {
  const { labels } = test;
  const predicted = svm.predict(test);
  return {
    classes: svm.classes.length,
    test: test.rows,
    accuracy: shareOf(labels.map((label, row) => label === predicted[row])),
    meanClassAccuracy: meanClassAccuracy(predicted, labels),
    confusion: confusionMatrix({ truth: labels, predicted, classes: [...new Set([...svm.classes, ...labels])] }),
    seenInTraining: svm.wasTrainedOn(test).filter(Boolean).length,
  };
}
