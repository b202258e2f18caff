import { statSync } from "node:fs";
import { drawWorld } from "../../../world/draw-world.js";
import type { AnswerModel } from "../../../kernel-helpers/discovery/answers/answer-model.js";
import { loadAnswerModel, saveAnswerModel } from "../../../kernel-helpers/discovery/answers/answer-model-file.js";
import {
  type Answered,
  ask,
  askSeen,
  checkSameNetwork,
  viewOfModel,
} from "../../../kernel-helpers/discovery/answers/ask.js";
import type { PhotoQuestion } from "../../../kernel-helpers/discovery/answers/photo-question.js";
import { readQuestions } from "../../../kernel-helpers/datasets/language/questions-json.js";
import { readWorld } from "../../../world/read-world.js";
import { type AnswersReport, testAnswers } from "../../../kernel-helpers/discovery/answers/test-answers.js";
import { trainAnswers } from "../../../kernel-helpers/discovery/answers/train-answers.js";
import { questionsOf } from "../../../kernel-helpers/discovery/answers/questions-of.js";
import { extractFeatures } from "../../../kernel-helpers/features/extract-features.js";
import type { FeatureTable } from "../../../kernel-helpers/features/feature-table.js";
import { USUAL_VIEWS } from "../../../kernel-helpers/discovery/usual-views.js";
import { inView } from "../../../kernel-helpers/networks/views/in-view.js";
import type { Network } from "../../../kernel-helpers/networks/network.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { answersView } from "../../../widgets/answers/answers.js";
import { percentText, signedText } from "../../../widgets/kit/text/numbers.js";
import { type FindingFlags, type NetworkFlags, openFlagged } from "../../network-flags.js";
import { networkJson } from "../../network-json.js";
import { tellNotes } from "../../notes.js";
import { mapJson } from "../../numbers.js";
import { ProgressBar } from "../../progress-bar.js";
import { skippedJson, tellSkipped } from "../../skipped.js";
import type { Watch } from "./run-discovery.js";
import { say } from "../../terminal.js";

interface QuestionFlags extends NetworkFlags {
  readonly annotations?: string;
  readonly images?: string;
  readonly seed: number;
  readonly json?: boolean;
}

/** Flags of `camlab discover answers train`, as parsed. */
export interface TrainAnswersFlags extends QuestionFlags {
  readonly out: string;
  readonly imageWeights?: "by opening" | "shared" | "none";
  readonly answers?: number;
  readonly leastPerAnswer?: number;
  readonly leastPerWord?: number;
  readonly leastPerOpening?: number;
  readonly cost?: number;
  readonly train?: number;
}

/** Flags of `camlab discover answers test`, as parsed. */
export interface TestAnswersFlags extends QuestionFlags {
  readonly model: string;
  readonly test?: number;
}

/** Flags of `camlab discover answers ask`, as parsed. */
export interface AskFlags extends FindingFlags {
  readonly model: string;
  readonly top: number;
}

/**
 * `camlab discover answers train`: learns answers and writes the model.
 *
 * @returns 0
 */
export async function trainAnswersCommand(
  path: string | undefined,
  flags: TrainAnswersFlags,
  signal: AbortSignal,
): Promise<number> {
  const { imageWeights, answers, leastPerAnswer, leastPerWord, leastPerOpening, cost: C, out, json } = flags;
  const bar = new ProgressBar(process.stderr);
  const progress = { signal, onProgress: bar.update };
  using opened = await openFlagged(flags);
  try {
    const network = await inView(opened, flags.view, USUAL_VIEWS.answers);
    const questions = await askedOf(path, flags, "train", { train: flags.train, test: 0 }, progress);
    const features = await featuresOf(network, questions, progress);
    const notes = { questions: path ?? `drawn, seed ${flags.seed}` };
    const options = {
      imageWeights,
      mostAnswers: answers,
      leastPerAnswer,
      leastPerWord,
      leastPerOpening,
      C,
      notes,
      ...progress,
    };
    const model = await trainAnswers(features, questions, options);
    await saveAnswerModel(model, out);
    bar.clear();
    const report = trainReport(out, network, questions, features, model);
    say(json ? `${JSON.stringify(report)}\n` : trainText(report));
    return 0;
  } finally {
    bar.clear();
  }
}

function trainReport(
  out: string,
  network: Network,
  asked: readonly PhotoQuestion[],
  { skipped }: FeatureTable,
  model: AnswerModel,
) {
  const unread = new Set(skipped.map(({ picture }) => picture));
  const { fit, questions, otherAnswers } = model.provenance;
  return {
    out,
    ...networkJson(network),
    questions,
    otherAnswers,
    withoutFeatures: asked.filter(({ answer, picture }) => answer !== undefined && unread.has(picture)).length,
    answers: model.answers.length,
    words: model.words.length,
    openings: model.openings.map(({ words }) => words),
    fit,
    skipped: skippedJson(skipped),
  };
}

function trainText(report: ReturnType<typeof trainReport>): string {
  const { out, questions, otherAnswers, answers, words, openings, fit } = report;
  const left = otherAnswers ? `; ${otherAnswers} questions with rarer answers were left out` : "";
  const stopped = fit.converged ? "" : "\nnot converged: the weights are not the best ones";
  return (
    `${answers} answers and ${words} words from ${questions} questions${left}; ${fit.steps} steps${stopped}\n` +
    `image weights for ${openings.map((opening) => (opening === "" ? "every question" : `“${printable(opening)} …”`)).join(", ")}\n` +
    `wrote ${printable(out)}\n`
  );
}

