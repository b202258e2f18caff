import { viewOfFeatures } from "../../features/view-of-features.js";
import {
  EXTRACT_OPTIONS,
  type ExtractOptions,
  extractFeatures,
  extractOptionsIn,
} from "../../features/extract-features.js";
import type { Pictures, SkippedPicture, StoredPicture } from "../../images/picture.js";
import { type Discovery, madeWith } from "../discovery.js";
import type { Network } from "../../networks/network.js";
import { openForTask } from "../../networks/tasks/open-for-task.js";
import { ahead } from "../../support/ahead.js";
import { check, namesWithout, optionNames } from "../../support/check.js";
import { USUAL_VIEWS } from "../usual-views.js";
import { inView } from "../../networks/views/in-view.js";
import { CamlabError, invalid, messageOf } from "../../support/errors.js";
import type { LinearSvm } from "../../svm/linear-svm.js";
import { trainLinearSvm } from "../../svm/train-linear-svm.js";
import type { TrainOptions } from "../../svm/train-options.js";
import { type ChosenZoom, chooseZoom } from "./choose-zoom.js";
import { findText, type TextMeasure } from "./found-text.js";
import { type CloserLook, lookCloser, type Zoom } from "./look-closer.js";
import { type TextExample, textExamples } from "./text-example.js";
import { type TextScores, textScores } from "./text-scores.js";
import type { TextView } from "./text-view.js";
import { usualSvm } from "../new-task/usual-svm.js";
import { tellProgress } from "../../support/progress.js";

/** How a text detector is trained and measured. */
export interface DiscoverTextOptions extends Omit<ExtractOptions, "layer" | "crops" | "cropRows"> {
  /** How the SVM is trained; as `usualSvm` says unless given: up to 256 channels standardised, C 0.003; more L2-normalised, C 1. */
  readonly svm?: TrainOptions;
  /** The box rule's share of the map's maximum; 0.2 unless given. */
  readonly threshold?: number;
  /** How near a peak counts as at a word, in pixels of the network's input; 11 for an input of 224 unless given. */
  readonly radius?: number;
  /**
   * Each picture that is judged is looked at once for its score, and in `zoom × zoom` parts for its map, which has so
   * many times more places; 1, the map is that of the whole. Unless given, 2 where held-out training pictures are ranked
   * as well by their best part as by themselves, else 1. `judgeText` takes what the detector was made with. Several: the
   * mean of their maps.
   */
  readonly zoom?: Zoom;
  /** Of the bootstrap intervals, and of the SVM unless it has its own; 0 unless given. */
  readonly seed?: number;
}

/** A text detector held against words: everything that its figures and pictures show. */
export interface TextFindings extends TextMeasure {
  /** Into how many parts, across and down, pictures were cut for their maps; several, whose maps were averaged. */
  readonly zoom: Zoom;
  /** What that was chosen by; absent when it was given, or there were too few pictures to choose by. */
  readonly zoomBy?: ChosenZoom["chosenBy"];
  readonly scores: TextScores;
  /** The pictures that were judged, in the order given. */
  readonly views: readonly TextView[];
  /** Pictures that it was trained on, by their label; absent for a detector that was trained before. */
  readonly train?: { readonly text: number; readonly "no text": number };
}

/** A text detector and what it found. */
export type TextDiscovery = Discovery<LinearSvm, TextFindings, TextExample>;

const OPTIONS = optionNames<DiscoverTextOptions, Exclude<keyof ExtractOptions, "layer" | "crops" | "cropRows">>(
  { svm: true, threshold: true, radius: true, zoom: true, seed: true },
  namesWithout(EXTRACT_OPTIONS, "layer", "crops", "cropRows"),
);

/**
 * A text detector from image-level labels alone, as in the paper's pattern discovery: a linear SVM tells GAP features
 * of pictures with text from those without; its weights draw the map, and the map's region is where the text is. Word
 * outlines are used to measure it, never to train it.
 *
 * What it learns depends on the negatives. Where they differ from the positives in more than text, a perfect
 * classifier need not look at text at all: the scores against chance tell.
 *
 * Pictures are shown at the size that the network's card says of text (`tasks.text`), unless `openNetwork` was given one.
 *
 * @param set pictures labelled "text" and "no text" in both splits: `drawWorld("text")`, `textCrops`, `textAgainst`
 * @throws CamlabError when a split lacks one of the kinds, or as `extractFeatures` and `trainLinearSvm` do
 * @example
 * const { pictures } = await readers.readIcdar("scene-text");
 * const { examples } = await discover.textCrops(pictures);
 * const { findings } = await discoverText(network, examples);
 * findings.scores.averagePrecision.value; // 0.95
 * findings.scores.pointing?.times.value; // 5.9 times chance
 */
