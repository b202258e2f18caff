import type { ImageSource } from "../../images/image.js";
import { type Picture, type PictureSet, picturesOf, type SkippedPicture, pictureOf } from "../../images/picture.js";
import type { LookOptions } from "../../networks/look.js";
import type { Network } from "../../networks/network.js";
import { centredBlob, randomMap } from "../../cam/faithfulness/control-ways.js";
import type { Measure } from "../../cam/faithfulness/measure.js";
import { wayCalled } from "../../cam/ways/look-ways.js";
import type { Way } from "../../cam/ways/way.js";
import { check, optionNames } from "../../support/check.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import { type OnProgress, tellProgress } from "../../support/progress.js";
import { type ClassOf, casesOf, classFinder } from "../evaluation/localization-case.js";
import { measureCalled, usualMeasures } from "./choose-measures.js";
import { PictureJudge } from "./picture-judge.js";
import { summarised, type TrustRow } from "./trust-rows.js";
import type { TrustedPicture } from "./trusted-picture.js";

/** Which ways are judged by what. */
export interface TrustOptions extends Pick<LookOptions, "signal" | "maxPixels" | "maxMemory"> {
  /** Names of ways, as `boxes.WAYS` lists them; those of CAM's family and the cheap ones of pixels unless given. */
  readonly ways?: readonly string[];
  /** Names of measures, as `boxes.MEASURES` lists them; all unless given. */
  readonly measures?: readonly string[];
  /** What labels the network's outputs have, in their order, where labels are not its class names. */
  readonly classes?: readonly string[];
  /** Same seed, same figures; 0 unless given. */
  readonly seed?: number;
  /** Called after each picture. */
  readonly onProgress?: OnProgress;
}

/** Which ways to believe, and by what. */
export interface TrustReport<P extends Picture = Picture> {
  readonly network: string;
  readonly measures: readonly Measure[];
  /** The ways in the order given, then the two controls: a random map and a centred blob. */
  readonly rows: readonly TrustRow[];
  readonly pictures: readonly TrustedPicture<P>[];
  readonly skipped: readonly SkippedPicture<P>[];
  readonly notes: readonly string[];
}

const USUAL = ["cam", "clamped-cam", "contrast", "eigen-cam", "grad-cam++", "layer-cam", "saliency", "guided-backprop"];

const OPTIONS = optionNames<TrustOptions>({
  ways: true,
  measures: true,
  classes: true,
  seed: true,
  signal: true,
  maxPixels: true,
  maxMemory: true,
  onProgress: true,
});

/**
 * Whether to believe a map: each way's maps of some pictures, judged by whether they add up to the score, whether the
 * network misses what they show, whether they depend on class and weights, and whether they are where the thing is. Beside
 * them stand a random map and a centred blob, judged alike: a way that is no better than these tells nothing.
 *
 * The class of a picture is its label's, where the network has a class for it, else the most probable one. Figures are means
 * over the pictures, with 95 % intervals by bootstrap over pictures; differences from the random map are paired.
 *
 * @param pictures a set, or a list or stream of pictures; with `label` and `box` or `objects` for the measures of truth
 * @throws CamlabError for an unknown way or measure, when the network fails, and when no picture could be judged; the
 *   signal's reason when it is aborted
 * @example
 * const report = await boxes.trust(network, await drawWorld("objects", { train: 0, test: 20 }), { ways: ["cam", "saliency"] });
 * report.rows.map(({ title, values }) => `${title}: deletion ${values.deletion.value.toFixed(2)}`);
 */
export async function trust<P extends Picture>(
  network: Network,
  pictures: PictureSet<P> | Iterable<P | ImageSource> | AsyncIterable<P | ImageSource>,
  options: TrustOptions = {},
): Promise<TrustReport<P>> {
  check.known(options, OPTIONS, "trust");
  const { signal, maxPixels, maxMemory, seed = 0, onProgress } = options;
  const ways = waysOf(options.ways ?? USUAL);
  const measures = options.measures ? options.measures.map(measureCalled) : usualMeasures(network);
  if (measures.length === 0) throw new CamlabError("invalid measures: [] (expected one or more of boxes.MEASURES)");
  const given = picturesOf<P | ImageSource>(pictures);
  const tell = tellProgress(onProgress, "judging maps", Array.isArray(given) ? given.length : undefined);
  const labels = "classes" in pictures ? pictures.classes : [];
  const { classOf, note } = classFinder(network.classes, labels, options.classes);
  const judged: TrustedPicture<P>[] = [];
  const skipped: SkippedPicture<P>[] = [];
  using judge = new PictureJudge(network, ways, measures, seed);
  let done = 0;
  let guessed = 0;
  for await (const one of given) {
    signal?.throwIfAborted();
    const picture = pictureOf(one) as P;
    const known = caseOf(picture, classOf);
    if (!known) guessed += 1;
    try {
      const place = known && { index: known.index, boxesOn: known.boxes };
      judged.push(await judge.judge(picture, place, { signal, maxPixels, maxMemory }));
    } catch (error) {
      signal?.throwIfAborted();
      skipped.push({ picture, error: messageOf(error) });
    }
    tell(++done);
  }
  if (judged.length === 0) {
    throw new CamlabError(`no picture could be judged${skipped[0] ? `; the first: ${skipped[0].error}` : ""}`);
  }
  const notes = [...("notes" in pictures ? (pictures.notes ?? []) : []), ...network.notes, ...judge.notes];
  if (note !== undefined) notes.push(note);
  if (guessed > 0) {
    notes.push(
      `${guessed} of ${done} pictures have no label that is a class of the network: their most probable class was judged`,
    );
  }
  if (judged.length === 1) notes.push("one picture has no intervals: it tells no way from its control");
  return {
    network: network.name,
    measures,
    rows: summarised(ways, measures, judged, seed),
    pictures: judged,
    skipped,
    notes,
  };
}

/** The first of a picture's labels with its boxes, when the network has a class for all of them. */
function caseOf<P extends Picture>(picture: P, classOf: ClassOf) {
  try {
    return casesOf(picture, classOf).at(0);
  } catch {
    return undefined;
  }
}

function waysOf(names: readonly string[]): Way[] {
  if (names.length === 0) throw new CamlabError("invalid ways: [] (expected one or more of boxes.WAYS)");
  return [...names.map(wayCalled), randomMap, centredBlob];
}
