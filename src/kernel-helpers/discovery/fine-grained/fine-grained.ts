import { boxOf } from "../../boxes/box-of.js";
import { iou } from "../../boxes/box-geometry.js";
import { cam } from "../../cam/cam.js";
import type { PictureSet, StoredPicture } from "../../images/picture.js";
import type { Box } from "../../images/box.js";
import { isSkipped, lookAtAll } from "../../networks/look-at-all.js";
import type { Network } from "../../networks/network.js";
import { CamlabError } from "../../support/errors.js";
import { matrixOf } from "../../support/matrix.js";
import type { LinearSvm } from "../../svm/linear-svm.js";
import { type ProbeOptions, probeTask, type ProbeResult } from "../new-task/probe-task.js";

/** A row of the table: a way to look at the birds, and how many are named right. */
export interface FineGrainedLine {
  readonly method: string;
  /** What it is told about the test images beside their pixels. */
  readonly annotations: "none" | "boxes" | "boxes and parts";
  /** Percent of the test images whose class is right. */
  readonly accuracy: number;
  /** The 95 % bootstrap interval; ours only. */
  readonly low?: number;
  readonly high?: number;
  /** True for numbers from papers: another network, and all 200 species. */
  readonly published: boolean;
}

/** The box that an SVM's own class activation map gave. */
export interface FoundRegion {
  readonly picture: StoredPicture;
  /** The class whose map it was: the one that the SVM took the image for. */
  readonly predicted: string;
  /** Absent when the map had no positive place: then the whole image is taken. */
  readonly box?: Box;
  /** Overlap with the true box, where that is known. */
  readonly iou?: number;
}

/** Table 4 with one's own network. */
export interface FineGrainedReport {
  /** Ours first, then the published rows, marked as such. */
  readonly lines: readonly FineGrainedLine[];
  readonly full: ProbeResult;
  readonly crop: ProbeResult;
  /** Absent when the images have no boxes. */
  readonly truth?: ProbeResult;
  readonly regions: readonly FoundRegion[];
  /** Share of the test images whose found box has an IoU of at least 0.5 with the true one. */
  readonly localised?: number;
}

/** How the birds are looked at. */
export interface FineGrainedOptions extends ProbeOptions {
  /** The box rule's share of the map's maximum; 0.2 unless given. */
  readonly threshold?: number;
  /** Put the published rows below ours; true unless given. */
  readonly published?: boolean;
}

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
 * const { lines, localised } = await fineGrained(network, await readCub("CUB_200_2011"));
 */
export async function fineGrained(
  network: Network,
  { pictures: images }: Pick<PictureSet<StoredPicture>, "pictures">,
  options: FineGrainedOptions = {},
): Promise<FineGrainedReport> {
  const { threshold = 0.2, published = true } = options;
  if (options.layer !== undefined) throw new CamlabError("the maps of fineGrained are those of the network's GAP head");
  const full = await probeTask(network, { name: "full image", pictures: images }, options);
  const regions = await regionsOf(network, full.svm, images, threshold, options);
  const cropped = regions.map(({ picture, box }) => ({ ...picture, region: box }));
  const crop = await probeTask(network, { name: "crop", pictures: images }, options, cropped);
  const boxed = images.every(({ box }) => box !== undefined);
  const truth = boxed
    ? await probeTask(
        network,
        { name: "ground-truth box", pictures: images },
        options,
        images.map((image) => ({ ...image, region: image.box })),
      )
    : undefined;
  const overlaps = regions.filter(({ picture }) => picture.split === "test").map((region) => region.iou ?? 0);
  return {
    lines: [
      ours(full, "full image", "none", network),
      ours(crop, "crop from the SVM's own map", "none", network),
      ...(truth ? [ours(truth, "ground-truth box", "boxes", network)] : []),
      ...(published ? PUBLISHED : []),
    ],
    full,
    crop,
    truth,
    regions,
    ...(boxed && { localised: overlaps.filter((overlap) => overlap >= 0.5).length / overlaps.length }),
  };
}

/**
 * Table 4 of the paper: CUB-200-2011, all 200 species, accuracy in percent, with what is used at test time.
 */
const PUBLISHED: readonly FineGrainedLine[] = [
  publishedLine("GoogLeNet-GAP on full image", "none", 63.0),
  publishedLine("GoogLeNet-GAP on crop", "none", 67.8),
  publishedLine("GoogLeNet-GAP on ground-truth box", "boxes", 70.5),
  publishedLine("Alignments", "none", 53.6),
  publishedLine("Alignments", "boxes", 67.0),
  publishedLine("DPD", "boxes and parts", 51.0),
  publishedLine("DeCAF+DPD", "boxes and parts", 65.0),
  publishedLine("PANDA R-CNN", "boxes and parts", 76.4),
];

function publishedLine(method: string, annotations: FineGrainedLine["annotations"], accuracy: number): FineGrainedLine {
  return { method, annotations, accuracy, published: true };
}

function ours(
  { accuracy: { value, low, high } }: ProbeResult,
  what: string,
  annotations: FineGrainedLine["annotations"],
  network: Network,
): FineGrainedLine {
  const method = `${network.name} on ${what}`;
  return { method, annotations, accuracy: 100 * value, low: 100 * low, high: 100 * high, published: false };
}

/** Where the SVM's own map of the class it predicts says that the thing is, for each image. */
async function regionsOf(
  network: Network,
  svm: LinearSvm<string>,
  images: readonly StoredPicture[],
  threshold: number,
  { signal, onProgress }: FineGrainedOptions,
): Promise<FoundRegion[]> {
  const regions: FoundRegion[] = [];
  for await (const seen of lookAtAll(network, images, { batchSize: 4, top: 1, signal, onProgress })) {
    const { picture } = seen;
    if (isSkipped(seen)) {
      regions.push({ picture, predicted: "" });
      continue;
    }
    const [predicted] = svm.predict(matrixOf([seen.features]));
    const { box } = boxOf(cam(seen, svm.weightsOf(predicted)), { threshold });
    const overlap = picture.box && (box ? iou(box, picture.box) : 0);
    regions.push({ picture, predicted, ...(box && { box }), ...(overlap !== undefined && { iou: overlap }) });
  }
  return regions;
}
