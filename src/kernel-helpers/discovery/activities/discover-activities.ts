import { cam } from "../../cam/cam.js";
import type { HeatMap } from "../../cam/heat-map.js";
import { peakOf } from "../../cam/peak.js";
import {
  listOf,
  nameOf,
  type Picture,
  type Pictures,
  type SkippedPicture,
  withoutSkipped,
} from "../../images/picture.js";
import { isSkipped, lookAtAll } from "../../networks/look-at-all.js";
import type { Network } from "../../networks/network.js";
import { inView } from "../../networks/views/in-view.js";
import { openForTask } from "../../networks/tasks/open-for-task.js";
import { check } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import type { LinearSvm } from "../../svm/linear-svm.js";
import type { TrainOptions } from "../../svm/train-options.js";
import { type ActivityTruth, activityTruth } from "./activity-truth.js";
import { activityPointing, type ActivityPointing } from "./activity-pointing.js";
import { pointAtTools, type ToolPointing } from "./point-at-tools.js";
import type { FeatureTable } from "../../features/feature-table.js";
import { USUAL_VIEWS } from "../usual-views.js";
import { type Discovery, madeWith } from "../discovery.js";
import { learnOptionsAnd, type LearnTaskOptions, learnTask, type TaskFindings } from "../new-task/learn-task.js";
import { tellProgress } from "../../support/progress.js";

/** How activities are learned and judged. */
export interface DiscoverActivitiesOptions extends LearnTaskOptions {
  /** How the SVM is trained; as `usualSvm` says unless given. See also `chooseC`. */
  readonly svm?: TrainOptions;
  /**
   * How near counts as at an object, as a share of the picture's shorter side. Half a cell of the map unless given: a
   * peak is the middle of a cell, and the map tells no finer. A random pixel of the person is judged by the same radius;
   * with 0 no pixel of a person is at an object, as no pixel belongs to two things.
   */
  readonly radius?: number;
  /** Whose map: the activity that the probe predicts (the default), or the picture's own label. */
  readonly of?: "predicted" | "label";
}

/** What an activity detector saw in a test picture: enough to draw it again. */
export interface ActivityView {
  readonly picture: Picture;
  readonly predicted: string;
  /** The decision value of the activity that was predicted. */
  readonly score: number;
  /** The class activation map of the activity that was predicted, or of the label: `map.label` says which. */
  readonly map: HeatMap;
  /** Its peak, in pixels of the picture. */
  readonly peak: { readonly x: number; readonly y: number };
  /** Absent where the picture does not say what the activity is done with. */
  readonly pointing?: ToolPointing;
}

/** What people are doing, as a probe sees it, and whether it looks at what they do it with. */
export interface ActivityFindings {
  /** How well the probe names activities. */
  readonly task: TaskFindings;
  /** The probe's accuracy, times that of guessing: accuracy · classes. */
  readonly timesChance: number;
  /** Test pictures that could be read, in the order given. */
  readonly views: readonly ActivityView[];
  /** All activities, then each; empty where no picture says what its activity is done with. */
  readonly pointing: readonly ActivityPointing[];
}

/** Activities that were learned, and the features that they were learned from. */
export interface ActivityDiscovery extends Discovery<LinearSvm<string>, ActivityFindings> {
  readonly features: FeatureTable;
}

const OPTIONS = learnOptionsAnd<DiscoverActivitiesOptions>({ radius: true, of: true });

/**
 * What are they doing? A linear SVM on GAP features learns activities from image-level labels; the class activation map
 * of the activity that it predicts shows what it goes by. Where pictures say what their activity is done with, the
 * maps' peaks are held against that object and against the person: they should be on the guitar, not just somewhere on
 * the player.
 *
 * @param set pictures with label and split each: `drawWorld("activities")`, or `readStanford40` and `readEvent8`, which know no
 * objects
 * @throws CamlabError as `learnTask` does, for a negative radius, and for masks that are not of their picture's size
 * @example
 * const { findings } = await discoverActivities(network, await drawWorld("activities"));
 * findings.pointing[0].timesPerson.value; // 3.9: so much more often on the object than a random point of the person
 */
