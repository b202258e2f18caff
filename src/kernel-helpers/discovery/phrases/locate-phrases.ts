import { boxArea, pointInBox } from "../../boxes/box-geometry.js";
import { cam } from "../../cam/cam.js";
import type { HeatMap } from "../../cam/heat-map.js";
import { peakOf } from "../../cam/peak.js";
import type { SkippedPicture, StoredPicture } from "../../images/picture.js";
import type { Box } from "../../images/box.js";
import { isSkipped, lookAtAll, type LookAtAllOptions } from "../../networks/look-at-all.js";
import type { Network } from "../../networks/network.js";
import type { Seen } from "../../networks/seen.js";
import { matrixOf } from "../../support/matrix.js";
import type { LinearSvm } from "../../svm/linear-svm.js";
import type { Interval } from "../../support/statistics.js";
import { shareOf } from "../../svm/metrics/share-of.js";

/** What a phrase's detector sees in an image, and where. */
export interface PhraseView {
  /** Its decision value for the whole image. */
  readonly score: number;
  /** The class activation map, raw, at the resolution of the feature maps: its mean and the bias make the score. */
  readonly map: HeatMap;
  /** The map's highest place, in pixels of the image. */
  readonly peak: { readonly x: number; readonly y: number };
}

/** An image, and where a phrase is in it, by the first and by the last round of mining. */
export interface LocatedImage {
  readonly file: string;
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Whether its captions say the phrase. */
  readonly holds: boolean;
  readonly before: PhraseView;
  readonly after: PhraseView;
  /** Where the phrase is in truth, where that is known. */
  readonly boxes: readonly Box[];
}

/** How often maps point to where a phrase is. */
export interface Pointing {
  /** Images with a known box. */
  readonly images: number;
  /** Share of them whose map's peak lies in the box, with its 95 % bootstrap interval. */
  readonly share: Interval;
  /** The mean share of the frame that the boxes cover: what a random point would reach. */
  readonly chance: number;
}

/** A phrase, its detectors, and the images to look at. */
export interface PhraseToLocate {
  readonly text: string;
  readonly before: LinearSvm;
  readonly after: LinearSvm;
  /** Whether each image's captions say it, and where it is as far as that is known. */
  readonly says: readonly boolean[];
  readonly boxes: readonly (readonly Box[])[];
  readonly images: readonly number[];
}

/**
 * Maps of phrases in images. Each image is looked at once, for all the phrases that want it.
 *
 * @returns for each phrase its images, in the order asked for, and the images that could not be read
 */
export async function locatePhrases(
  network: Network,
  images: readonly StoredPicture[],
  phrases: readonly PhraseToLocate[],
  { batchSize = 4, ...options }: Pick<LookAtAllOptions, "batchSize" | "maxPixels" | "signal" | "onProgress">,
): Promise<{ readonly located: LocatedImage[][]; readonly skipped: SkippedPicture<StoredPicture>[] }> {
  const wanted = new Set(phrases.flatMap((phrase) => phrase.images.map((i) => images[i])));
  const askedBy = phrases.map((phrase) => new Map(phrase.images.map((i) => [images[i], i])));
  const found = phrases.map(() => new Map<StoredPicture, LocatedImage>());
  const skipped: SkippedPicture<StoredPicture>[] = [];
  for await (const seen of lookAtAll(network, [...wanted], { ...options, batchSize, top: 1 })) {
    if (isSkipped(seen)) {
      skipped.push(seen);
      continue;
    }
    phrases.forEach((phrase, p) => {
      const image = askedBy[p].get(seen.picture);
      if (image !== undefined) found[p].set(seen.picture, located(seen, image, phrase));
    });
  }
  return {
    located: phrases.map((phrase, p) => phrase.images.flatMap((image) => found[p].get(images[image]) ?? [])),
    skipped,
  };
}

function located(seen: Seen<StoredPicture>, image: number, phrase: PhraseToLocate): LocatedImage {
  const { file, id } = seen.picture;
  const { width, height } = seen.photo;
  const view = (svm: LinearSvm) => viewOf(seen, svm, phrase.text);
  return {
    file,
    id,
    width,
    height,
    holds: phrase.says[image],
    before: view(phrase.before),
    after: view(phrase.after),
    boxes: phrase.boxes[image],
  };
}

function viewOf(seen: Seen, svm: LinearSvm, text: string): PhraseView {
  const map = cam(seen, svm.weightsOf(text, seen.features), { label: text });
  return { score: svm.decisionValues(matrixOf([seen.features])).data[0], map, peak: peakOf(map) };
}

/** How often a phrase's maps point into its box before and after mining; nothing when no box is known. */
export function pointingOf(located: readonly LocatedImage[]): { pointing?: { before: Pointing; after: Pointing } } {
  const known = located.filter(({ boxes }) => boxes.length > 0);
  if (known.length === 0) return {};
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const chance = mean(known.map(coveredShare));
  const of = (which: "before" | "after"): Pointing => {
    const share = shareOf(known.map(({ [which]: { peak }, boxes }) => boxes.some((box) => pointInBox(peak, box))));
    return { images: known.length, share, chance };
  };
  return { pointing: { before: of("before"), after: of("after") } };
}

/** The share of an image that its boxes cover; of overlapping ones at most all of it. */
function coveredShare({ boxes, width, height }: LocatedImage): number {
  return Math.min(1, boxes.reduce((sum, box) => sum + boxArea(box), 0) / (width * height));
}
