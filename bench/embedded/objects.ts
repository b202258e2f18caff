// What the embedded network makes of pictures of the objects part that it never saw: which classes are there (average
// precision), and where (boxes by the paper's 20 % rule, pointing), beside a box that looks at nothing.
import {
  type Box,
  boxOf,
  cam,
  type HeatMap,
  iou,
  isSkipped,
  lookAtAll,
  type Network,
  upsample,
  drawWorld,
} from "../../src/index.js";
import { averagePrecision } from "../../src/kernel-helpers/svm/metrics/average-precision.js";
import { bootstrapInterval } from "../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";
import { pointInBox } from "../../src/kernel-helpers/boxes/box-geometry.js";
import type { DrawnPicture } from "../../src/world/drawn-picture.js";
import type { BootstrapInterval } from "../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";
import { mean } from "../world/probe.js";
import type { Sample } from "./sample.js";

/** The part of the frame that an object's box takes, in classes of equally many objects or so. */
export const SIZES = [
  { name: "small", below: 0.08 },
  { name: "medium", below: 0.13 },
  { name: "large", below: Infinity },
] as const;

/** Places right, of the objects that are there: shares. */
export interface Places {
  readonly objects: number;
  /** The map's box has IoU ≥ 0.5 with the object's. */
  readonly boxes: BootstrapInterval;
  /** A box of half the frame's area in its middle has. */
  readonly centred: BootstrapInterval;
  /** The same box, of the median object's area. */
  readonly centredMedian: BootstrapInterval;
  /** The map's peak lies in the object's box. */
  readonly pointing: BootstrapInterval;
  /** A place chosen blindly would lie in it. */
  readonly pointingChance: number;
  readonly meanIou: number;
}

/** What is measured on the objects part. */
export interface ObjectsReport {
  readonly pictures: number;
  readonly seed: number;
  readonly meanAveragePrecision: BootstrapInterval;
  /** Share of pictures in which a class is present, on average: what guessing gets. */
  readonly chance: number;
  readonly classes: readonly { readonly name: string; readonly averagePrecision: number; readonly boxes: number }[];
  readonly all: Places;
  readonly bySize: readonly ({ readonly name: string } & Places)[];
}

interface Found {
  readonly picture: number;
  readonly name: string;
  readonly area: number;
  readonly overlap: number;
  readonly centred: number;
  readonly centredMedian: number;
  readonly pointed: boolean;
}

/**
 * Looks at pictures of the objects part and judges classes and places. Every object of a class that the picture is
 * labelled with counts once; the map is that of its class.
 */
export async function measureObjects(network: Network, { seed, test }: Omit<Sample, "train">): Promise<ObjectsReport> {
  const { pictures, classes } = await drawWorld("objects", { seed, train: 0, test });
  const scores: Float32Array[] = [];
  const truth = pictures.map(({ labels = [] }) => new Set(labels));
  const labelled = ({ objects, labels = [] }: DrawnPicture) => objects.filter(({ name }) => labels.includes(name));
  const areas = pictures.flatMap((one) => labelled(one).map(({ box }) => areaShare(box))).sort((a, b) => a - b);
  const median = areas[areas.length >> 1];
  const found: Found[] = [];
  for await (const seen of lookAtAll(network, pictures)) {
    if (isSkipped(seen)) throw new Error(seen.error);
    const picture = scores.length;
    scores.push(classes.map((name) => seen.logits[network.classes.indexOf(name)]) as unknown as Float32Array);
    for (const { name, box } of labelled(seen.picture)) {
      const map = cam(seen, name);
      const guess = boxOf(map).box;
      found.push({
        picture,
        name,
        area: areaShare(box),
        overlap: guess ? iou(guess, box) : 0,
        centred: iou(centredBox(0.5), box),
        centredMedian: iou(centredBox(median), box),
        pointed: pointInBox(peakOf(map), box),
      });
    }
  }
  const precisionOf = (name: string, k: number, rows: readonly number[]) =>
    averagePrecision(
      rows.map((i) => scores[i][k]),
      rows.map((i) => truth[i].has(name)),
    );
  const all = pictures.map((_, i) => i);
  return {
    pictures: pictures.length,
    seed,
    meanAveragePrecision: bootstrapInterval(pictures.length, (rows) =>
      mean(classes.map((name, k) => precisionOf(name, k, rows))),
    ),
    chance: mean(classes.map((name) => mean(truth.map((labels) => Number(labels.has(name)))))),
    classes: classes.map((name, k) => ({
      name,
      averagePrecision: precisionOf(name, k, all),
      boxes: mean(found.filter((item) => item.name === name).map(({ overlap }) => Number(overlap >= 0.5))),
    })),
    all: placesOf(found),
    bySize: SIZES.map(({ name, below }, i) => ({
      name,
      ...placesOf(found.filter(({ area }) => area < below && area >= (i > 0 ? SIZES[i - 1].below : 0))),
    })),
  };
}

/** Where a map is highest, in pixels of the picture (224 × 224). */
export function peakOf(map: HeatMap): { x: number; y: number } {
  const { data, width, height } = upsample(map);
  let best = 0;
  for (let p = 1; p < data.length; p++) if (data[p] > data[best]) best = p;
  const side = 224;
  return { x: (((best % width) + 0.5) * side) / width, y: ((Math.floor(best / width) + 0.5) * side) / height };
}

function placesOf(found: readonly Found[]): Places {
  const share = (right: (item: Found) => boolean) =>
    bootstrapInterval(found.length, (rows) => mean(rows.map((i) => Number(right(found[i])))));
  return {
    objects: found.length,
    boxes: share(({ overlap }) => overlap >= 0.5),
    centred: share(({ centred }) => centred >= 0.5),
    centredMedian: share(({ centredMedian }) => centredMedian >= 0.5),
    pointing: share(({ pointed }) => pointed),
    pointingChance: mean(found.map(({ area }) => area)),
    meanIou: mean(found.map(({ overlap }) => overlap)),
  };
}

function areaShare({ width, height }: Box): number {
  return (width * height) / 224 ** 2;
}

function centredBox(share: number): Box {
  const side = 224 * Math.sqrt(share);
  return { x: (224 - side) / 2, y: (224 - side) / 2, width: side, height: side };
}
