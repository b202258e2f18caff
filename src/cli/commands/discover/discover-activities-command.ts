import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readFolderPerClass } from "../../../kernel-helpers/datasets/classes/folder-per-class.js";
import { readEvent8 } from "../../../kernel-helpers/datasets/classes/recognition-sets.js";
import { splitPerClass } from "../../../kernel-helpers/datasets/sets/split-per-class.js";
import { readStanford40 } from "../../../kernel-helpers/datasets/classes/stanford40.js";
import { drawWorld } from "../../../world/draw-world.js";
import type { StoredPicture } from "../../../kernel-helpers/images/picture.js";
import type { ActivityPointing } from "../../../kernel-helpers/discovery/activities/activity-pointing.js";
import {
  discoverActivities,
  type ActivityDiscovery,
} from "../../../kernel-helpers/discovery/activities/discover-activities.js";
import { openNetwork } from "../../../kernel-helpers/networks/open-network.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { makeFolder } from "../../../kernel-helpers/support/make-folder.js";
import type { OnProgress } from "../../../kernel-helpers/support/progress.js";
import { saveLinearSvm } from "../../../kernel-helpers/svm/linear-svm-file.js";
import type { Interval } from "../../../kernel-helpers/support/statistics.js";
import type { ConfusionMatrix } from "../../../kernel-helpers/svm/metrics/confusion-matrix.js";
import { activityChart } from "../../../widgets/activities/activity-chart.js";
import { activityGrid } from "../../../widgets/activities/activity-grid.js";
import { confusionChart } from "../../../widgets/probes/confusion-chart.js";
import { htmlPage } from "../../../widgets/kit/html-page.js";
import { tellNotes } from "../../notes.js";
import { ProgressBar } from "../../progress-bar.js";
import { type StepsName, SVM_STEPS } from "../../svm-steps.js";
import { UsageError } from "../../usage-error.js";
import { skippedJson, tellSkipped } from "../../skipped.js";

/** Flags of `camlab discover activities`, as parsed. */
export interface DiscoverActivitiesFlags {
  readonly stanford40?: string;
  readonly event8?: string;
  readonly folders?: string;
  readonly perClass?: number;
  readonly train: number;
  readonly test: number;
  readonly seed: number;
  readonly network?: string;
  readonly maps: "own" | "finer";
  readonly size?: number;
  readonly steps?: StepsName;
  readonly cost?: number;
  readonly radius?: number;
  readonly device: "auto" | "cpu" | "webgpu" | "cuda";
  readonly threads?: number;
  readonly model?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/**
 * `camlab discover activities`: what people are doing, and whether the maps are at what they do it with.
 *
 * @returns 0
 */
export async function discoverActivitiesCommand(flags: DiscoverActivitiesFlags, signal: AbortSignal): Promise<number> {
  const { maps, size, cost, steps, radius, device, threads } = flags;
  checkSources(flags);
  if (flags.out !== undefined) await makeFolder(flags.out);
  const bar = new ProgressBar(process.stderr);
  const progress = { signal, onProgress: bar.update };
  using network = await openNetwork(flags.network, { device, threads, maps, size });
  const { name, pictures, notes = [] } = await picturesOf(flags, progress).finally(() => bar.clear());
  const svm = { ...(cost !== undefined && { C: cost }), ...(steps && { steps: SVM_STEPS[steps] }) };
  const options = { radius, svm, ...progress };
  const report = await discoverActivities(network, { pictures }, options).finally(() => bar.clear());
  if (flags.model !== undefined) await saveLinearSvm(report.model, flags.model);
  if (flags.out !== undefined) await writePage(flags.out, name, network.name, report);
  tellSkipped(report.skipped);
  tellNotes([...notes, ...report.notes]);
  const document = () =>
    JSON.stringify(documentOf(name, network.name, { ...report, notes: [...notes, ...report.notes] }));
  process.stdout.write(flags.json ? `${document()}\n` : textOf(name, network.name, report, flags));
  return 0;
}

function checkSources({ stanford40, event8, folders, perClass }: DiscoverActivitiesFlags): void {
  const given = Object.entries({ stanford40, event8, folders }).filter(([, value]) => value !== undefined);
  if (given.length > 1)
    throw new UsageError(`give one of ${given.map(([name]) => `--${name}`).join(" and ")}, not both`);
  if (perClass !== undefined && event8 === undefined && folders === undefined)
    throw new UsageError("--per-class belongs to --event8 or --folders: other sources have a split of their own");
}

interface Source {
  readonly name: string;
  readonly pictures: readonly StoredPicture[];
  readonly notes?: readonly string[];
}

async function picturesOf(
  { stanford40, event8, folders, perClass, seed, train, test }: DiscoverActivitiesFlags,
  progress: { readonly signal: AbortSignal; readonly onProgress: OnProgress },
): Promise<Source> {
  if (stanford40 !== undefined) return { name: stanford40, ...(await readStanford40(stanford40)) };
  if (event8 !== undefined) {
    const split = { seed, ...(perClass !== undefined && { train: perClass }) };
    return { name: event8, ...(await readEvent8(event8, split)) };
  }
  if (folders === undefined) {
    const world = await drawWorld("activities", { seed, train, test, ...progress });
    return { name: "drawn world: activities", pictures: world.pictures };
  }
  const found = await readFolderPerClass(folders);
  if (perClass !== undefined) return { name: folders, ...splitPerClass(found, { train: perClass, seed }) };
  if (found.pictures.some(({ split }) => split)) return { name: folders, ...found };
  throw new UsageError(`${folders} has no train/ and test/: say with --per-class how many of each to learn from`);
}

async function writePage(folder: string, name: string, network: string, report: ActivityDiscovery): Promise<void> {
  const { task, timesChance, pointing } = report.findings;
  const sections = [
    {
      text:
        `A linear SVM on GAP features of ${network}, from image-level labels of ${name}: accuracy ` +
        `${estimate(task.accuracy)}, ${timesChance.toFixed(1)} times that of guessing. The maps are those of ` +
        `the activity that it predicts.`,
    },
    confusionChart(task.confusion),
    ...(pointing.length > 0 ? [activityChart(report)] : []),
    activityGrid(report, { each: Math.max(1, Math.floor(24 / task.classes)) }),
  ];
  await writeFile(join(folder, "index.html"), await htmlPage({ title: "What are they doing?", sections }));
}

/** Everything that the figures show, maps included. */
function documentOf(name: string, network: string, { findings, features, skipped, notes }: ActivityDiscovery) {
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
      map: {
        label: map.label,
        width: map.width,
        height: map.height,
        data: Array.from(map.data, (value) => Number(value.toPrecision(6))),
      },
    })),
    skipped: skippedJson(skipped),
    notes,
  };
}

