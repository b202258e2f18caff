import { existsSync } from "node:fs";
import { readCsvList } from "../../../kernel-helpers/datasets/classes/csv-list.js";
import { usualSvm } from "../../../kernel-helpers/discovery/new-task/usual-svm.js";
import { loadFeatures } from "../../../kernel-helpers/features/feature-files.js";
import type { FeatureTable } from "../../../kernel-helpers/features/feature-table.js";
import { matchLabels } from "../../../kernel-helpers/features/match-labels.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { rowOf } from "../../../kernel-helpers/support/matrix.js";
import { chooseC } from "../../../kernel-helpers/svm/choose-c.js";
import { loadLinearSvm, saveLinearSvm } from "../../../kernel-helpers/svm/linear-svm-file.js";
import type { LinearSvm } from "../../../kernel-helpers/svm/linear-svm.js";
import { accuracy, meanClassAccuracy } from "../../../kernel-helpers/svm/metrics/accuracy.js";
import { averagePrecision } from "../../../kernel-helpers/svm/metrics/average-precision.js";
import { confusionMatrix, type ConfusionMatrix } from "../../../kernel-helpers/svm/metrics/confusion-matrix.js";
import { shareOf } from "../../../kernel-helpers/svm/metrics/share-of.js";
import { trainLinearSvm } from "../../../kernel-helpers/svm/train-linear-svm.js";
import { confusionChart } from "../../../widgets/probes/confusion-chart.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { told } from "../../notes.js";
import { ProgressBar } from "../../progress-bar.js";
import { type StepsName, SVM_STEPS } from "../../svm-steps.js";
import { say } from "../../terminal.js";

/** Flags of `camlab probe train`, as parsed. */
export interface ProbeTrainFlags {
  readonly features: string;
  readonly labels?: string;
  readonly out: string;
  readonly split: string;
  readonly cost?: number | "choose";
  readonly loss: "squared-hinge" | "hinge";
  readonly steps?: StepsName;
  readonly json?: boolean;
}

/** Flags of `camlab probe test`, as parsed. */
export interface ProbeTestFlags {
  readonly features: string;
  readonly labels?: string;
  readonly model: string;
  readonly split: string;
  /** Where the confusion matrix is written: .html, .png, .svg or .json. */
  readonly out?: string;
  readonly json?: boolean;
}

/**
 * `camlab probe train`: a linear SVM on features, from image-level labels.
 *
 * @returns 0
 */
export async function probeTrainCommand(flags: ProbeTrainFlags, signal: AbortSignal): Promise<number> {
  const { features, labels, about } = await labelledPart(flags.features, flags.labels, flags.split);
  const bar = new ProgressBar(process.stderr);
  const usual = usualSvm(features.columns, flags.steps && SVM_STEPS[flags.steps]);
  const options = { loss: flags.loss, steps: usual.steps, signal, onProgress: bar.update };
  const chosen = flags.cost === "choose" ? await chooseC(features, labels, options) : undefined;
  const C = chosen?.C ?? (flags.cost as number | undefined) ?? usual.C;
  const notes = { file: flags.features, ...about };
  const svm = await trainLinearSvm(features, labels, { ...options, C, notes }).finally(() => bar.clear());
  await saveLinearSvm(svm, flags.out);
  const right = svm.kind === "multilabel" ? undefined : accuracy(svm.predict(features), labels as string[]);
  const { classes, channels, kind } = svm;
  const unfinished = svm.provenance.fits.filter(({ converged }) => !converged).length;
  const common = { out: flags.out, kind, classes, channels, rows: features.rows, C, trainAccuracy: right };
  const report = { ...common, unfinished, ...about };
  if (flags.json) say(`${JSON.stringify({ ...report, choice: chosen?.table })}\n`);
  else {
    const own = right === undefined ? "" : `, ${percentText(right, 1)} right on its own training images`;
    say(
      `${classes.length} classes from ${features.rows} images × ${channels} features, C = ${C}${own}; wrote ${printable(flags.out)}\n${aboutText(about)}${unfinishedText(unfinished, svm.weights.rows)}`,
    );
  }
  return 0;
}

