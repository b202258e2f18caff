// What people are doing: a probe on GAP features, and whether its maps peak at what the activity is done with.
import { discoverActivities, extractFeatures, drawWorld } from "../../src/index.js";
import {
  activityPointing,
  type ActivityPointing,
} from "../../src/kernel-helpers/discovery/activities/activity-pointing.js";
import type { ActivityView } from "../../src/kernel-helpers/discovery/activities/discover-activities.js";
import { pointAtTools, type ToolPointing } from "../../src/kernel-helpers/discovery/activities/point-at-tools.js";
import { activityTruth } from "../../src/kernel-helpers/discovery/activities/activity-truth.js";
import { learned, STEPS } from "../embedded/probes.js";
import type { Cell, Estimate, TableContext, TableResult, Target } from "./table.js";

const SAMPLE = { seed: 101, train: 1000, test: 500 };

export async function activitiesTable({ network, say }: TableContext): Promise<TableResult> {
  const set = await drawWorld("activities", SAMPLE);
  const train = (await extractFeatures(network, set)).ofSplit("train");
  const { C } = await learned(train, train.labels);
  const { findings } = await discoverActivities(network, set, { svm: { steps: STEPS, C } });
  const { task: probe, timesChance, views, pointing } = findings;
  say(`  C = ${C}, accuracy ${probe.accuracy.value.toFixed(3)}`);
  const [all, ...each] = pointing;
  const radius = views.find((view) => view.pointing)!.pointing!.radius;
  const judged = (rule: (view: ActivityView, at: number) => ToolPointing | undefined, name: string) =>
    activityPointing(
      name,
      views.flatMap((view, at) => rule(view, at) ?? []),
    );
  const within = (pixels: number) => (view: ActivityView) => pointed(view, view.peak, pixels);
  const right = views.filter(({ picture, predicted }) => picture.label === predicted);
  const turned = Math.floor(views.length / 2);
  return {
    columns: ["", "accuracy", "peak at the object", "random point of the person", "times", "of the picture", "times"],
    rows: [
      ["all", probe.accuracy, ...cells(all)],
      ...each.map((one) => [one.activity, { share: accuracyOf(probe.confusion, one.activity) }, ...cells(one)]),
      [
        "pictures named right",
        "",
        ...cells(
          activityPointing(
            "",
            right.flatMap((view) => view.pointing ?? []),
          ),
        ),
      ],
      ["on a visible pixel of the object", "", ...cells(judged(within(0), ""))],
      ["within a whole cell", "", ...cells(judged(within(2 * radius), ""))],
      [
        "control: peaks of other pictures' maps",
        "",
        ...cells(judged((view, at) => pointed(view, views[(at + turned) % views.length].peak, radius), "")),
      ],
    ],
    images: `${SAMPLE.train} pictures to learn from, ${SAMPLE.test} to judge by, ${all.pictures} of them with object and person in sight, seed ${SAMPLE.seed}`,
    notes: [
      `Half a cell is ${radius.toFixed(0)} of 224 pixels. No pixel of a person is on a visible pixel of the object: each pixel belongs to one thing.`,
      `Chance of naming an activity: ${(100 / probe.classes).toFixed(1)}.`,
    ],
    targets: [
      timesTarget("naming activities, times chance", timesChance, 4),
      timesTarget("peaks at the object, times a random point of the person", all.timesPerson.value, 2),
    ],
  };
}

function pointed({ picture }: ActivityView, peak: ActivityView["peak"], radius: number): ToolPointing | undefined {
  const { tools, person } = activityTruth(picture);
  return tools && person && pointAtTools(peak, tools, person, radius);
}

function cells({ onTool, personShare, pictureShare, timesPerson, timesPicture }: ActivityPointing): Cell[] {
  return [onTool, { share: personShare }, times(timesPerson), { share: pictureShare }, times(timesPicture)];
}

function times({ value, low, high }: Estimate): string {
  if (!Number.isFinite(value)) return "–";
  return `${value.toFixed(1)} (${low.toFixed(1)}–${high.toFixed(1)})`;
}

function accuracyOf(
  { classes, counts }: { classes: readonly string[]; counts: readonly (readonly number[])[] },
  name: string,
) {
  const row = classes.indexOf(name);
  return counts[row][row] / counts[row].reduce((sum, count) => sum + count, 0);
}

function timesTarget(what: string, measured: number, wanted: number): Target {
  return { what, wanted: `≥ ${wanted}`, measured: measured.toFixed(1), met: measured >= wanted };
}
