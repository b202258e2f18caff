import { performance } from "node:perf_hooks";
import type { ImageSource } from "../../images/image.js";
import type { Picture } from "../../images/picture.js";
import type { LookOptions } from "../../networks/look.js";
import type { Network } from "../../networks/network.js";
import type { Seen } from "../../networks/seen.js";
import { inView } from "../../networks/views/in-view.js";
import { checkView, type View } from "../../networks/views/view.js";
import { check, optionNames } from "../../support/check.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import { oneCalled } from "../../support/nearest-names.js";
import type { OnProgress } from "../../support/progress.js";
import { seededRandom } from "../../support/random.js";
import type { CamTarget } from "../cam.js";
import { classIndexOf } from "../class-index.js";
import type { HeatMap } from "../heat-map.js";
import { mapOfWay } from "./map-of-way.js";
import { Questioner } from "./questions.js";
import { type SeenInput, seeInput } from "./see-input.js";
import type { Way } from "./way.js";
import { WAYS } from "./ways.js";
import { weightsAsClass } from "./weights-as-class.js";

/** Which ways, and at what. */
export interface LookWaysOptions extends Omit<LookOptions, "view"> {
  /** What of the picture the network sees; the network's own view unless given, and the card's without one. */
  readonly view?: View;
  /** Names of ways, as `boxes.WAYS` lists them; CAM and those that cost no more than a few runs unless given. */
  readonly ways?: readonly string[];
  /**
   * The classes, by index or name, or weights of one's own, one a channel, as `cam` takes them; the most probable class unless
   * given. Of a network whose tokens were asked for, indices into the scores of its file.
   */
  readonly classes?: readonly CamTarget[];
  /** The class that `contrast` holds each against, by index or name; the strongest other one unless given. */
  readonly against?: number | string;
  /** Same seed, same maps of the ways that use chance; 0 unless given. */
  readonly seed?: number;
  /** Called after each map. */
  readonly onProgress?: OnProgress;
}

/** One way's map of one class, and what it cost. */
export interface WayMap {
  /** The way's name. */
  readonly way: string;
  /** The way's name for figures. */
  readonly title: string;
  readonly grain: Way["grain"];
  /** The class; −1 of weights. */
  readonly index: number;
  readonly label: string;
  readonly map: HeatMap;
  /**
   * Runs of the network, beside the one that saw the photo; one with its gradient counts as three. What was run for one class
   * and serves another, as the masked photos of Score-CAM, RISE and occlusion do, is counted once.
   */
  readonly passes: number;
  readonly milliseconds: number;
}

/** One photo, seen in several ways. */
export interface SeenWays<P extends Picture = Picture> {
  readonly seen: Seen<P>;
  /** A class after the other, in each the ways in the order given. */
  readonly maps: readonly WayMap[];
  /** Ways that this network does not allow, and why. */
  readonly notes: readonly string[];
}

const USUAL = ["cam", "grad-cam++", "layer-cam", "saliency", "guided-backprop"];

/** The names of all options. */
export const LOOK_WAYS_OPTIONS = optionNames<LookWaysOptions>({
  top: true,
  view: true,
  signal: true,
  maxPixels: true,
  maxMemory: true,
  ways: true,
  classes: true,
  against: true,
  seed: true,
  onProgress: true,
});

/**
 * Looks at one picture in several ways: class activation maps beside their relatives, the baselines that they were held
 * against, and what it costs. Maps are raw, each in the units of its equation, at their own resolution (that of the
 * feature maps, or of the network's input).
 *
 * Gradients are computed by the network's own graph; where one is asked for, the network is opened a second time with its
 * backward pass. A way that the network does not allow is left out and named in `notes`, unless no other was asked for.
 *
 * @throws CamlabError for a way or a class that there is not, and when the picture cannot be read
 * @example
 * const { seen, maps } = await boxes.lookWays(network, "street.jpg", { ways: ["cam", "grad-cam", "saliency"] });
 * camGrid(seen, { classes: maps.map(({ title, map }) => ({ ...map, label: title })), boxes: false });
 */
