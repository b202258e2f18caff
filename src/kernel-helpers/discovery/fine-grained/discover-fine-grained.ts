import { inView } from "../../networks/views/in-view.js";
import { check } from "../../support/check.js";
import { boxOf } from "../../boxes/box-of.js";
import { iou } from "../../boxes/box-geometry.js";
import { cam } from "../../cam/cam.js";
import type { HeatMap } from "../../cam/heat-map.js";
import { listOf, type Picture, type Pictures, type SkippedPicture, withoutSkipped } from "../../images/picture.js";
import type { Box } from "../../images/box.js";
import { isSkipped, lookAtAll } from "../../networks/look-at-all.js";
import type { Network } from "../../networks/network.js";
import { openForTask } from "../../networks/tasks/open-for-task.js";
import { CamlabError } from "../../support/errors.js";
import { matrixOf } from "../../support/matrix.js";
import type { LinearSvm } from "../../svm/linear-svm.js";
import type { FeatureTable } from "../../features/feature-table.js";
import type { Interval } from "../../support/statistics.js";
import { shareOf } from "../../svm/metrics/share-of.js";
import { type Discovery, madeWith } from "../discovery.js";
import {
  learnOptionsAnd,
  type LearnTaskOptions,
  learnTask,
  type LearnedTask,
  type TaskFindings,
} from "../new-task/learn-task.js";
import { USUAL_VIEWS } from "../usual-views.js";
import { type FineGrainedLine, PUBLISHED_BIRDS } from "./published-birds.js";

/** The box that an SVM's own class activation map gave. */
export interface FoundRegion {
  readonly picture: Picture;
  /** The class whose map it was: the one that the SVM took the image for. */
  readonly predicted: string;
  /** Its map of that class. */
  readonly map: HeatMap;
  /** Absent when the map had no positive place: then the whole image is taken. */
  readonly box?: Box;
  /** Overlap with the true box, where that is known. */
  readonly iou?: number;
  /** What the SVMs on crops and on true boxes take it for; absent where there are no features of that part. */
  readonly byCrop?: string;
  readonly byTruth?: string;
}

/** The SVMs on full pictures, on crops by their own maps, and, where true boxes are known, on these. */
export interface FineGrainedModel {
  readonly full: LinearSvm<string>;
  readonly crop: LinearSvm<string>;
  readonly truth?: LinearSvm<string>;
}

/** Table 4 with one's own network. */
export interface FineGrainedFindings {
  /** Ours first, then the published rows, marked as such. */
  readonly lines: readonly FineGrainedLine[];
  readonly full: TaskFindings;
  readonly crop: TaskFindings;
  /** Absent when the pictures have no boxes. */
  readonly truth?: TaskFindings;
  readonly regions: readonly FoundRegion[];
  /** Share of the test pictures whose found box has an IoU of at least 0.5 with the true one. */
  readonly localised?: Interval;
}

/** Table 4 with one's own network, and the features that its rows were learned from. */
export interface FineGrainedDiscovery extends Discovery<FineGrainedModel, FineGrainedFindings> {
  readonly features: { readonly full: FeatureTable; readonly crop: FeatureTable; readonly truth?: FeatureTable };
}

/** How the birds are looked at. */
export interface DiscoverFineGrainedOptions extends LearnTaskOptions {
  /** The box rule's share of the map's maximum; 0.2 unless given. */
  readonly threshold?: number;
  /** Put the published rows below ours; true unless given. */
  readonly published?: boolean;
}

const OPTIONS = learnOptionsAnd<DiscoverFineGrainedOptions>({ threshold: true, published: true });

/**
 * Fine-grained recognition as in the paper's Table 4. A linear SVM is trained on features of full images; its own class
 * activation map says where the bird is (the paper's rule: the largest region above 20 % of the maximum); features of
 * that crop train a second SVM. Where images have true boxes, a third is trained on those.
 *
 * Nothing but image-level labels of the training part is used for the crop: on every image, training ones too, the map
 * is that of the class which the first SVM takes it for.
 *
 * @param set pictures as `readCub` gives them: with label, split and, for the last row, box
 * @throws CamlabError when there is no training or test part, or as `extractFeatures` and `trainLinearSvm` do
 * @example
 * const { findings } = await discoverFineGrained(network, await readers.readCub("CUB_200_2011"));
 * findings.lines[1].accuracy; // { value: 0.833, low: 0.802, high: 0.861 }
 */
