import type { HeatMap } from "../../cam/heat-map.js";
import { wayCalled } from "../../cam/ways/look-ways.js";
import { mapOfWay } from "../../cam/ways/map-of-way.js";
import { Questioner } from "../../cam/ways/questions.js";
import type { ReadImageOptions } from "../../images/files/open-image.js";
import { fillInput } from "../../images/input/fill-input.js";
import { prepareImage } from "../../images/input/prepare-image.js";
import type { Network } from "../../networks/network.js";
import type { Seen } from "../../networks/seen.js";
import { check, optionNames } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import { seededRandom } from "../../support/random.js";
import { CAM, type WayToLook } from "./look-for-cases.js";

/** How a way is opened, and its pictures read. */
export interface OpenWayOptions extends Pick<ReadImageOptions, "maxPixels" | "maxMemory"> {
  /**
   * Pixels a side of the blocks over which a map of single pixels is averaged, for single pixels of a gradient are noise;
   * 8 unless given, and 1 leaves it as it is. Maps of regions are left alone.
   */
  readonly block?: number;
  /** Same seed, same maps of the ways that use chance; 0 unless given. */
  readonly seed?: number;
}

const OPTIONS = optionNames<OpenWayOptions>({ block: true, seed: true, maxPixels: true, maxMemory: true });

/**
 * Opens one of `boxes.WAYS` for an evaluation, the network's backward pass with it where the way needs that; dispose of
 * it. What it gives is the way's map, and for a way of single pixels the mean over blocks of them: a smoothing, without
 * which the largest region above a threshold is a speck.
 *
 * @throws CamlabError for a way that there is not, for one of a transformer's tokens where the network is none, and for a
 *   block outside its range
 * @example
 * using way = boxes.openWay(network, "saliency");
 * await boxes.evaluateLocalization(network, set, { way, boxRule: { rule: "graph-cut" } });
 */
export function openWay(network: Network, name: string, options: OpenWayOptions = {}): WayToLook & Disposable {
  const { block = 8, seed = 0, ...reading } = check.known(options, OPTIONS, "openWay");
  check.wholeNumber("block", block, { from: 1, to: 256 });
  const way = wayCalled(name);
  if (way.ofTokens && !network.head.featureMaps.tokens) {
    throw new CamlabError(
      `the way ${name} needs a transformer, whose places are tokens; ${network.name} is none (${network.head.summary})`,
    );
  }
  if (way.name === CAM.name) return { ...CAM, [Symbol.dispose]: () => undefined };
  const questioner = new Questioner(network);
  const blocks = way.grain === "pixels" ? block : 1;
  let last: { readonly seen: Seen; readonly input: ReturnType<typeof inputOf> } | undefined;
  return {
    name,
    options: { block: blocks, seed, ...(way.version !== undefined && { version: way.version }) },
    async map(seen, index) {
      if (last?.seen !== seen) last = { seen, input: inputOf(network, seen, reading) };
      const { input, size } = await last.input;
      const questions = questioner.of(index, input, size);
      const random = seededRandom(`${name} ${index} ${seed}`);
      const randomOfPhoto = seededRandom(`${name} ${seed}`);
      const map = await mapOfWay(way, { seen, index, input, size, random, randomOfPhoto, network: questions });
      return blockMeans(map, blocks);
    },
    [Symbol.dispose]: () => questioner[Symbol.dispose](),
  };
}

/** The very numbers that the network was given: `3 × height × width`, normalised. */
async function inputOf({ preprocessing }: Network, { picture }: Seen, reading: ReadImageOptions) {
  const { file, region, flip } = picture;
  const { pixels, placement } = await prepareImage(file, preprocessing, { ...reading, region, flip });
  const size = { width: placement.inputWidth, height: placement.inputHeight };
  const input = new Float32Array(3 * size.width * size.height);
  fillInput(input, 0, pixels, { ...preprocessing, ...size });
  return { input, size };
}

/** The mean of each block; blocks at the right and the bottom are a pixel smaller or larger where sizes do not divide. */
function blockMeans(map: HeatMap, block: number): HeatMap {
  if (block === 1) return map;
  const [columns, rows] = [map.width, map.height].map((size) => Math.max(1, Math.round(size / block)));
  const data = new Float32Array(columns * rows);
  const count = new Float32Array(columns * rows);
  for (let y = 0; y < map.height; y++) {
    const row = columns * Math.floor((y * rows) / map.height);
    for (let x = 0; x < map.width; x++) {
      const at = row + Math.floor((x * columns) / map.width);
      data[at] += map.data[y * map.width + x];
      count[at] += 1;
    }
  }
  return { ...map, width: columns, height: rows, data: data.map((sum, i) => sum / count[i]) };
}
