import { performance } from "node:perf_hooks";
import { cam } from "../cam/cam.js";
import type { HeatMap } from "../cam/heat-map.js";
import { peakOf } from "../cam/peak.js";
import { isSkipped, lookAtAll } from "../networks/look-at-all.js";
import type { Network } from "../networks/network.js";
import { CamlabError, invalid } from "../support/errors.js";
import { matrixOf } from "../support/matrix.js";
import type { LinearSvm } from "../svm/linear-svm.js";
import { type BootstrapInterval, bootstrapInterval } from "../svm/metrics/bootstrap-interval.js";
import type { ActivityImage } from "./activities/activity-image.js";
import { pointAtTools, type ToolPointing } from "./activities/point-at-tools.js";
import { type ProbeOptions, probeTask, type ProbeResult } from "./probe-task.js";

/** How activities are learned and judged. */
export interface ActivityOptions extends ProbeOptions {
  /**
   * How near counts as at an object, as a share of the picture's shorter side; 11 / 224 unless given. No pixel of the
   * person is *on* the object, so with 0 there is nothing to compare with.
   */
  readonly radius?: number;
}

/** What an activity detector saw in a test picture: enough to draw it again. */
export interface ActivityView {
  readonly image: ActivityImage;
  readonly predicted: string;
  /** The class activation map of the activity that was predicted. */
  readonly map: HeatMap;
  /** Its peak, in pixels of the picture. */
  readonly peak: { readonly x: number; readonly y: number };
  /** Absent where the picture does not say what the activity is done with. */
  readonly pointing?: ToolPointing;
}

/** Where maps of activities peak, over some pictures; shares from 0 to 1. */
export interface ActivityPointing {
  /** "all", or an activity. */
  readonly activity: string;
  readonly pictures: number;
  /** Peaks at the activity's object, with their 95 % bootstrap interval. */
  readonly onTool: BootstrapInterval;
  /** Peaks on the person, away from the object. */
  readonly onPerson: number;
  /** How often a random pixel of the person is at the object. */
  readonly personShare: number;
  /** How often a random pixel of the picture is. */
  readonly pictureShare: number;
  /** onTool / personShare; infinite where no pixel of a person is that near. */
  readonly timesPerson: number;
  /** onTool / pictureShare. */
  readonly timesPicture: number;
}

/** What people are doing, as a probe sees it, and whether it looks at what they do it with. */
export interface ActivityReport {
  readonly probe: ProbeResult;
  /** The probe's accuracy, times that of guessing: accuracy · classes. */
  readonly timesChance: number;
  /** Test pictures that could be read, in the order given. */
  readonly views: readonly ActivityView[];
  /** All activities, then each; empty where no picture says what its activity is done with. */
  readonly pointing: readonly ActivityPointing[];
}

/**
 * What are they doing? A linear SVM on GAP features learns activities from image-level labels; the class activation map
 * of the activity that it predicts shows what it goes by. Where pictures say what their activity is done with, the
 * maps' peaks are held against that object and against the person: they should be on the guitar, not just somewhere on
 * the player.
 *
 * @param images with label and split each: `worldActivities`, or `readStanford40` and `readEvent8`, which know no objects
 * @throws CamlabError as `probeTask` does, and for a negative radius
 * @example
 * const { probe, pointing } = await activities(network, worldActivities(await worldDataset("activities")));
 * pointing[0].timesPerson; // 3.4: so much more often on the object than a random point of the person
 */
export async function activities(
  network: Network,
  images: readonly ActivityImage[],
  options: ActivityOptions = {},
): Promise<ActivityReport> {
  const { radius = 11 / 224, signal, onProgress, ...rest } = options;
  if (!(radius >= 0 && radius < Infinity)) throw invalid("radius", radius, "a share of the shorter side, at least 0");
  if (options.layer !== undefined) throw new CamlabError("the maps of activities are those of the network's GAP head");
  const probe = await probeTask(network, { name: "activities", images }, { ...rest, signal, onProgress });
  const test = images.filter(({ split }) => split === "test");
  const views: ActivityView[] = [];
  const started = performance.now();
  let done = 0;
  const files = test.map(({ file }) => file);
  for await (const seen of lookAtAll(network, files, { batchSize: 4, top: 1, signal })) {
    const image = test[done++];
    onProgress?.({ label: "mapping activities", done, total: test.length, elapsed: performance.now() - started });
    if (isSkipped(seen)) continue;
    const [predicted] = probe.svm.predict(matrixOf([seen.features]));
    views.push(viewOf(image, predicted, mapOf(seen, probe.svm, predicted), radius));
  }
  const known = views.filter(({ pointing }) => pointing !== undefined);
  const names = probe.svm.classes.filter((name) => known.some(({ image }) => image.label === name));
  return {
    probe,
    timesChance: probe.accuracy.value * probe.classes,
    views,
    pointing:
      known.length === 0
        ? []
        : [
            pointingOf("all", known),
            ...names.map((name) =>
              pointingOf(
                name,
                known.filter(({ image }) => image.label === name),
              ),
            ),
          ],
  };
}

function mapOf(seen: Parameters<typeof cam>[0] & { readonly features: Float32Array }, svm: LinearSvm, name: string) {
  return cam(seen, svm.weightsOf(name, seen.features), { label: name });
}

function viewOf(image: ActivityImage, predicted: string, map: HeatMap, radius: number): ActivityView {
  const peak = peakOf(map);
  const { tools, person } = image;
  const pointing = tools && person && pointAtTools(peak, tools, person, radius * Math.min(person.width, person.height));
  return { image, predicted, map, peak, ...(pointing && { pointing }) };
}

function pointingOf(activity: string, views: readonly ActivityView[]): ActivityPointing {
  const pointings = views.map(({ pointing }) => pointing!);
  const mean = (of: (pointing: ToolPointing) => number) =>
    pointings.reduce((sum, pointing) => sum + of(pointing), 0) / pointings.length;
  const onTool = bootstrapInterval(
    pointings.length,
    (rows) => rows.reduce((sum, row) => sum + (pointings[row].onTool ? 1 : 0), 0) / rows.length,
  );
  const [personShare, pictureShare] = [mean((one) => one.personShare), mean((one) => one.pictureShare)];
  return {
    activity,
    pictures: pointings.length,
    onTool,
    onPerson: mean((one) => (one.onPerson ? 1 : 0)),
    personShare,
    pictureShare,
    timesPerson: onTool.value / personShare,
    timesPicture: onTool.value / pictureShare,
  };
}
