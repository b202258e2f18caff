import { cutAt, mirrorImage, tenCropFrame, tenCropPlaces } from "../features/ten-crops.js";
import type { ImageSource, Image } from "../images/image.js";
import { fillInput } from "../images/input/fill-input.js";
import { prepareImage } from "../images/input/prepare-image.js";
import { type Picture, pictureOf } from "../images/picture.js";
import { checkNetwork, checkOnePicture } from "../networks/check-network.js";
import type { Network } from "../networks/network.js";
import { sigmoid } from "../networks/sigmoid.js";
import { softmax } from "../networks/softmax.js";
import { check, optionNames } from "../support/check.js";
import { invalid } from "../support/errors.js";
import { cam, type CamTarget } from "./cam.js";
import type { HeatMap } from "./heat-map.js";
import { type Upsampling, UPSAMPLINGS } from "./resample.js";
import { upsample } from "./upsample.js";

/** How the maps of several crops become one. */
export type CropMerging = (typeof CROP_MERGINGS)[number];

/**
 * Every way to merge the maps of crops.
 *
 * @example
 * boxes.CROP_MERGINGS; // ["coverage", "authors"]
 */
export const CROP_MERGINGS = ["coverage", "authors"] as const;

/** Which crops are looked at, and how their maps are put together. */
export interface CropMapsOptions {
  /**
   * `ten` (the default): four corners and the centre of a frame that is 8/7 of the input, and their mirror images, as the
   * paper's authors do. Numbers are scales: at scale s the frame is s times the input, and crops stand on a grid, each
   * over half of its neighbour, with their mirror images; 1 is the whole picture.
   */
  readonly crops?: "ten" | readonly number[];
  /**
   * - `coverage` (the default): the mean of the maps that cover a place, signs kept.
   * - `authors`: the sum of their absolute values, as the authors' code has it, however many cover a place: corners count
   *   less than the middle.
   */
  readonly merging?: CropMerging;
  /** Whom the maps speak for; the `top` classes unless given. */
  readonly targets?: readonly CamTarget[];
  /** How many of the most probable classes are listed, and mapped where there are no targets; 5 unless given. */
  readonly top?: number;
  /** How a crop's map is stretched to the crop; `bicubic` unless given, as the authors do. */
  readonly method?: Upsampling;
  readonly signal?: AbortSignal;
}

/** What was seen in the crops of a picture. */
export interface CropMaps {
  /** One a target, of the largest frame's size. */
  readonly maps: readonly HeatMap[];
  /** The mean over all crops. */
  readonly probabilities: Float32Array;
  /** The most probable classes, best first. */
  readonly top: readonly { readonly index: number; readonly name: string; readonly probability: number }[];
}

const OPTIONS = optionNames<CropMapsOptions>({
  crops: true,
  merging: true,
  targets: true,
  top: true,
  method: true,
  signal: true,
});

/**
 * The class activation maps of a picture from several crops of it: ten, as the paper's authors take them, or crops at
 * several scales, where small things are seen large. Classes are ranked by their probability averaged over the crops; the
 * maps of the crops are laid where the crops lie.
 *
 * @throws CamlabError as `look` and `cam` do, and for scales below 1
 * @example
 * const { maps, top } = await boxes.cropMaps(network, "street.jpg", { merging: "authors" });
 * boxOf(maps[0]);
 */
export async function cropMaps(
  network: Network,
  picture: Picture | ImageSource,
  options: CropMapsOptions = {},
): Promise<CropMaps> {
  check.known(options, OPTIONS, "cropMaps");
  checkNetwork(network, "cropMaps");
  checkOnePicture(picture, "cropMaps");
  const { crops = "ten", merging = "coverage", top: count = 5, method = "bicubic", signal } = options;
  check.oneOf("merging", merging, CROP_MERGINGS);
  check.oneOf("method", method, UPSAMPLINGS);
  check.count("top", count);
  const { width, height } = network.preprocessing;
  const frames: Frame[] = [];
  for (const plan of plansOf(crops, network)) frames.push(await lookAtFrame(network, pictureOf(picture), plan, signal));
  const all = frames.flatMap(({ seen }) => seen);
  const probabilities = meanOf(all.map(({ probabilities: each }) => each));
  const order = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a] || a - b);
  const top = order
    .slice(0, count)
    .map((index) => ({ index, name: network.classes[index], probability: probabilities[index] }));
  const targets = options.targets ?? top.map(({ index }) => index);
  const largest = frames.reduce((a, b) => (b.width > a.width ? b : a));
  const maps = targets.map((target) => {
    const merged = frames.map((frame) => {
      const laid = frame.seen.map((each) => {
        const small = cam({ network, featureMaps: each.featureMaps, features: each.features }, target);
        const map = upsample(small, { width, height, method });
        return { ...each, label: map.label, data: each.isMirrored ? flipped(map) : map.data };
      });
      const data = mergedMap(laid, { ...frame, cropWidth: width, cropHeight: height, merging });
      const map: HeatMap = { width: frame.width, height: frame.height, data, label: laid[0].label };
      return frame === largest
        ? map
        : upsample(map, { width: largest.width, height: largest.height, method: "bilinear" });
    });
    return {
      ...merged[0],
      width: largest.width,
      height: largest.height,
      data: meanOf(merged.map(({ data }) => data)),
      placement: largest.placement,
    };
  });
  return { maps, probabilities, top };
}

