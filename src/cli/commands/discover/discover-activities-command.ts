import { readEvent8 } from "../../../kernel-helpers/datasets/classes/recognition-sets.js";
import { readStanford40 } from "../../../kernel-helpers/datasets/classes/stanford40.js";
import { drawWorld } from "../../../world/draw-world.js";
import type { ActivityPointing } from "../../../kernel-helpers/discovery/activities/activity-pointing.js";
import {
  discoverActivities,
  type ActivityDiscovery,
} from "../../../kernel-helpers/discovery/activities/discover-activities.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { saveLinearSvm } from "../../../kernel-helpers/svm/linear-svm-file.js";
import type { Interval } from "../../../kernel-helpers/support/statistics.js";
import type { ConfusionMatrix } from "../../../kernel-helpers/svm/metrics/confusion-matrix.js";
import { activityChart } from "../../../widgets/activities/activity-chart.js";
import { activityGrid } from "../../../widgets/activities/activity-grid.js";
import { confusionChart } from "../../../widgets/probes/confusion-chart.js";
import { UsageError } from "../../usage-error.js";
import { skippedJson } from "../../skipped.js";
import { estimateText, mapJson } from "../../numbers.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { giveOne } from "../../give-one.js";
import { type LabelledFlags, labelledFolders, type LabelledSource, svmOptions } from "./labelled-photographs.js";
import { runDiscovery, type Watch } from "./run-discovery.js";

/** Flags of `camlab discover activities`, as parsed. */
export interface DiscoverActivitiesFlags extends LabelledFlags {
  readonly stanford40?: string;
  readonly event8?: string;
  readonly radius?: number;
  readonly model?: string;
}

/**
 * `camlab discover activities`: what people are doing, and whether the maps are at what they do it with.
 *
 * @returns 0
 */
export async function discoverActivitiesCommand(flags: DiscoverActivitiesFlags, signal: AbortSignal): Promise<number> {
  const { radius, model } = flags;
  checkSources(flags);
  const svm = svmOptions(flags);
  return runDiscovery(flags, signal, {
    read: (watch) => picturesOf(flags, watch),
    discover: (network, { pictures }, watch) => discoverActivities(network, { pictures }, { radius, svm, ...watch }),
    save: async (found) => model && saveLinearSvm(found.model, model),
    document: (found, { name }) => documentOf(name, found),
    lines: (found, { name }) => linesOf(name, found, model),
    page: (found, { name }) => pageOf(name, found),
  });
}

function checkSources({ stanford40, event8, folders, perClass }: DiscoverActivitiesFlags): void {
  giveOne({ stanford40, event8, folders });
  if (perClass !== undefined && event8 === undefined && folders === undefined)
    throw new UsageError("--per-class belongs to --event8 or --folders: other sources have a split of their own");
}

async function picturesOf(
  { stanford40, event8, folders, perClass, seed, train, test }: DiscoverActivitiesFlags,
  watch: Watch,
): Promise<LabelledSource> {
  if (stanford40 !== undefined) return { name: stanford40, ...(await readStanford40(stanford40)) };
  if (event8 !== undefined) {
    const split = { seed, ...(perClass !== undefined && { train: perClass }) };
    return { name: event8, ...(await readEvent8(event8, split)) };
  }
  if (folders === undefined) {
    const world = await drawWorld("activities", { seed, train, test, ...watch });
    return { name: "drawn world: activities", pictures: world.pictures };
  }
  return labelledFolders(folders, { perClass, seed });
}

function pageOf(name: string, report: ActivityDiscovery) {
  const { task, timesChance, pointing } = report.findings;
  const sections = [
    {
      text:
        `A linear SVM on GAP features of ${report.network}, from image-level labels of ${name}: accuracy ` +
        `${estimateText(task.accuracy)}, ${timesChance.toFixed(1)} times that of guessing. The maps are those of ` +
        `the activity that it predicts.`,
    },
    confusionChart(task.confusion),
    ...(pointing.length > 0 ? [activityChart(report)] : []),
    activityGrid(report, { each: Math.max(1, Math.floor(24 / task.classes)) }),
  ];
  return { title: "What are they doing?", sections };
}

/** Everything that the figures show, maps included. */
function documentOf(name: string, { network, findings, features, skipped, notes }: ActivityDiscovery) {
  const { task, timesChance, views, pointing } = findings;
  const { classes, train, test, accuracy, meanClassAccuracy, confusion } = task;
  const scores = { classes, train, test, accuracy, timesChance, meanClassAccuracy, confusion };
  return {
    data: name,
    network,
    features: features.origin,
    ...scores,
    pointing,
    views: views.map(({ picture: { file, id, label }, predicted, map, peak, pointing }) => ({
      file,
      id,
      label,
      predicted,
      peak,
      ...(pointing && { pointing }),
      map: mapJson(map),
    })),
    skipped: skippedJson(skipped),
    notes,
  };
}

function linesOf(name: string, { findings, network }: ActivityDiscovery, model: string | undefined): string[] {
  const { task, timesChance, pointing } = findings;
  const { classes, train, test, accuracy, confusion } = task;
  const lines = [
    `${printable(name)}, ${printable(network)}`,
    `${classes} activities, learned from ${train} pictures, judged on ${test}`,
    `accuracy ${estimateText(accuracy)}: ${timesChance.toFixed(1)} times chance`,
    ...tableOf(confusion, pointing),
    ...(pointing.length > 0 ? pointingLines(pointing[0]) : ["no picture says what its activity is done with"]),
  ];
  if (model !== undefined) lines.push(`wrote the probe to ${printable(model)}`);
  return lines;
}

function tableOf({ classes, counts }: ConfusionMatrix, pointing: readonly ActivityPointing[]): string[] {
  const width = Math.max(...classes.map((name) => printable(name).length));
  return classes.map((name, i) => {
    const total = counts[i].reduce((sum, count) => sum + count, 0);
    const right = total > 0 ? percentText(counts[i][i] / total, 1) : "–";
    const found = pointing.find(({ activity }) => activity === name);
    const peaks = found
      ? `   peak at the object ${percentText(found.onTool.value, 1)}, a random point of the person ${percentText(found.personShare, 1)}`
      : "";
    return `  ${printable(name).padEnd(width)}  ${right} right of ${total}${peaks}`;
  });
}

function pointingLines({ pictures, onTool, personShare, pictureShare, timesPerson, timesPicture }: ActivityPointing) {
  const times = ({ value, low, high }: Interval) =>
    `${value.toFixed(1)} times (${low.toFixed(1)} to ${high.toFixed(1)})`;
  return [
    `maps' peaks at what it is done with, ${pictures} pictures: ${estimateText(onTool)}`,
    `  a random point of the person   ${percentText(personShare, 1)}: ${times(timesPerson)}`,
    `  a random point of the picture  ${percentText(pictureShare, 1)}: ${times(timesPicture)}`,
  ];
}
