import type { AnnotatedPicture, SkippedPicture } from "../../images/picture.js";
import { extractFeatures } from "../../features/extract-features.js";
import type { FeatureTable } from "../../features/feature-table.js";
import type { Network } from "../../networks/network.js";
import { CamlabError } from "../../support/errors.js";
import { stratifiedFolds } from "../../svm/folds.js";
import { encodeLabels } from "../../svm/labels.js";
import type { LinearSvm } from "../../svm/linear-svm.js";
import { trainLinearSvm } from "../../svm/train-linear-svm.js";
import type { DiscoverScenesOptions } from "./scene-options.js";
import { usualSvm } from "../new-task/usual-svm.js";
import { check } from "../../support/check.js";

/** SVMs of scenes, and the photos that each of them may be tried on. */
export interface TrainedOnScenes {
  readonly classes: readonly string[];
  /** The SVM of the training part; with folds, one of all photos. */
  readonly svm: LinearSvm<string>;
  /** In the order of the images. */
  readonly heldOut: readonly { readonly image: AnnotatedPicture; readonly svm: LinearSvm<string> }[];
  /** Photos that were trained on. */
  readonly train: number;
  readonly folds?: number;
  /** Photos that gave no features. */
  readonly skipped: SkippedPicture<AnnotatedPicture>[];
  /** What was assumed when their features were computed. */
  readonly notes: readonly string[];
}

/**
 * Trains one-vs-rest SVMs on the images' scenes: once on the training part, or once for each fold of a
 * cross-validation.
 */
export async function trainOnScenes(
  network: Network,
  images: readonly AnnotatedPicture[],
  options: DiscoverScenesOptions,
): Promise<TrainedOnScenes> {
  const { folds = 5, seed = 0 } = options;
  check.wholeNumber("folds", folds, { from: 2 });
  const parts = partsOf(images);
  const train = parts ? parts.train : images;
  checkScenes(train, parts ? "training photos" : "photos");
  const features = await extractFeatures(network, train, extractOptions(options));
  const skipped: SkippedPicture<AnnotatedPicture>[] = [...features.skipped];
  const { notes } = features;
  const failed = new Set(skipped.map(({ picture }) => picture));
  const readable = train.filter((picture) => !failed.has(picture));
  checkScenes(readable, "readable photos");
  if (parts) {
    const svm = await trainOn(features, readable, network, options);
    const heldOut = parts.heldOut.map((image) => ({ image, svm }));
    return { classes: svm.classes, svm, heldOut, train: readable.length, skipped, notes };
  }
  const svms = new Map<AnnotatedPicture, LinearSvm<string>>();
  for (const fold of stratifiedFolds(encodeLabels(labelsOf(readable), {}), folds, seed)) {
    const rows = Array.from(fold.train);
    const svm = await trainOn(
      features.select(rows),
      rows.map((row) => readable[row]),
      network,
      options,
    );
    for (const row of fold.test) svms.set(readable[row], svm);
  }
  const heldOut = readable.map((image) => ({ image, svm: svms.get(image)! }));
  const svm = await trainOn(features, readable, network, options);
  return { classes: svm.classes, svm, heldOut, train: readable.length, folds, skipped, notes };
}

/** What to train on and what to hold out; nothing when no image says. */
function partsOf(images: readonly AnnotatedPicture[]) {
  if (images.length === 0) throw new CamlabError("there are no images: give some with scenes and annotated objects");
  if (images.every(({ split }) => split === undefined)) return undefined;
  const of = (wanted: string) => images.filter(({ split }) => split === wanted);
  const train = of("train");
  const heldOut = of("test").length ? of("test") : of("val");
  if (train.length && heldOut.length) return { train, heldOut };
  throw new CamlabError(
    `there are ${train.length} photos to train on and ${heldOut.length} to hold out: ` +
      `give images of both splits, "train" and "test", or images without splits to cross-validate`,
  );
}

/** Refuses images that pose no question of one scene against the rest. */
function checkScenes(images: readonly AnnotatedPicture[], what: string): void {
  const nameless = images.find(({ label, labels }) => label === undefined && labels === undefined);
  if (nameless) throw new CamlabError(`the image ${nameless.file} has no scene: give it a label, or labels`);
  const scenes = new Set(images.flatMap(({ label, labels }) => labels ?? [label!]));
  if (scenes.size === 0) throw new CamlabError(`none of the ${images.length} ${what} has a label`);
  const [only] = scenes;
  if (scenes.size === 1 && images.every(({ label, labels }) => labels?.includes(only) ?? label === only)) {
    throw new CamlabError(
      `all ${images.length} ${what} are of one scene, ${JSON.stringify(only)}: ` +
        "an SVM of one scene against the rest needs photos of other scenes too",
    );
  }
}

function trainOn(
  features: FeatureTable,
  images: readonly AnnotatedPicture[],
  network: Network,
  { seed = 0, signal, svm }: DiscoverScenesOptions,
): Promise<LinearSvm<string>> {
  const notes = { network: network.name };
  return trainLinearSvm(features, labelsOf(images), {
    ...usualSvm(features.columns, svm?.steps),
    seed,
    signal,
    notes,
    ...svm,
  });
}

/** One label each; or, where any image has several, lists. */
function labelsOf(images: readonly AnnotatedPicture[]): string[] | string[][] {
  if (images.every(({ labels }) => labels === undefined)) return images.map(({ label }) => label!);
  return images.map(({ label, labels }) => [...(labels ?? [label!])]);
}

function extractOptions({ batchSize, cache, maxPixels, onProgress, signal }: DiscoverScenesOptions) {
  return { batchSize, cache, maxPixels, onProgress, signal };
}