export async function discoverActivities(
  given: Network,
  set: Pictures,
  options: DiscoverActivitiesOptions = {},
): Promise<ActivityDiscovery> {
  const {
    radius,
    of = "predicted",
    svm,
    signal,
    onProgress,
    ...rest
  } = check.known(options, OPTIONS, "discoverActivities");
  if (radius !== undefined) check.number("radius", radius, { from: 0 });
  check.oneOf("of", of, ["predicted", "label"]);
  if (options.layer !== undefined) throw new CamlabError("the maps of activities are those of the network's GAP head");
  using own = await openForTask(given, "activities");
  const network = await inView(own.network, options.view, USUAL_VIEWS.activities);
  const pictures = listOf(set);
  const probe = await learnTask(network, { name: "activities", pictures }, { ...rest, svm, signal, onProgress });
  const { model } = probe;
  const { maxPixels, maxMemory } = options;
  const test = withoutSkipped(pictures, probe.skipped).filter(({ split }) => split === "test");
  const gone: SkippedPicture[] = [];
  const views: ActivityView[] = [];
  const tell = tellProgress(onProgress, "mapping activities", test.length);
  let done = 0;
  for await (const seen of lookAtAll(network, test, { batchSize: 4, top: 1, signal, maxPixels, maxMemory })) {
    tell(++done);
    if (isSkipped(seen)) {
      gone.push(seen);
      continue;
    }
    const { label: predicted, score } = model.predict(seen);
    const named = { picture: seen.picture, predicted, score };
    views.push(viewOf(named, mapOf(seen, model, of === "label" ? named.picture.label! : predicted), radius));
  }
  const { findings: task, features } = probe;
  const skipped = [...probe.skipped, ...gone];
  const notes = [...probe.notes, ...own.notes];
  const findings = {
    task,
    timesChance: task.accuracy.value * task.classes,
    views,
    pointing: pointingsOf(views, model),
  };
  return { ...madeWith(network), model, findings, skipped, notes, features };
}

function mapOf(
  seen: Parameters<typeof cam>[0] & { readonly features: Float32Array },
  svm: LinearSvm<string>,
  name: string,
) {
  return cam(seen, svm.weightsOf(name, seen.features), { label: name });
}

function viewOf(
  named: Pick<ActivityView, "picture" | "predicted" | "score">,
  map: HeatMap,
  share: number | undefined,
): ActivityView {
  const { picture } = named;
  const peak = peakOf(map);
  const { tools, person }: ActivityTruth = activityTruth(picture);
  const { imageWidth, imageHeight } = map.placement!;
  if (person && (person.width !== imageWidth || person.height !== imageHeight)) {
    const sizes = `${person.width}×${person.height} pixels, the picture has ${imageWidth}×${imageHeight}`;
    throw new CamlabError(`the person's mask in ${nameOf(picture)} has ${sizes}`);
  }
  const radius = share === undefined || !person ? halfCell(map) : share * Math.min(person.width, person.height);
  const pointing = tools && person && pointAtTools(peak, tools, person, radius);
  return { ...named, map, peak, ...(pointing && { pointing }) };
}

/** Half the shorter side of a map's cell, in pixels of the picture. */
function halfCell({ width, height, placement }: HeatMap): number {
  const { inputWidth, inputHeight, scaleX, scaleY } = placement!;
  return Math.min(inputWidth / width / Math.abs(scaleX), inputHeight / height / Math.abs(scaleY)) / 2;
}

function pointingsOf(views: readonly ActivityView[], { classes }: LinearSvm<string>): ActivityPointing[] {
  const known = views.flatMap(({ picture, pointing }) => (pointing ? [{ label: picture.label, pointing }] : []));
  if (known.length === 0) return [];
  const of = (name: string) => known.filter(({ label }) => label === name).map(({ pointing }) => pointing);
  const each = classes.filter((name) => of(name).length > 0).map((name) => activityPointing(name, of(name)));
  return [
    activityPointing(
      "all",
      known.map(({ pointing }) => pointing),
    ),
    ...each,
  ];
}