/**
 * `camlab probe test`: how well a trained probe does on features with labels.
 *
 * @returns 0
 */
export async function probeTestCommand(flags: ProbeTestFlags): Promise<number> {
  const svm = await loadLinearSvm(flags.model);
  const { features, labels, about } = await labelledPart(flags.features, flags.labels, flags.split);
  const scores = scoresOf(svm, features, labels);
  const report = {
    model: flags.model,
    kind: svm.kind,
    rows: features.rows,
    seenInTraining: svm.wasTrainedOn(features).filter(Boolean).length,
    ...scores,
    ...about,
  };
  if (flags.out !== undefined) await saveConfusion(scores, svm, features, labels, flags.out);
  if (flags.json) say(`${JSON.stringify(report)}\n`);
  else say(testText(report) + aboutText(about) + (flags.out === undefined ? "" : `wrote ${printable(flags.out)}\n`));
  return 0;
}

/** The confusion matrix with the pictures of its cells, as far as their files are there. */
async function saveConfusion(
  scores: ReturnType<typeof scoresOf>,
  svm: LinearSvm,
  features: FeatureTable,
  labels: LabelledPart["labels"],
  out: string,
): Promise<void> {
  if (!("confusion" in scores) || !scores.confusion)
    throw new CamlabError("a probe of several labels a picture has no confusion matrix to write (leave --out away)");
  const predicted = svm.predict(features).map(String);
  const pictures = features.pictures.flatMap(({ file, region }, row) =>
    typeof file === "string" && region === undefined && existsSync(file)
      ? [{ file, truth: labels[row] as string, predicted: predicted[row] }]
      : [],
  );
  await confusionChart(scores.confusion, { pictures }).save(out);
}

/** What was left out when labels met features. */
interface About {
  readonly split: string;
  /** Files of the features that the list does not name. */
  readonly unlisted: number;
  /** Images of the list that there are no features of. */
  readonly missing: number;
}

interface LabelledPart {
  readonly features: FeatureTable;
  readonly labels: readonly string[] | readonly (readonly string[])[];
  readonly about: About;
}

/** The rows of a split with their labels; of all rows when neither the list nor the features have splits. */
async function labelledPart(path: string, list: string | undefined, split: string): Promise<LabelledPart> {
  const table = await loadFeatures(path);
  const { features, labels, unlisted, missing } =
    list === undefined
      ? { features: table, labels: ownLabels(table), unlisted: [], missing: [] }
      : matchLabels(table, told(await readCsvList(list)));
  const divided = features.pictures.some((picture) => picture.split !== undefined);
  const wanted = features.pictures.flatMap((picture, row) => (!divided || picture.split === split ? [row] : []));
  // The message names the splits that there are.
  if (wanted.length === 0) features.ofSplit(split);
  return {
    features: features.select(wanted),
    labels: wanted.map((row) => labels[row]) as readonly string[],
    about: { split: divided ? split : "all", unlisted: unlisted.length, missing: missing.length },
  };
}

function ownLabels(table: FeatureTable): LabelledPart["labels"] {
  const { pictures } = table;
  if (pictures.some(({ labels }) => labels)) return pictures.map(({ labels }) => labels ?? []);
  if (pictures.some(({ label }) => label !== undefined)) return table.labels;
  throw new CamlabError("the features have no labels: give a list with --labels image,label[,split]");
}