export async function lookWays<P extends Picture>(
  network: Network,
  picture: P | ImageSource,
  options: LookWaysOptions = {},
): Promise<SeenWays<P>> {
  const known = check.known(options, LOOK_WAYS_OPTIONS, "lookWays");
  checkView(known.view);
  using questioner = new Questioner(await inView(network, known.view));
  return lookInWays(questioner, picture, known);
}

/** As `lookWays`, of one photo after the other: what was opened for the first serves all. */
export async function lookInWays<P extends Picture>(
  questioner: Questioner,
  picture: P | ImageSource,
  options: LookWaysOptions,
): Promise<SeenWays<P>> {
  const ways = waysAskedFor(options);
  return mapsInWays(questioner, await seeInput(questioner.network, picture, options), ways, options);
}

/** @throws CamlabError for a way that there is not, for none, and for a `top` that is no count */
export function waysAskedFor({ ways: names = USUAL, top }: LookWaysOptions): readonly Way[] {
  const ways = names.map(wayCalled);
  if (ways.length === 0) throw new CamlabError("invalid ways: [] (expected one or more of boxes.WAYS)");
  check.counts({ top });
  return ways;
}

/** The maps of a photo that was looked at. */
export async function mapsInWays<P extends Picture>(
  questioner: Questioner,
  { seen, input, size }: SeenInput<P>,
  ways: readonly Way[],
  options: LookWaysOptions,
): Promise<SeenWays<P>> {
  const { network } = questioner;
  const { signal, seed = 0, onProgress } = options;
  const scored = await questioner.scored(seen, { input, size, signal });
  const names = scored === seen ? { classes: network.classes, top: seen.top } : namesOf(scored);
  const classes = (options.classes ?? names.top.slice(0, 1).map(({ index }) => index)).map((wanted) => {
    if (typeof wanted === "object") return { index: -1, label: "weights", weights: wanted };
    const index = classIndexOf(names.classes, wanted);
    return { index, label: names.classes[index] };
  });
  if (classes.length === 0)
    throw new CamlabError(
      `there is no class to look at (${network.head.summary}): give weights of your own, such as a probe's (classes: [weights])`,
    );
  const against = options.against === undefined ? undefined : classIndexOf(names.classes, options.against);
  const maps: WayMap[] = [];
  const notes: string[] = [];
  const began = performance.now();
  for (const { index, label, weights } of classes) {
    const target = weights
      ? weightsAsClass(questioner, weights, { seen, input, size, signal })
      : { seen: scored, index, network: questioner.of(index, input, size, signal) };
    for (const way of ways) {
      const { name, title, grain, needsClass } = way;
      signal?.throwIfAborted();
      const started = performance.now();
      questioner.passes = 0;
      try {
        const random = seededRandom(`${name} ${index} ${seed}`);
        const randomOfPhoto = seededRandom(`${name} ${seed}`);
        if (weights && needsClass !== undefined) throw new CamlabError(`${title} is for classes: ${needsClass}`);
        const map = await mapOfWay(way, { ...target, against, input, size, random, randomOfPhoto });
        const milliseconds = performance.now() - started;
        maps.push({
          way: name,
          title,
          grain,
          index,
          label,
          map: { ...map, label },
          passes: questioner.passes,
          milliseconds,
        });
      } catch (error) {
        if (!(error instanceof CamlabError) || ways.length === 1) throw error;
        notes.push(`${title} is left out: ${messageOf(error)}`);
      }
      const done = maps.length + notes.length;
      const total = classes.length * ways.length;
      onProgress?.({ label: "looking", done, total, elapsed: performance.now() - began });
    }
  }
  return { seen, maps, notes: [...new Set(notes)] };
}

/** Classes of a network that was opened without them, by number. */
function namesOf({ logits }: Seen): {
  readonly classes: readonly string[];
  readonly top: readonly { index: number }[];
} {
  const best = logits.indexOf(logits.reduce((a, b) => Math.max(a, b), -Infinity));
  return { classes: Array.from(logits, (_, index) => `class ${index}`), top: best < 0 ? [] : [{ index: best }] };
}

/**
 * The way of a name.
 *
 * @throws CamlabError when there is none; it names the nearest
 */
export function wayCalled(name: string): Way {
  return oneCalled("way", WAYS, name);
}
