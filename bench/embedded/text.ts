// Text or no text, learned from image-level labels, and whether the map's peak lies on a word.
import { type Box, cam, extractFeatures, isSkipped, lookAtAll, type Network, drawWorld } from "../../src/index.js";
import { averagePrecision } from "../../src/kernel-helpers/svm/metrics/average-precision.js";
import { bootstrapInterval, type BootstrapInterval } from "../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";
import { colours, learned } from "./probes.js";
import { mean } from "../world/probe.js";
import { peakOf } from "./objects.js";
import type { Sample } from "./sample.js";

/** Half a cell of a 14 × 14 map on a picture of 224 × 224: a map cannot point more finely. */
const NEAR = 8;

/** What is measured on the text part. */
export interface TextReport {
  readonly seed: number;
  readonly train: number;
  readonly test: number;
  /** Share of pictures with text. */
  readonly chance: number;
  readonly averagePrecision: BootstrapInterval;
  readonly colours: BootstrapInterval;
  /** Share of the pictures with text where the map's peak lies within 8 pixels of a word's upright box. */
  readonly peakNearWord: BootstrapInterval;
  /** The share of the frame that is as near, on average: what a peak anywhere would get. */
  readonly peakChance: number;
  /** What the peaks get when they are dealt to other pictures: where signs usually hang. */
  readonly peaksOfOthers: number;
  readonly C: number;
}

/** Learns "has text" from image-level labels, and asks its own maps where. */
export async function measureText(network: Network, { seed, train, test }: Sample): Promise<TextReport> {
  const { pictures } = await drawWorld("text", { seed, train, test });
  const features = await extractFeatures(network, pictures);
  const [learn, judge] = [features.ofSplit("train"), features.ofSplit("test")];
  const { svm, C } = await learned(learn, learn.labels, "text");
  const byColours = await learned(await colours(pictures, "train"), learn.labels, "text");
  const truth = judge.labels.map((label) => label === "text");
  const precision = (scores: Float32Array) =>
    bootstrapInterval(truth.length, (rows) =>
      averagePrecision(
        rows.map((i) => scores[i]),
        rows.map((i) => truth[i]),
      ),
    );
  const lettered = pictures.filter(({ split, words }) => split === "test" && words.length > 0);
  const weights = svm.weightsOf("text");
  const peaks: { x: number; y: number }[] = [];
  for await (const seen of lookAtAll(network, lettered)) {
    if (isSkipped(seen)) throw new Error(seen.error);
    peaks.push(peakOf(cam(seen, weights)));
  }
  const boxes = lettered.map(({ words }) => words.map(({ polygon }) => widened(polygon)));
  const hits = peaks.map((peak, i) => Number(boxes[i].some((box) => inside(peak, box))));
  const dealt = peaks.flatMap((peak, i) =>
    [1, 7, 31, 71].map((shift) => Number(boxes[(i + shift) % boxes.length].some((box) => inside(peak, box)))),
  );
  return {
    seed,
    train: learn.rows,
    test: judge.rows,
    chance: mean(truth.map(Number)),
    averagePrecision: precision(svm.decisionValues(judge).data),
    colours: precision(byColours.svm.decisionValues(await colours(pictures, "test")).data),
    peakNearWord: bootstrapInterval(hits.length, (rows) => mean(rows.map((i) => hits[i]))),
    peakChance: mean(boxes.map(shareOf)),
    peaksOfOthers: mean(dealt),
    C,
  };
}

function widened(polygon: readonly number[]): Box {
  const xs = polygon.filter((_, i) => i % 2 === 0);
  const ys = polygon.filter((_, i) => i % 2 === 1);
  const [x, y] = [Math.min(...xs) - NEAR, Math.min(...ys) - NEAR];
  return { x, y, width: Math.max(...xs) + NEAR - x, height: Math.max(...ys) + NEAR - y };
}

/** The share of the frame's pixels that lie in one of the boxes. */
function shareOf(boxes: readonly Box[]): number {
  let count = 0;
  for (let y = 0; y < 224; y += 2) {
    for (let x = 0; x < 224; x += 2) if (boxes.some((box) => inside({ x: x + 1, y: y + 1 }, box))) count++;
  }
  return count / 112 ** 2;
}

function inside({ x, y }: { x: number; y: number }, box: Box): boolean {
  return x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
}