function scoresOf(svm: LinearSvm, features: FeatureTable, given: LabelledPart["labels"]) {
  // Numbers are labels, too: classes are met by their names.
  const labels = given.map((label) => [label].flat().map(String));
  const has = (row: number, name: string) => labels[row].includes(name);
  const values = svm.decisionValues(features);
  const names = svm.classes.map(String);
  const problems = svm.kind === "binary" ? [names[1]] : names;
  const precisions = problems.map((name, k) => {
    const relevant = labels.map((_, row) => has(row, name));
    const scores = labels.map((_, row) => rowOf(values, row)[k]);
    return { class: name, averagePrecision: averagePrecision(scores, relevant), rows: relevant.filter(Boolean).length };
  });
  const present = precisions.filter(({ rows }) => rows > 0);
  const mean = present.reduce((sum, { averagePrecision: one }) => sum + one, 0) / Math.max(1, present.length);
  const common = { classes: precisions, meanAveragePrecision: mean };
  if (svm.kind === "multilabel") return common;
  const predicted = svm.predict(features).map(String);
  const truth = labels.map(([label]) => label);
  return {
    ...common,
    accuracy: shareOf(truth.map((label, row) => label === predicted[row])),
    meanClassAccuracy: meanClassAccuracy(predicted, truth),
    confusion: confusionMatrix({ truth, predicted, classes: [...new Set([...names, ...truth])] }),
  };
}

type TestReport = { readonly rows: number; readonly seenInTraining: number } & ReturnType<typeof scoresOf>;

function testText(report: TestReport): string {
  const { rows, seenInTraining: seen } = report;
  const which = seen === rows ? "All" : `${seen} of ${rows}`;
  const warning = `${which} images have the very features of ones that the probe was trained on: there it says what it remembers, not how well it recognises.`;
  const lines = [...(seen > 0 ? [warning] : []), `${rows} images`];
  if ("accuracy" in report && report.accuracy) {
    const { value, low, high } = report.accuracy;
    lines.push(
      `accuracy               ${percentText(value, 1)}  (95 % interval ${percentText(low, 1)} to ${percentText(high, 1)})`,
    );
    lines.push(`mean class accuracy    ${percentText(report.meanClassAccuracy, 1)}`);
  }
  lines.push(`mean average precision ${percentText(report.meanAveragePrecision, 1)}`);
  const column = Math.max(...report.classes.map(({ class: name }) => printable(name).length));
  lines.push("average precision by class, and the images of it:");
  for (const { class: name, averagePrecision: one, rows } of report.classes) {
    lines.push(`  ${printable(name).padEnd(column)}  ${percentText(one, 1).padStart(7)}  of ${rows} images`);
  }
  if ("confusion" in report && report.confusion) lines.push(...confusionLines(report.confusion));
  return `${lines.join("\n")}\n`;
}

/** Tables wider than this are no help in a terminal: then the pairs that are confused most often. */
const WIDEST_TABLE = 12;
const MOST_PAIRS = 10;

function confusionLines({ classes, counts }: ConfusionMatrix): string[] {
  const names = classes.map((name) => printable(name));
  if (names.length > WIDEST_TABLE) {
    const pairs = counts.flatMap((row, i) => row.map((count, j) => ({ count, i, j })));
    const wrong = pairs.filter(({ count, i, j }) => i !== j && count > 0).sort((a, b) => b.count - a.count);
    if (wrong.length === 0) return ["no class was taken for another"];
    const shown = wrong.slice(0, MOST_PAIRS).map(({ count, i, j }) => `  ${names[i]} taken for ${names[j]}: ${count}`);
    return ["taken for another class most often:", ...shown];
  }
  const name = Math.max(...names.map((text) => text.length));
  const widths = names.map((text, j) => Math.max(text.length, ...counts.map((row) => String(row[j]).length)));
  const line = (first: string, cells: readonly string[]) =>
    `  ${first.padEnd(name)}  ${cells.map((cell, j) => cell.padStart(widths[j])).join("  ")}`;
  return [
    "a row is a true class, a column what its images were taken for:",
    line("", names),
    ...counts.map((row, i) => line(names[i], row.map(String))),
  ];
}

function aboutText({ unlisted, missing }: About): string {
  return (
    (unlisted > 0 ? `${unlisted} images of the features are not in the list: left out\n` : "") +
    (missing > 0 ? `${missing} images of the list have no features: left out\n` : "")
  );
}

function unfinishedText(unfinished: number, problems: number): string {
  if (unfinished === 0) return "";
  return `${unfinished} of ${problems} problems stopped short of the tolerance: take a smaller C, or --steps standardise\n`;
}