export async function discoverFineGrained(
  given: Network,
  set: Pictures,
  options: DiscoverFineGrainedOptions = {},
): Promise<FineGrainedDiscovery> {
  const { threshold = 0.2, published = true, ...learning } = check.known(options, OPTIONS, "discoverFineGrained");
  if (options.layer !== undefined)
    throw new CamlabError("the maps of discoverFineGrained are those of the network's GAP head");
  const images = listOf(set);
  using own = await openForTask(given, "fineGrained");
  const network = await inView(own.network, options.view, USUAL_VIEWS.fineGrained);
  const full = await learnTask(network, { name: "full image", pictures: images }, learning);
  const readable = withoutSkipped(images, full.skipped);
  const { regions: found, skipped } = await regionsOf(network, full.model, readable, threshold, options);
  const cropped = found.map(({ picture, box }) => (box ? { ...picture, region: box } : picture));
  const crop = await learnTask(network, { name: "crop", pictures: cropped }, learning);
  const boxed = images.every(({ box }) => box !== undefined);
  const boxes = images.map((image) => ({ ...image, region: image.box }));
  const truth = boxed ? await learnTask(network, { name: "ground-truth box", pictures: boxes }, learning) : undefined;
  const [byCrop, byTruth] = [namesBy(crop), truth && namesBy(truth)];
  const boxesOf = new Map(images.map((image, i) => [image, boxes[i]]));
  const regions = found.map((region, i) => ({
    ...region,
    ...named("byCrop", byCrop.get(cropped[i])),
    ...named("byTruth", byTruth?.get(boxesOf.get(region.picture)!)),
  }));
  const judged = regions.filter(({ picture }) => picture.split === "test");
  const findings: FineGrainedFindings = {
    lines: [
      ours(full, "full image", "none", network),
      ours(crop, "crop from the SVM's own map", "none", network),
      ...(truth ? [ours(truth, "ground-truth box", "boxes", network)] : []),
      ...(published ? PUBLISHED_BIRDS : []),
    ],
    full: full.findings,
    crop: crop.findings,
    ...(truth && { truth: truth.findings }),
    regions,
    ...(boxed && { localised: shareOf(judged.map(({ iou: overlap = 0 }) => overlap >= 0.5)) }),
  };
  return {
    ...madeWith(network),
    model: { full: full.model, crop: crop.model, ...(truth && { truth: truth.model }) },
    findings,
    skipped: [...full.skipped, ...skipped],
    notes: [...full.notes, ...own.notes],
    features: { full: full.features, crop: crop.features, ...(truth && { truth: truth.features }) },
  };
}

/** What an SVM takes each of its pictures for. */
function namesBy({ model, features }: LearnedTask): Map<Picture, string> {
  const predicted = model.predict(features);
  return new Map(features.pictures.map((picture, row) => [picture, predicted[row]]));
}

function named(field: "byCrop" | "byTruth", name: string | undefined): Pick<FoundRegion, typeof field> {
  return name === undefined ? {} : { [field]: name };
}

function ours(
  { findings: { accuracy } }: LearnedTask,
  what: string,
  annotations: FineGrainedLine["annotations"],
  network: Network,
): FineGrainedLine {
  const method = `${network.name} on ${what}`;
  return { method, annotations, accuracy, published: false };
}

/** Where the SVM's own map of the class it predicts says that the thing is, for each image that had features. */
async function regionsOf(
  network: Network,
  svm: LinearSvm<string>,
  images: readonly Picture[],
  threshold: number,
  { signal, onProgress, maxPixels, maxMemory }: DiscoverFineGrainedOptions,
): Promise<{ readonly regions: FoundRegion[]; readonly skipped: SkippedPicture[] }> {
  const regions: FoundRegion[] = [];
  const skipped: SkippedPicture[] = [];
  const looking = { batchSize: 4, top: 1, signal, onProgress, maxPixels, maxMemory };
  for await (const seen of lookAtAll(network, images, looking)) {
    const { picture } = seen;
    if (isSkipped(seen)) {
      skipped.push(seen);
      continue;
    }
    const [predicted] = svm.predict(matrixOf([seen.features]));
    const map = cam(seen, svm.weightsOf(predicted), { label: predicted });
    const { box } = boxOf(map, { threshold });
    const overlap = picture.box && (box ? iou(box, picture.box) : 0);
    regions.push({ picture, predicted, map, ...(box && { box }), ...(overlap !== undefined && { iou: overlap }) });
  }
  return { regions, skipped };
}