/**
 * `camlab discover answers test`: the VQA accuracy of a model.
 *
 * @returns 0
 */
export async function testAnswersCommand(
  path: string | undefined,
  flags: TestAnswersFlags,
  signal: AbortSignal,
): Promise<number> {
  const { seed, json } = flags;
  const model = await loadAnswerModel(flags.model);
  const bar = new ProgressBar(process.stderr);
  const progress = { signal, onProgress: bar.update };
  using network = await openFlagged({ ...flags, network: flags.network ?? model.provenance.features?.network });
  if (model.channels > 0) checkSameNetwork(model, network);
  const view = flags.view ?? viewOfModel(model, network);
  try {
    const questions = await askedOf(path, flags, "test", { train: 0, test: flags.test }, progress);
    const features = await featuresOf(await inView(network, view), questions, progress);
    const report = testAnswers(model, features, questions, { seed });
    bar.clear();
    const about = { model: flags.model, ...networkJson(network), ...report, skipped: skippedJson(features.skipped) };
    say(json ? `${JSON.stringify(about)}\n` : testText(report));
    return 0;
  } finally {
    bar.clear();
  }
}

function testText(report: AnswersReport): string {
  const { accuracy, byQuestionType, byAnswerType, questions, photos } = report;
  const lines = [
    `${questions.length} questions about ${photos === 1 ? "one photo" : `${photos} photos`}`,
    `accuracy by the VQA metric ${shown(accuracy)}`,
  ];
  for (const [title, kinds] of [
    ["by type of question", byQuestionType],
    ["by type of answer", byAnswerType],
  ] as const) {
    if (kinds.length === 0) continue;
    const column = Math.max(...kinds.map(({ kind }) => printable(kind).length));
    lines.push(title);
    for (const { kind, accuracy, questions } of kinds) {
      lines.push(`  ${printable(kind).padEnd(column)}  ${shown(accuracy)}  ${questions} questions`);
    }
  }
  for (const [count, what] of [
    [report.unanswerable, "ask for answers that the model does not have"],
    [report.unknownWords, "have words that the model does not know"],
    [report.noKnownWord, "have no word that the model knows"],
    [report.withoutAnswers, "were left out: nobody's answer is known"],
    [report.withoutFeatures, "were left out: their photo could not be read"],
  ] as const) {
    if (count > 0) lines.push(`${count} questions ${what}`);
  }
  return `${lines.join("\n")}\n`;
}

function shown({ value, low, high }: AnswersReport["accuracy"]): string {
  const percent = (share: number) => percentText(share, 1).padStart(7);
  return `${percent(value)}  (95 % interval ${percent(low)} to ${percent(high)})`;
}

/**
 * `camlab discover answers ask`: questions of one photo.
 *
 * @returns 0
 */
export async function askCommand(
  photo: string,
  questions: readonly string[],
  flags: AskFlags,
  signal: AbortSignal,
): Promise<number> {
  const { model: file, top, out, json } = flags;
  const model = await loadAnswerModel(file);
  using network = await openFlagged({ ...flags, network: flags.network ?? model.provenance.features?.network });
  const first = await ask(model, network, photo, questions[0], { top, signal });
  const answered = [first, ...questions.slice(1).map((question) => askSeen(model, first.seen, question, { top }))];
  if (out !== undefined) await answersView(answered).save(out);
  tellNotes(answered.flatMap(({ notes }) => notes));
  say(
    json
      ? `${JSON.stringify({ photo, ...networkJson(network), asked: answered.map(askedJson) })}\n`
      : answered.map(askedText).join(""),
  );
  return 0;
}

function askedJson({ question, words, opening, notes, answers }: Answered) {
  const given = answers.map(({ map, ...parts }) => ({ ...parts, map: mapJson(map) }));
  return { question, words, opening, notes, answers: given };
}

function askedText({ question, answers }: Answered): string {
  const column = Math.max(...answers.map(({ answer }) => printable(answer).length));
  const lines = answers.map(({ answer, probability, words, image }) => {
    const owes = [
      ...words.map(({ word, contribution }) => `${printable(word)} ${signedText(contribution)}`),
      `photo ${signedText(image)}`,
    ];
    return `  ${printable(answer).padEnd(column)}  ${percentText(probability, 1).padStart(7)}  ${owes.join("  ")}\n`;
  });
  return `${printable(question)}\n${lines.join("")}`;
}

/** The questions of a split; all when the layout has no splits. */
async function askedOf(
  path: string | undefined,
  { annotations, images, seed }: QuestionFlags,
  split: "train" | "test",
  drawn: { readonly train?: number; readonly test?: number },
  watch: Watch,
): Promise<PhotoQuestion[]> {
  const set =
    path === undefined
      ? await drawWorld("questions", { ...drawn, seed, ...watch })
      : await (isFolder(path) ? readWorld(path) : readQuestions(path, { annotations, images }));
  tellNotes(set.notes);
  const all = questionsOf(set);
  return all.some((question) => question.split) ? all.filter((question) => question.split === split) : all;
}

async function featuresOf(network: Network, questions: readonly PhotoQuestion[], watch: Watch): Promise<FeatureTable> {
  const features = await extractFeatures(network, new Set(questions.map(({ picture }) => picture)), watch);
  tellSkipped(features.skipped);
  return features;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