function textOf(
  name: string,
  network: string,
  { findings }: ActivityDiscovery,
  { out, model }: DiscoverActivitiesFlags,
): string {
  const { task, timesChance, pointing } = findings;
  const { classes, train, test, accuracy, confusion } = task;
  const lines = [
    `${printable(name)}, ${printable(network)}`,
    `${classes} activities, learned from ${train} pictures, judged on ${test}`,
    `accuracy ${estimate(accuracy)}: ${timesChance.toFixed(1)} times chance`,
    ...tableOf(confusion, pointing),
    ...(pointing.length > 0 ? pointingLines(pointing[0]) : ["no picture says what its activity is done with"]),
  ];
  if (model !== undefined) lines.push(`wrote the probe to ${printable(model)}`);
  if (out !== undefined) lines.push(`wrote ${printable(join(out, "index.html"))}`);
  return `${lines.join("\n")}\n`;
}

function tableOf({ classes, counts }: ConfusionMatrix, pointing: readonly ActivityPointing[]): string[] {
  const width = Math.max(...classes.map((name) => printable(name).length));
  return classes.map((name, i) => {
    const total = counts[i].reduce((sum, count) => sum + count, 0);
    const right = total > 0 ? percent(counts[i][i] / total) : "–";
    const found = pointing.find(({ activity }) => activity === name);
    const peaks = found
      ? `   peak at the object ${percent(found.onTool.value)}, a random point of the person ${percent(found.personShare)}`
      : "";
    return `  ${printable(name).padEnd(width)}  ${right} right of ${total}${peaks}`;
  });
}

function pointingLines({ pictures, onTool, personShare, pictureShare, timesPerson, timesPicture }: ActivityPointing) {
  const times = ({ value, low, high }: Interval) =>
    `${value.toFixed(1)} times (${low.toFixed(1)} to ${high.toFixed(1)})`;
  return [
    `maps' peaks at what it is done with, ${pictures} pictures: ${estimate(onTool)}`,
    `  a random point of the person   ${percent(personShare)}: ${times(timesPerson)}`,
    `  a random point of the picture  ${percent(pictureShare)}: ${times(timesPicture)}`,
  ];
}

function estimate({ value, low, high }: Interval): string {
  return `${percent(value)} (${percent(low)} to ${percent(high)})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
