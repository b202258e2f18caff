import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { CamlabError, messageOf } from "../../support/errors.js";
import { type Matrix, matrixOf } from "../../support/matrix.js";
import { AnswerModel, type AnswerModelParts } from "./answer-model.js";

/** What `toJSON` gives, as read from a file: not to be trusted yet. */
interface SavedModel extends Pick<AnswerModelParts, "answers" | "words" | "openings" | "provenance"> {
  readonly format: string;
  readonly version: number;
  readonly channels: number;
  readonly bias: number[];
  readonly meanFeatures: number[];
  readonly wordWeights: number[][];
  readonly imageWeights: number[][][];
}

/**
 * Saves an answerer as JSON that people can read: what it was made with first, then one line of weights a word and a
 * channel. Numbers keep six digits. The file appears whole or not at all.
 *
 * @throws CamlabError when the file cannot be written
 * @example
 * await saveAnswerModel(model, "answers.json");
 */
export async function saveAnswerModel(model: AnswerModel, path: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, modelText(model));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new CamlabError(`cannot save the model to ${path}: ${messageOf(error)}`);
  }
}

/**
 * Loads what `saveAnswerModel` saved.
 *
 * @throws CamlabError when the file cannot be read or is not a saved answerer
 * @example
 * const model = await loadAnswerModel("answers.json");
 */
export async function loadAnswerModel(path: string): Promise<AnswerModel> {
  let data: unknown;
  try {
    data = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new CamlabError(`cannot read an answer model from ${path}: ${messageOf(error)}`);
  }
  return answerModelFromJson(data, path);
}

/**
 * The model that `toJSON` gave as plain data.
 *
 * @param name what the data is called in an error
 * @throws CamlabError when the data is not a saved answerer
 * @example
 * answerModelFromJson(JSON.parse(JSON.stringify(model)));
 */
export function answerModelFromJson(data: unknown, name = "the data"): AnswerModel {
  const saved = data as Partial<SavedModel> | null;
  if (saved?.format !== "camlab answer model") throw new CamlabError(`${name} is not a saved answer model`);
  if (saved.version !== 1) {
    throw new CamlabError(`${name} is an answer model of version ${saved.version}: this camlab reads version 1`);
  }
  const { answers, words, openings, channels, provenance, bias, meanFeatures, wordWeights, imageWeights } = saved;
  if (
    !isTexts(answers) ||
    !isTexts(words) ||
    !openings?.every(({ words, parent }, g) => typeof words === "string" && parent < g && (g === 0) === parent < 0) ||
    openings.length === 0 ||
    !provenance ||
    !isRow(bias, answers.length) ||
    !isRow(meanFeatures, channels) ||
    !isTable(wordWeights, words.length, answers.length) ||
    imageWeights?.length !== openings.length ||
    !imageWeights.every((table) => isTable(table, meanFeatures.length, answers.length))
  ) {
    throw new CamlabError(`${name} is a damaged answer model: its parts do not fit together`);
  }
  const tableOf = (rows: number[][]): Matrix => ({ ...matrixOf(rows), columns: answers.length });
  return new AnswerModel({
    answers,
    words,
    openings,
    bias: Float32Array.from(bias),
    wordWeights: tableOf(wordWeights),
    imageWeights: imageWeights.map(tableOf),
    meanFeatures: Float32Array.from(meanFeatures),
    provenance,
  });
}

function modelText(model: AnswerModel): string {
  const { bias, meanFeatures, wordWeights, imageWeights, ...head } = model.toJSON() as unknown as SavedModel;
  const opening = JSON.stringify(head, null, 2).slice(0, -2);
  const lines = (rows: number[][], indent: string) => rows.map((row) => `${indent}${JSON.stringify(row)}`).join(",\n");
  const tables = imageWeights.map((rows) => `    [\n${lines(rows, "      ")}\n    ]`).join(",\n");
  return (
    `${opening},\n  "bias": ${JSON.stringify(bias)},\n  "meanFeatures": ${JSON.stringify(meanFeatures)},\n` +
    `  "wordWeights": [\n${lines(wordWeights, "    ")}\n  ],\n  "imageWeights": [\n${tables}\n  ]\n}\n`
  );
}

function isTexts(values: unknown): values is string[] {
  return Array.isArray(values) && values.every((value) => typeof value === "string");
}

function isRow(values: unknown, length: number | undefined): values is number[] {
  return Array.isArray(values) && values.length === length && values.every((value) => Number.isFinite(value));
}

function isTable(rows: unknown, count: number, columns: number): rows is number[][] {
  return Array.isArray(rows) && rows.length === count && rows.every((row) => isRow(row, columns));
}