export async function discoverText(
  given: Network,
  set: Pictures<StoredPicture>,
  options: DiscoverTextOptions = {},
): Promise<TextDiscovery> {
  const { svm: training, seed = 0 } = check.known(options, OPTIONS, "discoverText");
  const examples = textExamples(set);
  checkKinds(examples);
  using own = await openForTask(given, "text");
  const network = await inView(own.network, options.view, USUAL_VIEWS.text);
  const train = examples.filter(({ split }) => split === "train");
  const test = examples.filter(({ split }) => split === "test");
  const features = await extractFeatures(network, train, extractOptionsIn(options));
  if (features.rows === 0) {
    const [first] = features.skipped;
    throw new CamlabError(`none of the ${train.length} pictures to train on could be read: ${first.error}`);
  }
  const how: TrainOptions = {
    ...usualSvm(features.columns, training?.steps),
    seed,
    signal: options.signal,
    ...training,
    positive: "text",
  };
  const chosen: { readonly zoom: Zoom } & Pick<ChosenZoom, "chosenBy"> =
    options.zoom === undefined ? await chooseZoom(network, features, how, options) : { zoom: checkZoom(options.zoom) };
  const svm = await trainLinearSvm(features, features.labels, {
    notes: { task: "text detector", zoom: chosen.zoom },
    ...how,
  });
  const judged = await judgeText(network, svm, test, { ...options, zoom: chosen.zoom });
  const count = (label: string) => features.labels.filter((one) => one === label).length;
  return {
    ...judged,
    findings: {
      ...judged.findings,
      ...(chosen.chosenBy && { zoomBy: chosen.chosenBy }),
      train: { text: count("text"), "no text": count("no text") },
    },
    skipped: [...features.skipped, ...judged.skipped],
    notes: [...features.notes, ...own.notes, ...judged.notes],
  };
}

/**
 * Holds a text detector against pictures: its own test pictures, or others that it was not made for.
 *
 * @param svm with a class "text", trained on this network's GAP features
 * @throws CamlabError when there is no picture, none can be read, or the SVM is of another network
 * @example
 * const elsewhere = await discover.judgeText(network, text.model, discover.textExamples(set));
 */
export async function judgeText(
  given: Network,
  svm: LinearSvm,
  set: Pictures<StoredPicture>,
  options: Omit<DiscoverTextOptions, "svm"> = {},
): Promise<TextDiscovery> {
  check.known<DiscoverTextOptions>(options, OPTIONS, "judgeText");
  const examples = textExamples(set);
  const { threshold = 0.2, zoom = zoomOf(svm), seed = 0, signal, onProgress, maxPixels, maxMemory } = options;
  using own = await openForTask(given, "text");
  const network = await inView(own.network, options.view ?? viewOfFeatures(svm.provenance.features), USUAL_VIEWS.text);
  const { width, height } = network.preprocessing;
  const { radius = (11 / 224) * Math.min(width, height) } = options;
  check.number("threshold", threshold, { from: 0, below: 1 });
  check.number("radius", radius, { from: 0 });
  checkZoom(zoom);
  if (examples.length === 0) throw new CamlabError("there are no pictures to judge the text detector by");
  const views: TextView[] = [];
  const notes = [...own.notes];
  const skipped: SkippedPicture<TextExample>[] = [];
  const tell = tellProgress(onProgress, "looking for text", examples.length);
  let done = 0;
  const lookAt = async (picture: TextExample) => {
    try {
      return { picture, seen: await lookCloser(network, svm, picture, zoom, { signal, maxPixels, maxMemory }) };
    } catch (error) {
      if (!(error instanceof CamlabError)) throw error;
      return { picture, error: messageOf(error) };
    }
  };
  for await (const { picture, ...found } of ahead(examples, lookAt, { limit: AT_ONCE, signal })) {
    if ("error" in found) skipped.push({ picture, error: found.error! });
    else views.push(viewOf(picture, found.seen, { threshold, radius }));
    tell(++done);
  }
  if (views.length === 0)
    throw new CamlabError(`none of the ${examples.length} pictures could be read: ${skipped[0].error}`);
  const unseen = views.filter(({ label, agreement }) => label === "text" && !agreement).length;
  if (unseen > 0)
    notes.push(`the network saw no pixel of a word in ${unseen} pictures with text: maps are not measured there`);
  const findings = { threshold, radius, zoom, scores: textScores(views, seed), views };
  return { ...madeWith(network), model: svm, findings, skipped, notes };
}

const ZOOMS = { from: 1, to: 8 } as const;

function checkZoom(zoom: Zoom): Zoom {
  const zooms: readonly number[] = [zoom].flat();
  if (zooms.length === 0) throw invalid("zoom", zoom, "a number of parts, or several");
  for (const times of zooms) check.wholeNumber("zoom", times, ZOOMS);
  return zoom;
}

/** What a detector was made with; 1 for one that was made elsewhere. */
function zoomOf({ provenance: { notes } }: LinearSvm): Zoom {
  const zooms: readonly unknown[] = [notes?.zoom].flat();
  const isZoom = (zoom: unknown): zoom is number =>
    typeof zoom === "number" && Number.isInteger(zoom) && zoom >= ZOOMS.from && zoom <= ZOOMS.to;
  if (zooms.length === 0 || !zooms.every(isZoom)) return 1;
  return zooms.length === 1 ? zooms[0] : zooms;
}

function viewOf(example: TextExample, { score, map }: CloserLook, measure: TextMeasure): TextView {
  return { ...example, score, map, ...findText(map, example.words, measure) };
}

/** Pictures are decoded while the network runs. */
const AT_ONCE = 3;

function checkKinds(examples: readonly TextExample[]): void {
  for (const split of ["train", "test"] as const) {
    for (const label of ["text", "no text"] as const) {
      if (examples.some((example) => example.split === split && example.label === label)) continue;
      const why = label === "text" ? "there is nothing to find" : "there is nothing to tell text from";
      throw new CamlabError(`no picture of the split "${split}" is labelled "${label}": ${why}; add some`);
    }
  }
}