interface Plan {
  readonly preprocessing: Network["preprocessing"];
  /** Where crops of the input's size begin. */
  readonly places: readonly (readonly [x: number, y: number])[];
}

interface SeenCrop {
  readonly x: number;
  readonly y: number;
  readonly isMirrored: boolean;
  readonly probabilities: Float32Array;
  readonly featureMaps: Parameters<typeof cam>[0]["featureMaps"];
  readonly features: Float32Array;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly placement: NonNullable<HeatMap["placement"]>;
  readonly seen: readonly SeenCrop[];
}

function plansOf(crops: "ten" | readonly number[], { preprocessing }: Network): Plan[] {
  const { width, height } = preprocessing;
  const frame = tenCropFrame(preprocessing);
  if (crops === "ten") return [{ preprocessing: frame, places: tenCropPlaces(frame, preprocessing) }];
  if (!Array.isArray(crops) || crops.length === 0) throw invalid("crops", crops, '"ten" or a list of scales');
  return (crops as readonly number[]).map((scale) => {
    check.number("scale", scale, { from: 1, to: 8 });
    const larger = { ...frame, width: Math.round(width * scale), height: Math.round(height * scale) };
    const [columns, rows] = [steps(larger.width, width), steps(larger.height, height)];
    return { preprocessing: larger, places: rows.flatMap((y) => columns.map((x) => [x, y] as const)) };
  });
}

/** Where windows begin that reach from one end to the other, each over at least half of its neighbour. */
function steps(size: number, window: number): number[] {
  const count = Math.ceil((size - window) / (window / 2)) + 1;
  return Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((i * (size - window)) / (count - 1))));
}

async function lookAtFrame(
  network: Network,
  { file, region, flip }: Picture,
  { preprocessing, places }: Plan,
  signal?: AbortSignal,
): Promise<Frame> {
  const { pixels, placement } = await prepareImage(file, preprocessing, { region, flip, signal });
  const { width, height } = preprocessing;
  const own = network.preprocessing;
  const frame: Image = { width, height, data: pixels };
  const seen: SeenCrop[] = [];
  for (const [x, y] of places) {
    signal?.throwIfAborted();
    const crop = cutAt(frame, x, y, own.width, own.height);
    const batch = new Float32Array(2 * 3 * own.width * own.height);
    fillInput(batch, 0, crop, own);
    fillInput(batch, 1, mirrorImage(crop, own.width, own.height), own);
    const { featureMaps, features, logits } = await network.run(batch, 2);
    for (const slot of [0, 1]) {
      const part = (data: Float32Array) => data.slice((slot * data.length) / 2, ((slot + 1) * data.length) / 2);
      const scores = part(logits);
      seen.push({
        x,
        y,
        isMirrored: slot === 1,
        probabilities: network.card.probabilities === "sigmoid" ? sigmoid(scores) : softmax(scores),
        featureMaps: { ...featureMaps, data: part(featureMaps.data) },
        features: part(features),
      });
    }
  }
  return { width, height, placement, seen };
}

function mergedMap(
  crops: readonly { readonly x: number; readonly y: number; readonly data: Float32Array }[],
  {
    width,
    height,
    cropWidth,
    cropHeight,
    merging,
  }: { width: number; height: number; cropWidth: number; cropHeight: number; merging: CropMerging },
): Float32Array {
  const sum = new Float32Array(width * height);
  const covered = new Float32Array(width * height);
  for (const { x, y, data } of crops) {
    for (let row = 0; row < cropHeight; row++) {
      for (let column = 0; column < cropWidth; column++) {
        const value = data[row * cropWidth + column];
        const at = (y + row) * width + x + column;
        sum[at] += merging === "authors" ? Math.abs(value) : value;
        covered[at]++;
      }
    }
  }
  return merging === "authors" ? sum : sum.map((value, i) => value / covered[i]);
}

function flipped({ width, data }: HeatMap): Float32Array {
  return data.map((_, i) => data[i - (i % width) + (width - 1 - (i % width))]);
}

function meanOf(lists: readonly Float32Array[]): Float32Array {
  return lists[0].map((_, i) => lists.reduce((sum, list) => sum + list[i], 0) / lists.length);
}
